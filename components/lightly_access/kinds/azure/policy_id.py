"""The ids of stored access policies: deterministic, so that what a killed run left is found again."""

import re

from lightly_core.azure import POLICY_ID_LIMIT

from lightly_access.naming import physical_name

_OURS = re.compile("(?:[a-z0-9-]+-)?(input|lightly)-[a-z2-7]{10}-([0-9a-f]{8})")


def policy_id(project: str, stack: str, dataset: str, purpose: str, mark: str) -> str:
    """Another one for each credential, as `mark` says: a name that came back would bring the old token back to life,
    because a token says nothing but its policy's name
    (https://learn.microsoft.com/rest/api/storageservices/define-stored-access-policy)."""
    stem = physical_name(project, stack, dataset, purpose, limit=POLICY_ID_LIMIT - len(mark) - 1)
    return f"{stem}-{mark}"


def same_credential(one: str, other: str) -> bool:
    """Whether both are ours, for one purpose and of one period: they then differ in what the dataset is called."""
    found = _OURS.fullmatch(one), _OURS.fullmatch(other)
    return found[0] is not None and found[1] is not None and found[0].groups() == found[1].groups()
