"""Amazon S3: the grant and the trust policy that a deployment would render, evaluated case by case.

Who may get in, and for how long, is Lightly's rule: https://docs.lightly.ai/docs/aws-s3 (delegated and user access).
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lightly_core import lightly_rules
from lightly_core.capability import Purpose
from lightly_policies import proof_aws, render_aws
from lightly_policies.evaluator.document import MalformedDocumentError
from lightly_policies.network import RELEVANT_FILENAMES
from lightly_policies.proof import Proof
from lightly_policies.rendering import UnrenderableDocumentError

from lightly_access.analysis.cases import Cases
from lightly_access.analysis.datasource import Analysis, Words
from lightly_access.analysis.words import PREFIX_NOTE, does, if_leaked, until_replaced
from lightly_access.kinds.s3 import placeholders, rules

if TYPE_CHECKING:
    from lightly_policies.network import Network

    from lightly_access.kinds.s3.store import S3Store
    from lightly_access.tables.datasource import Datasource

_HOURS = lightly_rules.SESSION_SECONDS // 3600


def analysis(dataset: str, purpose: Purpose, source: "Datasource", store: "S3Store") -> Analysis:
    """What Lightly could do with this datasource; documents that the cloud would refuse are unexpected, no error."""
    delegated = source.access == "delegated"
    try:
        proved = _proved(purpose, source, store, delegated=delegated)
        cases, unexpected = Cases(proved.outcomes), proved.unexpected
    except (UnrenderableDocumentError, MalformedDocumentError) as error:
        cases, unexpected = Cases(()), (f"narrower: nothing can be deployed: {' '.join(str(error).splitlines())}",)
    return Analysis(
        dataset,
        purpose,
        store.kind,
        source.access,
        f"s3://{store.bucket}/{source.path}",
        _words(purpose, source, store, delegated=delegated),
        cases,
        unexpected,
    )


def _proved(purpose: Purpose, source: "Datasource", store: "S3Store", *, delegated: bool) -> Proof:
    key, old_keys = placeholders.known_keys(store)
    partition = rules.partition(store.region)
    grant = render_aws.aws_grant(
        purpose,
        store.bucket,
        source.path,
        region=store.region,
        kms_key_arn=key,
        old_kms_key_arns=old_keys,
        list_prefix_condition=source.list_prefix_condition,
        partition=partition,
        holder="role" if delegated else "group",
        network=_network(source),
    )
    return proof_aws.prove_aws(
        purpose,
        store.bucket,
        source.path,
        grant=grant,
        region=store.region,
        trust=render_aws.aws_trust(placeholders.EXTERNAL_ID) if delegated else None,
        external_id=placeholders.EXTERNAL_ID if delegated else None,
        kms_key_arn=key,
        old_kms_key_arns=old_keys,
        list_prefix_condition=source.list_prefix_condition,
        partition=partition,
        network=_network(source),
    )


def _network(source: "Datasource") -> "Network | None":
    return source.hardened.network if source.hardened else None


def _words(purpose: Purpose, source: "Datasource", store: "S3Store", *, delegated: bool) -> Words:
    hardened = bool(source.hardened)
    if delegated:
        return role_words(purpose, _notes(purpose, source, store, unknown=["the external ID"]), hardened=hardened)
    notes = _notes(purpose, source, store, unknown=[])
    return key_words(purpose, until_replaced(source, "key"), notes, hardened=hardened)


def role_words(purpose: Purpose, notes: tuple[str, ...], *, hardened: bool) -> Words:
    """Of delegated access."""
    return Words(
        way="a role that Lightly assumes",
        who=f"AWS account {lightly_rules.LIGHTLY_AWS_ACCOUNT} (Lightly) with this role's external ID, "
        "256 random bits that are kept secret. No MFA: a service has none",
        long=f"sessions of at most {_HOURS} hours, for as long as the role stands",
        leak="the external ID alone opens nothing outside of Lightly's account; whoever has a session's keys "
        f"{does(purpose, hardened=hardened)}, until it ends",
        notes=notes,
    )


def key_words(purpose: Purpose, long: str, notes: tuple[str, ...], *, hardened: bool) -> Words:
    """Of user access; `long` says for how long the key lives."""
    return Words(
        way="a user's access key",
        who="whoever holds the access key. No external ID, no MFA",
        long=long,
        leak=if_leaked(purpose, "key", hardened=hardened),
        notes=notes,
    )


def path_notes(purpose: Purpose, path: str, bound: bool, network: "Network | None") -> Iterator[str]:
    """What is wider than one might think; `bound`: listing is bound to the path."""
    if path and not bound:
        yield "list_prefix_condition is off: names in the whole bucket can be listed"
    elif path:
        yield PREFIX_NOTE
    if network:
        what = "reading" if purpose is Purpose.INPUT else "reading and writing"
        reads = f", and read {RELEVANT_FILENAMES}" if purpose is Purpose.LIGHTLY else ""
        servers = f"Lightly's own servers list{reads}"
        yield f"hardened: {what} from {network.words} only; {servers}; the worker runs with datasource.bypass_verify"


def _notes(purpose: Purpose, source: "Datasource", store: "S3Store", unknown: list[str]) -> tuple[str, ...]:
    notes = []
    if "create" in (store.kms_key, *store.old_kms_keys):
        unknown = [*unknown, "the KMS key"]
    notes += [f"evaluated with a placeholder for {each}, which the first deployment makes" for each in unknown]
    notes += path_notes(purpose, source.path, source.list_prefix_condition, _network(source))
    if source.permissions_boundary:
        notes.append(
            f"the permissions boundary {source.permissions_boundary} is yours and not evaluated: it only narrows"
        )
    return tuple(notes)
