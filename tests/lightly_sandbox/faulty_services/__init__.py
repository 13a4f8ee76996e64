"""Servers of the rehearsal with one fault each; a rehearsal on one of them must fail."""
