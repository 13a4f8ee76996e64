"""How a deployed stack stands, read from its state alone: lights as of when, and when each credential ends."""
