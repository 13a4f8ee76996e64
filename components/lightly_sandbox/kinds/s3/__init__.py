"""The local side of stores of kind s3."""
