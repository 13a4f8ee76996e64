"""A dataset goes from one stack to another: its resources in both states, its entry in both manifests."""
