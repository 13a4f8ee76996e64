"""The ids of stored access policies: what is asked for is deterministic, what is made never comes back.

A token says nothing but its policy's id, so an id that came back, with a text of `rotate_now` or a dataset that was
taken out, would bring to life what was ended
(https://learn.microsoft.com/rest/api/storageservices/define-stored-access-policy).
"""

import re
import secrets

from lightly_core.azure import POLICY_ID_LIMIT

from lightly_access.naming import physical_name, short_hash

_OURS = re.compile("(?:[a-z0-9-]+-)?(input|lightly)-[a-z2-7]{10}-([0-9a-f]{8})")
_LETTERS, _LENGTH = "abcdefghijklmnopqrstuvwxyz234567", 12
_TAG = 4
"""So many of them say what the tokens cover; the others are 40 bits by chance."""
_SALTED = re.compile(f"(.+)-([a-z2-7]{{{_LENGTH}}})")


def policy_id(project: str, stack: str, dataset: str, purpose: str, mark: str) -> str:
    """What is asked for: another one for each credential, as `mark` says."""
    stem = physical_name(project, stack, dataset, purpose, limit=POLICY_ID_LIMIT - len(mark) - 1)
    return f"{stem}-{mark}"


def same_credential(one: str, other: str) -> bool:
    """Whether both are ours, for one purpose and of one period: they then differ in what the dataset is called."""
    found = _OURS.fullmatch(one), _OURS.fullmatch(other)
    return found[0] is not None and found[1] is not None and found[0].groups() == found[1].groups()


def fresh_id(asked: str, covers: str = "") -> str:
    """An id for it that no policy ever had: it ends in a part by chance, and where it is too long its head is cut.

    `covers` is the directory that its tokens are signed for, empty for the container: a token for a wider one must not
    live on by the policy of a narrower one, and nothing but the id says which it was made for.
    """
    return f"{_room(asked)}-{_tag(covers)}{''.join(secrets.choice(_LETTERS) for _ in range(_LENGTH - _TAG))}"


def is_of(made: str, asked: str, covers: str = "") -> bool:
    """Whether this policy was made for what is asked, so that its tokens cover no other directory than `covers`.

    Version 0.1.0 made it under that very id, which says nothing of a directory: for one it is not taken.
    """
    salted = _SALTED.fullmatch(made)
    return (made == asked and not covers) or (
        salted is not None and salted[1] == _room(asked) and salted[2].startswith(_tag(covers))
    )


def same_datasource(one: str, other: str) -> bool:
    """Whether both are policies of one datasource, of whatever period."""
    return one != other and _datasource(one) == _datasource(other) != ""


def _datasource(made: str) -> str:
    salted = _SALTED.fullmatch(made)
    return _room(salted[1] if salted else made).rpartition("-")[0]


def _tag(covers: str) -> str:
    return short_hash(covers, _TAG)


def _room(asked: str) -> str:
    return asked[-(POLICY_ID_LIMIT - _LENGTH - 1) :].lstrip("-_")
