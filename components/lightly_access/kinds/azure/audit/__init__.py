"""What a SAS token and its stored policy say, and how it compares with what Lightly needs."""
