"""Stores of kind azure in the sandbox."""
