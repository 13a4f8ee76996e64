"""The mounts over HTTP."""
