"""Credentials that the next deployment makes in the place of others, and why. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from lightly_access.deployed.stack import DeployedDatasource
from lightly_access.kinds import registry
from lightly_access.manifest import Manifest, Problem
from lightly_access.rotation import Period
from lightly_access.tables.datasource import Datasource
from lightly_access.tables.problem import Where

Before = Mapping[str, Sequence[DeployedDatasource]]
"""Dataset -> its datasources as they are deployed."""

_SAFE = "Lightly keeps working: the new one is registered and verified before the old one ends"
_STAYS = "what you gave is not used any more, and still works: end it where it was made"
_GIVEN, _MADE = "a credential that you give", "one that we make"
_THEIRS = ("adopted ", "external ", "given ")
"""How the kind of a credential begins that somebody else made; the last one in version 0.1.0."""


def other_access(manifest: Manifest, before: Before) -> Iterator[Problem]:
    """What Lightly gets in with is another kind of thing now, or somebody else's, or no longer."""
    for where, source, old in _pairs(manifest, before):
        if old.access and old.access != source.access:
            yield Problem((*where, "access"), source.access, f"{old.access}, which is deployed", _ends(source, old))
        elif old.credential.kind and source.made_elsewhere is not _theirs(old):
            got, was = (_GIVEN, _MADE) if source.made_elsewhere else (_MADE, _GIVEN)
            yield Problem(where, got, f"{was}, which is deployed", _ends(source, old))
        elif old.credential.method and not source.made_elsewhere and old.credential.method != source.sas:
            was = f"one by {old.credential.method}, which is deployed"
            yield Problem(where, f"{_word(source.access)} by {source.sas}", was, _ends(source, old))


def rotated(manifest: Manifest, before: Before, today: date) -> Iterator[Problem]:
    """A credential of ours whose time is over, or of which the manifest says so."""
    for where, source, old in _pairs(manifest, before):
        held = old.credential
        if held.due is None or source.access != old.access or source.made_elsewhere:
            continue
        hint = f"the next `pulumi up` replaces the deployed one, {_word(source.access)}; {_SAFE}"
        if held.due <= today:
            yield Problem((*where, "rotate_after"), f"a rotation that is due since {held.due}", "none yet", hint)
        elif held.period and held.period.partition("/")[2] != (source.rotate_now or ""):
            yield Problem((*where, "rotate_now"), "another text", "the one that is deployed", hint)
        elif held.period and held.period != _period(source, today).trigger:
            expected = f"the one that is deployed, which ends at {held.due}"
            yield Problem((*where, "rotate_after"), "another period", expected, hint)


def _period(source: Datasource, today: date) -> Period:
    days, anchor, now = source.rotate_after, source.rotate_anchor, source.rotate_now or ""
    return Period.of({"rotate_after": days, "rotate_anchor": anchor, "rotate_now": now}, today)


def _pairs(manifest: Manifest, before: Before) -> Iterator[tuple[Where, Datasource, DeployedDatasource]]:
    for key, dataset in manifest.datasets.items():
        known = next((each for each in (key, *dataset.aliases) if each in before), None)
        for old in before[known] if known is not None and not dataset.revoked else ():
            yield ("datasets", key, old.purpose.lower()), dataset.sources[old.purpose], old


def _theirs(old: DeployedDatasource) -> bool:
    return old.credential.kind.startswith(_THEIRS)


def _ends(source: Datasource, old: DeployedDatasource) -> str:
    word = _word(source.access)
    new = f"registers {word} that you give" if source.made_elsewhere else f"makes {word}"
    if _theirs(old):
        return f"the next `pulumi up` {new}; {_STAYS}"
    return f"the next `pulumi up` {new} and ends the deployed one, {_word(old.access)}; {_SAFE}"


def _word(access: str) -> str:
    """`a user's access key`; of an access that is not known any more its name."""
    known = registry.accesses().get(access)
    return (known.described or f"a {known.credential}") if known else f"what `{access}` was"
