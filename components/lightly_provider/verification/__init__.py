"""What Lightly, probes and proofs say, put together to lights, each with its cause."""
