"""The local side of stores of kind azure."""
