"""Credentials that datasources share: within a dataset, and between datasets of Lightly's. Pure."""

from collections.abc import Iterable, Iterator

from lightly_core.capability import Purpose

from lightly_access.audit.finding import Finding, Severity
from lightly_access.audit.lightly import Known
from lightly_access.audit.registered import Registered

_SECRETS = {"externalId": "external ID", "sasToken": "SAS token"}


def shared_findings(mine: Known, others: Iterable[Known]) -> Iterator[Finding]:
    """What INPUT and LIGHTLY share, then what each shares with other datasets. No value is shown."""
    first, second = (mine.datasources.get(purpose) for purpose in (Purpose.INPUT, Purpose.LIGHTLY))
    if first and second:
        yield from _within(mine, first, second)
    for purpose, source in mine.datasources.items():
        for word in ("identity", *_SECRETS):
            users = [
                other.name for other in others if any(_same(source, it, word) for it in other.datasources.values())
            ]
            if users:
                yield _between(purpose, word, source, users)


def _same(one: Registered, two: Registered, word: str) -> bool:
    if word == "identity":
        return bool(one.identity) and one.identity == two.identity
    secrets = one.secrets.get(word), two.secrets.get(word)
    return secrets[0] is not None and secrets[0] == secrets[1]


def _within(mine: Known, first: Registered, second: Registered) -> Iterator[Finding]:
    where = f"dataset {mine.name}"
    if _same(first, second, "identity") or _same(first, second, "sasToken"):
        who = first.identity or "one SAS token"
        what = f"INPUT and LIGHTLY get in by the same {first.access} credential, {who}"
        why = "what LIGHTLY may write, INPUT may write too; and one cannot be taken back without the other"
        yield Finding(Severity.HIGH, "shared-identity", what, where, why, "give each purpose an identity of its own")
    elif _same(first, second, "externalId"):
        why = "whoever learns a shared one gets in through both roles"
        yield Finding(Severity.HIGH, "external-id-shared", "two roles have one external ID", where, why, "one each")


def _between(purpose: Purpose, word: str, source: Registered, users: list[str]) -> Finding:
    what = f"its {source.identity or 'identity'}" if word == "identity" else f"its {_SECRETS[word]}"
    rule = {"identity": "shared-identity", "externalId": "external-id-shared"}.get(word, "shared-secret")
    return Finding(
        Severity.HIGH,
        rule,
        f"{what} also serves {', '.join(users)}",
        source.path,
        "what leaks of one dataset opens the others, and none can be taken back alone",
        "give each datasource an identity and an external ID of its own",
        str(purpose),
    )
