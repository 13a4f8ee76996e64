"""Stores of kind gcs in the sandbox."""
