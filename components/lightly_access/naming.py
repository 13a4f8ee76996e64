"""Names in the cloud, and when a credential's time is over: pure functions of what they are made from.

Physical names are deterministic, so that what a killed deployment left behind is found again, and end in a hash of
their parts, so that they differ even after they were cut, cleaned of characters that IAM refuses, or joined elsewhere.
"""

import hashlib
import json
import re
from base64 import b32encode
from datetime import date, timedelta

from lightly_core.aws import ROLE_NAME_LIMIT

_HASH_LENGTH = 10  # of base 32: 50 bits, one collision in a million datasets has odds of 1 in 2000
_NOT_PLAIN = re.compile(r"[^a-z0-9]+")


def physical_name(project: str, stack: str, dataset: str, purpose: str, *, limit: int = ROLE_NAME_LIMIT) -> str:
    """`<project>-<stack>-<dataset>-<purpose>-<hash>`, at most `limit` characters of a-z 0-9 and -.

    Lower case only: IAM takes names that differ only in case for the same
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html), and the hash, of the parts as they
    were written, keeps `Cows` and `cows` apart. What is cut is the middle; the purpose stays readable.

    Raises ValueError when `limit` leaves no room for more than the hash.
    """
    parts = json.dumps([project, stack, dataset, purpose])
    digest = short_hash(parts, _HASH_LENGTH)
    tail = "-".join(word for word in (_plain(purpose)[:8], digest) if word)
    room = limit - len(tail) - 1
    if room < 1:
        raise ValueError(f"limit: got {limit}, expected at least {len(tail) + 2}")
    head = _plain(f"{project}-{stack}-{dataset}")[:room].strip("-")
    return f"{head}-{tail}" if head else tail


def short_hash(text: str, length: int) -> str:
    """So many characters of a-z and 2-7, five bits each, that differ with the text."""
    return b32encode(hashlib.sha256(text.encode()).digest()).decode().lower()[:length]


def access_name(dataset: str, purpose: str) -> str:
    """The name of an access in the stack."""
    return f"{dataset}-{purpose.lower()}-access"


def name_pattern(project: str, stack: str, *, limit: int = ROLE_NAME_LIMIT) -> str:
    """The IAM pattern of the physical names of a stack, whatever the dataset and purpose: `<project>-<stack>-*`.

    Names of a stack whose name goes on where this one's ends (`prod`, `prod-eu`) match it too.
    """
    whole = _plain(f"{project}-{stack}")
    room = limit - len("-lightly-") - _HASH_LENGTH
    if len(whole) > room:  # what is cut of every name begins here or earlier
        return f"{whole[:room].strip('-')}*"
    return f"{whole}-*" if whole else "*"


def _plain(text: str) -> str:
    return _NOT_PLAIN.sub("-", text.lower()).strip("-")


def rotation_slot(today: date, anchor: date, days: int) -> int:
    """Which period of `days` days, counted from `anchor`, a day lies in; below 0 before the anchor.

    A credential belongs to a slot: the first deployment in a new slot replaces it, however often it runs.
    Raises ValueError when `days` is not positive.
    """
    if days < 1:
        raise ValueError(f"days: got {days}, expected at least 1")
    return (today - anchor).days // days


def rotation_due(today: date, anchor: date, days: int) -> date:
    """The first day of the next slot: a deployment on or after it replaces the credential of today."""
    try:
        return anchor + timedelta(days=(rotation_slot(today, anchor, days) + 1) * days)
    except OverflowError:
        return date.max
