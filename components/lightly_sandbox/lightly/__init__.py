"""A local Lightly: the part of https://api.lightly.ai that the client `lightly==1.5.26` speaks, on this machine.

It answers in the client's own models, refuses what they refuse (in messages of its own: importing the client takes a
second and needs numpy and Pillow, and a test holds both to each other), and its verification really uses the registered
credentials. Everything is held in memory. Read it in this order: `models` (what may be said), `store` (what is
known), `verify` (what a credential can do), `faults` (how it may misbehave on request), `app` (the calls).
"""
