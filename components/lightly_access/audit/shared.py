"""Credentials that datasources share: within a dataset, and between datasets of Lightly's. Pure."""

from collections.abc import Iterable, Iterator

from lightly_core.capability import Purpose
from lightly_core.directory import contains

from lightly_access.audit.finding import Finding, Severity
from lightly_access.audit.lightly import Known
from lightly_access.audit.registered import Registered
from lightly_access.kinds import registry
from lightly_access.kinds.access_kind import SharedSecret


def shared_findings(mine: Known, others: Iterable[Known]) -> Iterator[Finding]:
    """What INPUT and LIGHTLY share, then what each shares with other datasets. No value is shown."""
    first, second = (mine.datasources.get(purpose) for purpose in (Purpose.INPUT, Purpose.LIGHTLY))
    if first and second:
        yield from _within(mine, first, second)
    compared = list(others)
    yield from _one_place(mine, compared)
    for source in mine.datasources.values():
        users = [other.name for other in compared if any(_same(source, each) for each in other.datasources.values())]
        if users:
            yield _between(source, f"its {source.identity or 'identity'}", "shared-identity", users)
        for secret in _secrets():
            users = [
                other.name
                for other in compared
                if any(_same_secret(source, each, secret) for each in other.datasources.values())
            ]
            if users:
                yield _between(source, f"its {secret.word}", secret.rule, users)


def _secrets() -> list[SharedSecret]:
    return [access.shared for access in registry.accesses().values() if access.shared]


def _same(one: Registered, two: Registered) -> bool:
    return bool(one.identity) and one.identity == two.identity


def _same_secret(one: Registered, two: Registered, secret: SharedSecret) -> bool:
    secrets = one.secrets.get(secret.property), two.secrets.get(secret.property)
    return secrets[0] is not None and secrets[0] == secrets[1]


def _shared(one: Registered, two: Registered) -> SharedSecret | None:
    return next((secret for secret in _secrets() if _same_secret(one, two, secret)), None)


def _within(mine: Known, first: Registered, second: Registered) -> Iterator[Finding]:
    where, shared = f"dataset {mine.name}", _shared(first, second)
    if _same(first, second) or (shared and not shared.within):
        who = first.identity or f"one {shared.word if shared else 'secret'}"
        what = f"INPUT and LIGHTLY get in by the same {first.access} credential, {who}"
        why = "what LIGHTLY may write, INPUT may write too; and one cannot be taken back without the other"
        yield Finding(Severity.HIGH, "shared-identity", what, where, why, "give each purpose an identity of its own")
    elif shared and shared.within:
        what, why = shared.within
        yield Finding(Severity.HIGH, shared.rule, what, where, why, "one each")


def _one_place(mine: Known, others: Iterable[Known]) -> Iterator[Finding]:
    """Where Lightly writes for one dataset what another one has, whichever directory contains the other."""
    for source in mine.datasources.values():
        for other in others:
            for theirs in other.datasources.values():
                writes = Purpose.LIGHTLY in (source.purpose, theirs.purpose)
                if writes and source.kind == theirs.kind and source.names == theirs.names and _nested(source, theirs):
                    yield Finding(
                        Severity.HIGH,
                        "shared-directory",
                        f"{theirs.purpose} of dataset {other.name} is {theirs.path}, too",
                        source.path,
                        "what Lightly writes for the one is given as data, overwritten or deleted for the other",
                        "give each datasource a directory of its own, and find out who registered the other one",
                        str(source.purpose),
                    )


def _nested(one: Registered, other: Registered) -> bool:
    return contains(one.directory, other.directory) or contains(other.directory, one.directory)


def _between(source: Registered, what: str, rule: str, users: list[str]) -> Finding:
    return Finding(
        Severity.HIGH,
        rule,
        f"{what} also serves {', '.join(users)}",
        source.path,
        "what leaks of one dataset opens the others, and none can be taken back alone",
        "give each datasource an identity and an external ID of its own",
        str(source.purpose),
    )
