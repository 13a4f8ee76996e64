"""Judges: what a document permits, decided as the cloud's own documentation says, with no cloud at hand."""
