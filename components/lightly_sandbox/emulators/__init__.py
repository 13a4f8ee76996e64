"""Local clouds that refuse what the real ones refuse."""
