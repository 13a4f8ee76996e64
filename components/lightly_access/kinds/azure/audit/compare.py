"""A SAS token and its stored policy -> findings. Pure.

Rules: https://github.com/MicrosoftDocs/azure-docs/blob/main/articles/storage/common/storage-sas-overview.md and
https://learn.microsoft.com/rest/api/storageservices/define-stored-access-policy .
"""

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from lightly_policies.evaluator.sas import MalformedSasError, Sas
from lightly_policies.sas import PERMISSIONS, StoredPolicy

from lightly_access.audit.finding import Finding, Severity, Unreadable
from lightly_access.audit.registered import Registered

_SAS = "https://github.com/MicrosoftDocs/azure-docs/blob/main/articles/storage/common/storage-sas-overview.md"
_POLICY = "https://learn.microsoft.com/rest/api/storageservices/define-stored-access-policy"
_LONGEST = timedelta(days=106)
"""90 days (as for keys, CIS AWS 2.12) and the grace of our own tokens."""
_SOON = timedelta(days=14)
_MEANS = {"a": "add", "c": "create", "w": "write", "d": "delete", "x": "delete versions", "t": "set tags", "m": "move"}
_REPLACE = (
    "let the deployment make one (access: sas without secret): bound to a stored policy, https only, replaced in time"
)


@dataclass(frozen=True, slots=True)
class AzureFacts:
    """What was read for one datasource: the stored policy that its token names; None when it is gone or unread."""

    policy: StoredPolicy | None = None
    policy_read: bool = False
    unreadable: tuple[Unreadable, ...] = ()


def findings(registered: Registered, facts: AzureFacts, now: datetime) -> Iterator[Finding]:
    """All about one datasource; nothing where Lightly does not show the token."""
    token = registered.secrets.get("sasToken")
    if token is None:
        return
    text, where = token.reveal(), f"the token for {registered.path}"
    if _account_key(text):
        why = "it is everything: all containers, for ever, and tokens for others can be made with it"
        fix = f"replace the account's key, and {_REPLACE}"
        yield Finding(
            Severity.CRITICAL, "account-key", "Lightly has the account's key itself", where, why, fix, source=_SAS
        )
        return
    fields = _fields(text)
    if "ss" in fields or "srt" in fields:
        what = f"it is an account SAS (services {fields.get('ss', '?')}, permissions {fields.get('sp', '?')})"
        why = "it reaches every container of the account, and only a new account key ends it"
        yield Finding(Severity.CRITICAL, "account-sas", what, where, why, _REPLACE, source=_SAS)
        return
    try:
        sas = Sas.parse(text)
    except MalformedSasError as fault:
        why = "Azure refuses it"
        yield Finding(Severity.HIGH, "sas-unreadable", f"it cannot be read: {fault}", where, why, _REPLACE, source=_SAS)
        return
    yield from _revocable(sas, facts, where)
    yield from _transport(sas, where)
    yield from _scope(sas, registered, where)
    yield from _permissions(sas, facts, registered, where)
    yield from _times(sas, facts, where, now)


def _revocable(sas: Sas, facts: AzureFacts, where: str) -> Iterator[Finding]:
    named = sas.text("si")
    if named is None and not sas.delegated:
        why = "it cannot be taken back before its time: only a new account key ends it, and with it every other token"
        yield Finding(
            Severity.HIGH, "no-stored-policy", "it names no stored policy", where, why, _REPLACE, source=_POLICY
        )
    if named is not None and facts.policy_read and facts.policy is None:
        what, why = f"its stored policy {named} does not exist", "Azure refuses the token"
        yield Finding(Severity.HIGH, "policy-gone", what, where, why, _REPLACE, source=_POLICY)


def _transport(sas: Sas, where: str) -> Iterator[Finding]:
    if sas.text("spr") != "https":
        what = f"it is good over http too (spr is {sas.text('spr') or 'not there'})"
        why = "over http everybody on the way reads the token, which is all that one needs"
        yield Finding(Severity.HIGH, "not-https-only", what, where, why, _REPLACE, source=_SAS)


def _scope(sas: Sas, registered: Registered, where: str) -> Iterator[Finding]:
    if registered.directory and sas.text("sr") == "c":
        what = f"it covers the whole container {registered.bucket}, not only {registered.directory}"
        why = "without a hierarchical namespace Azure has no narrower token"
        fix = "a container of its own for Lightly, or an account with a hierarchical namespace (hierarchical: true)"
        yield Finding(Severity.LOW, "whole-container", what, where, why, fix, source=_SAS)
    if sas.text("sr") not in ("c", "d"):
        what, why = "it is for a single blob", "Lightly lists a directory, which it cannot with this token"
        yield Finding(Severity.HIGH, "missing-list", what, where, why, _REPLACE, source=_SAS)


def _permissions(sas: Sas, facts: AzureFacts, registered: Registered, where: str) -> Iterator[Finding]:
    has = sas.text("sp") or (facts.policy.permissions if facts.policy else None)
    if has is None:
        return
    wanted = PERMISSIONS[registered.purpose]
    extra = "".join(letter for letter in has if letter not in wanted)
    writes = [_MEANS[letter] for letter in extra if letter in _MEANS]
    if registered.purpose == "INPUT" and writes:
        what = f"INPUT may {', '.join(writes)} (permissions {has}, expected {wanted})"
        why = "INPUT holds your raw data; Lightly only lists and reads it, and a leaked token could delete it"
        yield Finding(Severity.HIGH, "input-writes", what, where, why, _REPLACE, source=_SAS)
    elif extra:
        what = f"permissions {has}, expected {wanted}"
        why = "what Lightly does not need, a leaked token should not have"
        yield Finding(Severity.MEDIUM, "extra-action", what, where, why, _REPLACE, source=_SAS)
    if lacks := "".join(letter for letter in wanted if letter not in has):
        what, why = f"permissions {has} lack {lacks}, expected {wanted}", "Lightly is refused"
        yield Finding(Severity.HIGH, "missing-right", what, where, why, _REPLACE, source=_SAS)


def _times(sas: Sas, facts: AzureFacts, where: str, now: datetime) -> Iterator[Finding]:
    expiry = sas.time("se") or (facts.policy.expiry if facts.policy else None)
    if expiry is None:
        return
    soon = timedelta(days=1) if sas.delegated else _SOON
    day = expiry.date().isoformat()
    if expiry <= now:
        what, why = f"it expired on {day}", "Lightly is refused"
        yield Finding(Severity.HIGH, "sas-expired", what, where, why, _REPLACE, source=_SAS)
    elif expiry - now < soon:
        what, why = f"it expires on {day}", "Lightly stops then, in the middle of whatever it does"
        yield Finding(Severity.MEDIUM, "sas-expires-soon", what, where, why, _REPLACE, source=_SAS)
    elif expiry - now > _LONGEST:
        what = f"it is good until {day}, for {(expiry - now).days} days, expected {_LONGEST.days} at most"
        why = "whoever copied it gets in until then"
        yield Finding(Severity.MEDIUM, "sas-lives-long", what, where, why, _REPLACE, source=_SAS)


def _account_key(text: str) -> bool:
    """An account's key is 64 bytes in base64, and no list of parameters."""
    try:
        return "sig=" not in text and len(base64.b64decode(text.removeprefix("?"), validate=True)) == 64
    except (binascii.Error, ValueError):
        return False


def _fields(text: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in text.removeprefix("?").split("&"))
    return {name: value for name, _, value in pairs}
