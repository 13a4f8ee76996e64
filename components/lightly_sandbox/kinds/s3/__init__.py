"""Stores of kind s3 in the sandbox."""
