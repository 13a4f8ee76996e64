"""Runs a scenario on one engine, writes down what happened in a form free of chance, and compares two such records."""
