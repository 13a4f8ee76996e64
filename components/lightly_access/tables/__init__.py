"""What the manifest and every kind of store share: how a table's values are written, checked and placed."""
