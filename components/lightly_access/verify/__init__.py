"""What a deployed stack's lights are now, beside what they were when they were verified last."""
