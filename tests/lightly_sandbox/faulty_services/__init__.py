"""Servers of the rehearsal that lie in one thing each; a rehearsal on one of them must fail."""
