"""Logs of deployments: made readable, whoever wrote them down; and the red lights in them, in our own words."""
