"""The local side of stores of kind gcs."""
