"""Lightly's REST API: client, retries, errors, registrations. No Pulumi."""
