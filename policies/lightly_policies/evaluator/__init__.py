"""The policy evaluator: what a document permits, decided as the cloud's documentation says, with no cloud at hand."""
