"""What exists in Google Cloud, and how it compares with what Lightly needs."""
