"""The end of an access, and a receipt of what was shown of it."""
