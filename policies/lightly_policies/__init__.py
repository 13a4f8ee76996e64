"""What Lightly may do, as documents that can be read, rendered and evaluated."""
