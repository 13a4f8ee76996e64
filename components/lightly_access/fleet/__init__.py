"""The stacks that deploy the shards of one manifest: what they rely on of each other."""
