"""`rig`, a small provider made to be watched: its cloud is a file, and every call is written to a journal."""
