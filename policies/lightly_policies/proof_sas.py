"""Evidence by evaluation: what a SAS and its stored policy permit, and whether that is what their purpose is for.

The evaluator decides every case of `cases_sas`, and each parameter of the token is compared with the one that it should
have. How to call it, for `lightly-access analyze` and others:

    grantee = Sharee("INPUT", "acmephotos", "datalake", "cows/", hierarchical=False, at=datetime.now(UTC))
    proof = prove_sas(grantee, token, policy)      # a Proof; `accepted` says what a plain account cannot narrow
    sas_cases(grantee)                              # what is asked, without a token: the Cases with their places

Before anything is deployed, `planned` gives the token and the policy that a deployment would make, signed with a key
of zeros.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache, partial
from urllib.parse import urlencode

from lightly_core.azure import LONGEST_DELEGATION

from lightly_policies.alike import Decided, model_path, proof
from lightly_policies.case import CAPABILITIES, Case
from lightly_policies.cases_sas import Sharee, sas_cases
from lightly_policies.evaluator.sas import Grant, MalformedSasError, Sas, decide
from lightly_policies.proof import Outcome, Proof
from lightly_policies.sas import PERMISSIONS, VERSION, StoredPolicy, depth, token

_SKEW = timedelta(minutes=15)
"""How far in the past a SAS should start, because clocks differ
(https://github.com/MicrosoftDocs/azure-docs/blob/main/articles/storage/common/storage-sas-overview.md)."""
_PLACEHOLDER_KEY = "AAAA"
_BY_POLICY = frozenset({"sv", "sr", "sdd", "spr", "si", "sig"})
_BY_DELEGATION = frozenset({"sv", "sr", "sdd", "spr", "sp", "st", "se", "sig"}) | {
    *("skoid", "sktid", "skt", "ske", "sks", "skv")
}


def planned(
    sharee: Sharee, policy: str, start: datetime, expiry: datetime, *, delegated: bool = False
) -> tuple[str, StoredPolicy | None]:
    """The token (signed with a key of zeros) and the stored policy that a deployment makes for it.

    `delegated`: a user-delegation SAS, which has no stored policy.
    """
    permissions, directory = PERMISSIONS[sharee.purpose], sharee.directory if sharee.bound else ""
    if not delegated:
        made = token(sharee.account, sharee.container, policy, _PLACEHOLDER_KEY, directory=directory)
        return made, StoredPolicy(policy, permissions, start, expiry)
    begins, ends = (moment.strftime("%Y-%m-%dT%H:%M:%SZ") for moment in (start, expiry))
    fields = {"sv": VERSION, "sp": permissions, "st": begins, "se": ends, "spr": "https", "sr": "c", "sks": "b"}
    fields |= {"skoid": "0", "sktid": "0", "skt": begins, "ske": ends, "skv": VERSION, "sig": _PLACEHOLDER_KEY}
    fields |= {"sr": "d", "sdd": str(depth(directory))} if directory else {}
    return urlencode(fields), None


def prove_sas(
    sharee: Sharee,
    sas_token: str,
    policy: StoredPolicy | None = None,
    *,
    key: str | None = None,
    policy_id: str = "",
    until: datetime | None = None,
) -> Proof:
    """What a token permits, compared with the purpose.

    Args:
        sharee: whose it is, over what, and when.
        sas_token: the token, with or without its `?`.
        policy: the stored policy that it names; None for a user-delegation SAS, or where the policy is gone.
        key: the account's key, to compare the signature with; without it the signature is taken on trust.
        policy_id: the stored policy that it should name; empty for that of `policy`.
        until: when it should end at the latest; None for no opinion.

    Raises:
        ValueError: an unknown purpose.
    """
    try:
        sas = Sas.parse(sas_token)
    except MalformedSasError as fault:
        return Proof(dict.fromkeys(CAPABILITIES, False), (f"narrower: the SAS cannot be read: {fault}",), ())
    decided, moved = _decided_alike(sharee, sas, policy, key, policy_id, until)
    return proof((decided,), moved, tuple(_accepted(sharee)))


def _decided_alike(
    sharee: Sharee, sas: Sas, policy: StoredPolicy | None, key: str | None, policy_id: str, until: datetime | None
) -> tuple[Decided, Callable[[], Iterator[Case]] | None]:
    """What was decided of a token; and of one that is like others but for its path, what makes the cases of its own.

    A token says of paths how deep its directory is, and signs the directory: a signature that is compared is decided by
    itself (`alike`).
    """
    there = model_path(sharee.directory) if key is None else None
    if there is not None and sas.text("sdd") == (str(depth(sharee.directory)) if sharee.bound else None):
        fields = {name: "" if name == "sig" else value for name, value in sas.fields.items()}
        fields |= {"sdd": str(depth(there))} if sharee.bound else {}
        decided = _unsigned(replace(sharee, directory=there), tuple(fields.items()), policy, policy_id, until)
        if decided.ok:
            return decided, partial(_cases, sharee, sas, policy)
    return _decided(sharee, sas, policy, key, policy_id, until), None


@lru_cache(maxsize=1024)
def _unsigned(
    sharee: Sharee,
    fields: tuple[tuple[str, str], ...],
    policy: StoredPolicy | None,
    policy_id: str,
    until: datetime | None,
) -> Decided:
    return _decided(sharee, Sas(dict(fields)), policy, None, policy_id, until)


def _decided(
    sharee: Sharee, sas: Sas, policy: StoredPolicy | None, key: str | None, policy_id: str, until: datetime | None
) -> Decided:
    grant = Grant(sas, sharee.account, sharee.container, sharee.directory, policy, key)
    outcomes = tuple(Outcome(case, decide(case.request, grant)) for case in _cases(sharee, sas, policy))
    faults = (*_parameters(sharee, sas, policy, policy_id), *_times(sharee, sas, policy, until))
    return Decided({name: _capability(name, sharee, outcomes) for name in CAPABILITIES}, outcomes, faults)


def _cases(sharee: Sharee, sas: Sas, policy: StoredPolicy | None) -> Iterator[Case]:
    """Every case of a SAS; and before its start and after its end it must be of no use."""
    yield from sas_cases(sharee)
    start = sas.time("st") or (policy.start if policy else None)
    expiry = sas.time("se") or (policy.expiry if policy else None)
    path = f"{sharee.directory}a.png"
    for name, moment in (
        ("read before its start", start and start - timedelta(seconds=1)),
        ("read after its end", expiry),
    ):
        if moment:
            yield Case(name, None, sharee.ask("read", path, at=moment), False)


def _capability(name: str, sharee: Sharee, outcomes: tuple[Outcome, ...]) -> bool:
    allowed = [
        outcome.decision.allowed for outcome in outcomes if outcome.case.inside and outcome.case.capability == name
    ]
    return all(allowed) if sharee.expects(name) else any(allowed)


def _parameters(sharee: Sharee, sas: Sas, policy: StoredPolicy | None, policy_id: str) -> Iterator[str]:
    """Each parameter as it should be; nothing that it should not have."""
    known = _BY_DELEGATION if sas.delegated else _BY_POLICY
    for name in sorted(sas.fields.keys() - known):
        yield f"wider: the SAS has a parameter {name}, which ours never have"
    fixed = {"sr": "d" if sharee.bound else "c", "sdd": str(depth(sharee.directory)) if sharee.bound else None}
    fixed |= {"spr": "https"} | ({"sks": "b"} if sas.delegated else {"sv": VERSION})
    if not sas.delegated:
        fixed["si"] = policy_id or (policy.id if policy else None)
    for name, value in fixed.items():
        if sas.text(name) != value:
            yield f"wider: {name} is {sas.text(name)!r}, expected {value!r}"
    if not sas.delegated and sas.text("si") is None:
        yield "wider: the SAS names no stored policy, so it cannot be revoked"
    permissions = sas.text("sp") if sas.delegated else policy.permissions if policy else None
    if permissions != PERMISSIONS[sharee.purpose]:
        yield f"wider: its permissions are {permissions!r}, expected {PERMISSIONS[sharee.purpose]!r}"


def _times(sharee: Sharee, sas: Sas, policy: StoredPolicy | None, until: datetime | None) -> Iterator[str]:
    start = sas.time("st") if sas.delegated else policy.start if policy else None
    expiry = sas.time("se") if sas.delegated else policy.expiry if policy else None
    if start is None or start > sharee.at - _SKEW:
        yield "narrower: it does not start 15 minutes or more in the past, and clocks differ"
    if until and expiry and expiry > until:
        yield f"wider: it ends at {expiry.isoformat()}, expected {until.isoformat()} at the latest"
    if sas.delegated and start and expiry and expiry - start > LONGEST_DELEGATION:
        yield "narrower: Azure ends it after 7 days, although it says more"


def _accepted(sharee: Sharee) -> Iterator[str]:
    if sharee.directory and not sharee.bound:
        yield (
            f"wider: the SAS covers the whole container {sharee.container!r}, not only {sharee.directory!r}: an "
            "account without a hierarchical namespace has no narrower one"
        )
    if sharee.expects("write"):
        yield "wider: the permission w to write also appends to, snapshots and leases blobs"
