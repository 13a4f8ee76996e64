"""Runs that are killed at each of their calls, for every kind of store, and what becomes of them."""
