"""A sixth kind of store, `memory`, in one folder: what a kind must supply, and nothing of ours is touched for it."""
