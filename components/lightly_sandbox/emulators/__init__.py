"""What every server of the sandbox stands on: the local clouds and the local Lightly.

Read it in this order: `messages` (a request and an answer), `server` (the socket), `routes` (which call goes where),
`clock`, `faults` (how a server may misbehave on request), `counts`, and `control` (how the parent asks for all of it).
"""
