"""Evidence by evaluation for AWS: what a grant and a trust policy permit, against the purpose.

The evaluator decides every case of `cases_aws` and `cases_trust`, and the elements of each Allow are compared with what
the purpose may name.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache, partial

from lightly_core.lightly_rules import LIGHTLY_AWS_ACCOUNT

from lightly_policies.alike import Decided, model_path, proof
from lightly_policies.case import CAPABILITIES, Case
from lightly_policies.cases_aws import Grantee, grant_cases
from lightly_policies.cases_trust import trust_cases
from lightly_policies.evaluator.aws import Policies, decide
from lightly_policies.evaluator.document import ALLOWS_EVERYTHING, Document
from lightly_policies.evaluator.statement import Statement
from lightly_policies.moved_aws import moved as moved_grant
from lightly_policies.network import RELEVANT_FILENAMES, Network
from lightly_policies.proof import Outcome, Proof
from lightly_policies.render_aws import as_pattern

_ACTIONS = {
    "INPUT": frozenset({"s3:listbucket", "s3:getobject", "kms:decrypt"}),
    "LIGHTLY": frozenset(
        {"s3:listbucket", "s3:getobject", "s3:putobject", "s3:deleteobject"}
        | {"kms:decrypt", "kms:encrypt", "kms:generatedatakey"}
    ),
}
_OF_OBJECTS = frozenset({"s3:getobject", "s3:putobject", "s3:deleteobject"})


def prove_aws(
    purpose: str,
    bucket: str,
    path: str,
    *,
    grant: str,
    region: str,
    trust: str | None = None,
    external_id: str | None = None,
    kms_key_arn: str | None = None,
    old_kms_key_arns: Sequence[str] = (),
    list_prefix_condition: bool = True,
    partition: str = "aws",
    account: str = "123456789012",
    trusted: str = LIGHTLY_AWS_ACCOUNT,
    network: Network | None = None,
) -> Proof:
    """What a grant (and a trust policy, for delegated access) permits, compared with the purpose.

    Args:
        purpose, bucket, path, region, kms_key_arn, old_kms_key_arns, list_prefix_condition, partition, network: those
            of `render_aws.aws_grant`. With a network the capabilities are what Lightly's own servers can do: list.
        grant: the identity policy's JSON.
        trust: the role's trust policy; None for user access.
        external_id: what Lightly will present; needed with `trust`.
        account: the account that owns bucket and identity.
        trusted: the account that may assume the role.

    The bucket's key is taken to leave decisions to the account's IAM, as its default policy and ours do.

    Raises:
        MalformedDocumentError: a document that AWS would not accept.
        ValueError: an unknown purpose, or a trust policy without the external ID to try.
    """
    grantee = Grantee(
        purpose,
        bucket,
        path,
        region,
        account,
        kms_key_arn,
        list_prefix_condition,
        partition,
        network,
        tuple(sorted(set(old_kms_key_arns))),
    )
    of_grant, moved = _grant_part(grant, grantee)
    if trust is None:
        return proof((of_grant,), moved)
    if not external_id:
        raise ValueError("external_id: got none, expected the one that the trust policy asks for")
    of_trust = _trust_part(trust, external_id, account, trusted)
    both = proof((of_grant, of_trust), moved)
    return both if of_trust.capabilities["assume"] else replace(both, capabilities=dict.fromkeys(CAPABILITIES, False))


def _grant_part(grant: str, grantee: Grantee) -> tuple[Decided, Callable[[], tuple[Case, ...]] | None]:
    """What was decided of a grant; and of one that is like others but for its path, what makes the cases of its own."""
    path = model_path(grantee.path)
    if path is not None:
        there = replace(grantee, path=path)
        text = moved_grant(grant, grantee, there)
        if text is not None and (decided := decided_grant(text, there)).ok:
            return decided, partial(grant_cases, grantee)
    return decided_grant(grant, grantee), None


@lru_cache(maxsize=1024)
def decided_grant(grant: str, grantee: Grantee) -> Decided:
    """Every case of a grant, and what it names too much; a program asks before and after it deployed the grant."""
    document = Document.parse("grant", grant).require("identity")
    on_key = Policies((document,), resource=_key_policy(grantee.account))
    elsewhere = Policies((document,))
    outcomes = tuple(
        _outcome(case, on_key if ":key/" in case.request.resource else elsewhere) for case in grant_cases(grantee)
    )
    capabilities = {name: _capability(name, grantee, outcomes) for name in CAPABILITIES}
    return Decided(capabilities, outcomes, tuple(_wider_grant(document, grantee)))


@lru_cache(maxsize=1)
def _trust_part(trust: str, external_id: str, account: str, trusted: str) -> Decided:
    """The same of a trust policy. One is kept: offline all roles have one placeholder, and an external ID is secret."""
    document = Document.parse("trust", trust).require("trust")
    policies = Policies((ALLOWS_EVERYTHING,), resource=document)
    outcomes = tuple(_outcome(case, policies) for case in trust_cases(external_id, account, trusted=trusted))
    assumable = all(outcome.decision.allowed for outcome in outcomes if outcome.case.inside)
    return Decided({"assume": assumable}, outcomes, tuple(_wider_trust(document, trusted)))


def _outcome(case: Case, policies: Policies) -> Outcome:
    return Outcome(case, decide(case.request, policies))


def _capability(name: str, grantee: Grantee, outcomes: tuple[Outcome, ...]) -> bool:
    allowed = [
        outcome.decision.allowed for outcome in outcomes if outcome.case.inside and outcome.case.capability == name
    ]
    return all(allowed) if grantee.shows(name) else any(allowed)


@lru_cache(maxsize=64)
def _key_policy(account: str) -> Document:
    """For requests on a key, a key policy that leaves the decision to IAM: the proof is about the grant."""
    admits = {"AWS": f"arn:aws:iam::{account}:root"}
    statement = {"Sid": "Iam", "Effect": "Allow", "Principal": admits, "Action": "kms:*", "Resource": "*"}
    return Document("key policy", {"Version": "2012-10-17", "Statement": statement})


def _wider_grant(document: Document, grantee: Grantee) -> Iterator[str]:
    """What an Allow names and the purpose does not need, wherever it is."""
    bucket = f"arn:{grantee.partition}:s3:::{grantee.bucket}"
    objects = f"{bucket}/{as_pattern(grantee.path)}"
    for statement in _allows(document):
        if statement.not_actions is not None or statement.not_resources is not None:
            yield f"wider: {statement.name} allows all but what it names, expected actions and resources by name"
        for action in statement.actions or ():
            if action.lower() not in _ACTIONS[grantee.purpose]:
                yield f"wider: {statement.name} allows {action}, which {grantee.purpose} does not need"
        for resource in statement.resources or ():
            if resource not in (bucket, grantee.kms_key_arn, *grantee.old_kms_key_arns) and not resource.startswith(
                objects
            ):
                yield f"wider: {statement.name} allows {resource}, expected the bucket, the path or the key by name"
        actions = {action.lower() for action in statement.actions or ()}
        if any(action.startswith("kms:") for action in actions):
            yield from _exact_condition(statement, "kms:ViaService")
        if "s3:listbucket" in actions and grantee.path and grantee.list_prefix_condition:
            yield from _prefix_condition(statement, as_pattern(grantee.path))
        if grantee.network and actions & _OF_OBJECTS:
            yield from _network_condition(statement, actions, grantee, grantee.network, objects)


def _wider_trust(document: Document, trusted: str) -> Iterator[str]:
    """What an Allow of a trust policy names beside one account, one action and one exact external ID.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
    """
    for statement in _allows(document):
        if statement.principals is None or dict(statement.principals) != {"AWS": (f"arn:aws:iam::{trusted}:root",)}:
            yield f"wider: {statement.name} trusts other principals than the root of account {trusted}"
        if statement.actions is None or any(action.lower() != "sts:assumerole" for action in statement.actions):
            yield f"wider: {statement.name} allows other actions than sts:AssumeRole"
        yield from _exact_condition(statement, "sts:ExternalId")


def _exact_condition(statement: Statement, key: str) -> Iterator[str]:
    if not statement.bound_to_one(key):
        yield f"wider: {statement.name} is not bound by StringEquals {key} with one value"


def _prefix_condition(statement: Statement, path: str) -> Iterator[str]:
    if not bound_to_path(statement, path):
        yield f"wider: {statement.name} is not bound by s3:prefix to the path"


def bound_to_path(statement: Statement, path: str) -> bool:
    """Whether listing is bound, by prefix, to the path (as a pattern) and what is below it."""
    return any(
        condition.binds("s3:prefix", "StringLike", "StringEquals")
        and all(value == path[:-1] or value.startswith(path) for value in condition.values)
        for condition in statement.conditions
    )


def _network_condition(
    statement: Statement, actions: set[str], grantee: Grantee, network: Network, objects: str
) -> Iterator[str]:
    """Bound to VPCs or addresses of the network, and to nothing wider; but for the one file, which may be read."""
    file = f"{objects}{RELEVANT_FILENAMES}"
    if grantee.purpose == "LIGHTLY" and actions == {"s3:getobject"} and tuple(statement.resources or ()) == (file,):
        return
    bound = any(
        condition.binds(key, operator) and set(condition.values) <= set(known)
        for condition in statement.conditions
        for key, operator, known in (
            ("aws:sourcevpc", "StringEquals", network.vpc_ids),
            ("aws:sourceip", "IpAddress", network.cidrs),
        )
    )
    if not bound:
        yield f"wider: {statement.name} is not bound to the network"


def _allows(document: Document) -> Iterator[Statement]:
    return (statement for statement in document.statements if statement.allows)
