"""The ids of stored access policies: what is asked for is deterministic, what is made never comes back.

A token says nothing but its policy's id, so an id that came back, with a text of `rotate_now` or a dataset that was
taken out, would bring to life what was ended
(https://learn.microsoft.com/rest/api/storageservices/define-stored-access-policy).
"""

import re
import secrets

from lightly_core.azure import POLICY_ID_LIMIT

from lightly_access.naming import physical_name

_OURS = re.compile("(?:[a-z0-9-]+-)?(input|lightly)-[a-z2-7]{10}-([0-9a-f]{8})")
_LETTERS, _LENGTH = "abcdefghijklmnopqrstuvwxyz234567", 12  # 60 bits
_SALTED = re.compile(f"(.+)-[a-z2-7]{{{_LENGTH}}}")


def policy_id(project: str, stack: str, dataset: str, purpose: str, mark: str) -> str:
    """What is asked for: another one for each credential, as `mark` says."""
    stem = physical_name(project, stack, dataset, purpose, limit=POLICY_ID_LIMIT - len(mark) - 1)
    return f"{stem}-{mark}"


def same_credential(one: str, other: str) -> bool:
    """Whether both are ours, for one purpose and of one period: they then differ in what the dataset is called."""
    found = _OURS.fullmatch(one), _OURS.fullmatch(other)
    return found[0] is not None and found[1] is not None and found[0].groups() == found[1].groups()


def fresh_id(asked: str) -> str:
    """An id for it that no policy ever had: it ends in a part by chance, and where it is too long its head is cut."""
    return f"{_room(asked)}-{''.join(secrets.choice(_LETTERS) for _ in range(_LENGTH))}"


def is_of(made: str, asked: str) -> bool:
    """Whether this policy was made for what is asked; version 0.1.0 made it under that very id."""
    salted = _SALTED.fullmatch(made)
    return made == asked or (salted is not None and salted[1] == _room(asked))


def same_datasource(one: str, other: str) -> bool:
    """Whether both are policies of one datasource, of whatever period."""
    return one != other and _datasource(one) == _datasource(other) != ""


def _datasource(made: str) -> str:
    salted = _SALTED.fullmatch(made)
    return _room(salted[1] if salted else made).rpartition("-")[0]


def _room(asked: str) -> str:
    return asked[-(POLICY_ID_LIMIT - _LENGTH - 1) :].lstrip("-_")
