"""The pipelines that `init --ci` writes: what stands in them, and each of their shell lines at work."""
