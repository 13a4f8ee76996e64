"""The reference pages in docs/reference, made of what the code says of itself: `python -m tools.reference`."""
