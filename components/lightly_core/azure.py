"""What Azure allows, where both the manifest and the tokens that are made ask for it; the only place."""

from datetime import timedelta

LONGEST_DELEGATION = timedelta(days=7)
"""The longest life of a user-delegation key
(https://learn.microsoft.com/rest/api/storageservices/create-user-delegation-sas)."""

POLICIES_A_CONTAINER = 5
"""Stored access policies that a container can have
(https://learn.microsoft.com/rest/api/storageservices/define-stored-access-policy)."""

POLICY_ID_LIMIT = 64
"""Characters of a policy's id, by the same page."""
