"""One file a kind of credential: how a verification is given it, and the client that uses it."""
