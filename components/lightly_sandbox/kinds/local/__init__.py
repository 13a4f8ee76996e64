"""Stores of kind local in the sandbox."""
