"""Stores of kind obs in the sandbox."""
