"""One kind of store a file: the store, and its accesses."""
