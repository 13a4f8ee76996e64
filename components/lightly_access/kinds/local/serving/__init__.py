"""Serving the two mounts to Lightly's web application, as https://docs.lightly.ai/docs/local-storage asks.

mounts   which file a path means, or why none        ranges   which bytes of it
answer   status and headers (pure)                   app      the few lines between granian and those
server   port, TLS, start and stop                   nginx    the same rules as an nginx configuration
"""
