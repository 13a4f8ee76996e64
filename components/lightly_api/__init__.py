"""Lightly's REST API: client, retries, errors, the form of a registration. No Pulumi."""
