"""One kind of store a file: the store, and the ways in."""
