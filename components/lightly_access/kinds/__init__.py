"""The kinds of store: one folder each, and what they have in common."""
