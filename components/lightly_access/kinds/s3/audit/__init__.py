"""What exists in AWS, and how it compares with what Lightly needs."""
