"""The arguments of what users import: one table each, read from its TypedDict or its row, and one check of them all."""
