"""Which credentials of a dataset a rotation replaces, and why not the others. Pure."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from lightly_core.capability import Purpose

from lightly_access.kinds import registry
from lightly_access.manifest import Dataset
from lightly_access.secret_refs import SECRETS_NAMESPACE, variable
from lightly_access.tables.datasource import Datasource

KEY = "rotate_now"


@dataclass(frozen=True, slots=True)
class Planned:
    """One datasource: `unrotated` says why nothing of it is replaced, None where its credential is."""

    purpose: Purpose
    access: str
    now: str | None
    unrotated: str | None


def planned(dataset: Dataset, purposes: Iterable[Purpose]) -> tuple[Planned, ...]:
    """The datasources of these purposes."""
    sources = {purpose: dataset.sources[purpose] for purpose in purposes}
    return tuple(
        Planned(purpose, source.access, source.rotate_now, _unrotated(source)) for purpose, source in sources.items()
    )


def _unrotated(source: Datasource) -> str | None:
    access = registry.accesses()[source.access]
    if source.made_elsewhere and source.secret is not None:
        if (name := variable(source.secret)) is not None:
            put = f"give it in {name}"
        else:
            put = f"`pulumi config set --secret {SECRETS_NAMESPACE}:{source.secret}`"
        return f"its {access.credential} was made elsewhere: make a new one there, {put}, `pulumi up`, end the old one"
    if source.made_elsewhere:
        return "its role was made elsewhere: whoever made it changes its external ID, and you the secret that names it"
    return access.unrotated


def text_of(moment: datetime, now: str | None) -> str:
    """What `rotate_now` becomes: when that was, and never what it is."""
    text = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return text if text != now else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def text_of_leak(identity: str) -> str:
    """What `rotate_now` becomes when this credential is out: the same however often it is said, and no id in it."""
    return f"leaked-{_digest(identity)}"


def text_of_revocation(identity: str) -> str:
    """What `rotate_now` becomes when this one was ended for good, so that the access comes back with another one."""
    return f"revoked-{_digest(identity)}"


def _digest(identity: str) -> str:
    return hashlib.sha256(identity.encode()).hexdigest()[:12]
