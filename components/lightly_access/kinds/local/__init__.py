"""Folders of a machine: the worker mounts them, nothing leaves it."""
