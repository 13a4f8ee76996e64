"""Amazon S3: the grant that was deployed, as the state has it, evaluated case by case. Pure.

The trust policy is secret there, because of the external ID in it; it was proved when it was deployed.
"""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from lightly_policies import proof_aws
from lightly_policies.evaluator.document import MalformedDocumentError
from lightly_policies.network import Network

from lightly_access.analysis.cases import Cases
from lightly_access.analysis.datasource import Analysis
from lightly_access.analysis.words import until_due
from lightly_access.deployed.exported import table, text
from lightly_access.kinds.s3 import rules
from lightly_access.kinds.s3.analysis import key_words, path_notes, role_words
from lightly_access.kinds.verified import Location

if TYPE_CHECKING:
    from lightly_policies.proof import Proof

    from lightly_access.deployed.granted import Granted

_ROLE_POLICY, _GROUP_POLICY = "aws:iam/rolePolicy:RolePolicy", "aws:iam/groupPolicy:GroupPolicy"
_TRUST = "the trust policy is secret in the state, for the external ID in it: a deployment proves it"


def analysis(found: "Granted") -> Analysis | None:
    """None where the state has no document that could be evaluated."""
    delegated = found.source.access == "delegated"
    grant = found.text(_ROLE_POLICY if delegated else _GROUP_POLICY, "policy")
    if not grant:
        return None
    source, network = found.source, _network(found, grant)
    try:
        proved, bound = _proved(found, grant, network)
        cases, unexpected = Cases(proved.outcomes), proved.unexpected
    except MalformedDocumentError as error:
        bound, cases = True, Cases(())
        unexpected = (f"narrower: nothing is granted: {' '.join(str(error).splitlines())}",)
    directory = Location.of_bucket(source.path).directory
    notes, hardened = tuple(path_notes(found.purpose, directory, bound, network)), bool(network)
    if delegated:
        words = role_words(found.purpose, (_TRUST, *notes), hardened=hardened)
    else:
        words = key_words(found.purpose, until_due(source.credential, "key"), notes, hardened=hardened)
    return Analysis(found.dataset, source.purpose, source.kind, source.access, source.path, words, cases, unexpected)


def _proved(found: "Granted", grant: str, network: Network | None) -> "tuple[Proof, bool]":
    """A manifest may switch the condition on listing off; a grant that is neither is compared with the narrower one."""
    bound, free = (_compared(found, grant, network, bound=each) for each in (True, False))
    return (free, False) if bound.unexpected and not free.unexpected else (bound, True)


def _compared(found: "Granted", grant: str, network: Network | None, *, bound: bool) -> "Proof":
    region, where = text(found.registered.get("region")), Location.of_bucket(found.source.path)
    return proof_aws.prove_aws(
        found.purpose,
        where.bucket,
        where.directory,
        grant=grant,
        region=region,
        kms_key_arn=text(found.registered.get("kmsKeyArn")) or next(_keys(grant), None),
        list_prefix_condition=bound,
        partition=rules.partition(region),
        network=network,
    )


def _network(found: "Granted", grant: str) -> Network | None:
    """From where it may be read, where a verification expects less of Lightly's own servers than the purpose has."""
    if not found.expected:
        return None
    conditions = [table(statement.get("Condition")) for statement in _statements(grant)]
    vpcs = {each for condition in conditions for each in _values(condition, "StringEquals", "aws:SourceVpc")}
    cidrs = {each for condition in conditions for each in _values(condition, "IpAddress", "aws:SourceIp")}
    try:
        return Network(tuple(sorted(vpcs)), tuple(sorted(cidrs)))
    except ValueError:  # none that we would have rendered
        return None


def _values(condition: dict[str, Any], operator: str, key: str) -> list[str]:
    value = table(condition.get(operator)).get(key, [])
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str)]


def _keys(grant: str) -> Iterator[str]:
    """The KMS keys that it names."""
    for statement in _statements(grant):
        resources = statement.get("Resource")
        for each in resources if isinstance(resources, list) else [resources]:
            if ":kms:" in text(each):
                yield text(each)


def _statements(grant: str) -> list[dict[str, Any]]:
    try:
        statements = table(json.loads(grant)).get("Statement")
    except json.JSONDecodeError:
        return []
    return [each for each in (statements if isinstance(statements, list) else [statements]) if isinstance(each, dict)]
