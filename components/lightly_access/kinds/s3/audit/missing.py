"""What the purpose needs and the documents, all together, do not give: which statement takes it, or what it "
"depends on."""

from collections.abc import Iterator

from lightly_policies.case import CAPABILITIES, Case
from lightly_policies.evaluator.aws import Decision
from lightly_policies.evaluator.document import Document

from lightly_access.audit.finding import Finding, Severity
from lightly_access.kinds.s3.audit.grant import LIGHTLY, GrantDocuments
from lightly_access.kinds.s3.audit.unknowns import depending, favourable, is_network

_BUCKET_POLICY = "bucket policy"


def missing(grant: GrantDocuments) -> Iterator[Finding]:
    """The capabilities of the purpose that are refused; those that hang on one unknown are one finding."""
    undecided: dict[tuple[tuple[str, str], ...], list[tuple[str, tuple[str, ...]]]] = {}
    for capability in CAPABILITIES:
        refused = _refused(grant, capability)
        if not refused:
            continue
        names, action = tuple(case.name for case, _ in refused), refused[0][0].request.action
        hangs_on = tuple(dict.fromkeys(depending(_documents(grant), action))) if _may_pass(grant, refused) else ()
        if not hangs_on:
            yield _taken(grant, capability, refused)
        elif not all(is_network(key) for _, key in hangs_on):
            undecided.setdefault(hangs_on, []).append((capability, names))
        elif capability == "list":
            yield _cannot_list(grant, names, hangs_on)
        else:
            yield _network_bound(grant, capability, names)
    for hangs_on, held in undecided.items():
        yield _depends(grant, hangs_on, held)


def place(grant: GrantDocuments, statement: str) -> str:
    """Where a statement stands, for people: `bucket lake, bucket policy, statement OnlyOurs`."""
    document, _, label = statement.rpartition("/")
    where = f"bucket {grant.registered.bucket}, {_BUCKET_POLICY}" if document == _BUCKET_POLICY else document
    return f"{where}, statement {label}"


def _refused(grant: GrantDocuments, capability: str) -> list[tuple[Case, Decision]]:
    if not grant.grantee.expects(capability):
        return []
    documents = [policy for _, policy in grant.policies]
    tried = [case for case in grant.cases if case.inside and case.capability == capability]
    return [
        (case, found) for case in tried if not (found := grant.decide(case, documents, grant.bucket_policy)).allowed
    ]


def _documents(grant: GrantDocuments) -> list[Document]:
    policies = [policy for _, policy in grant.policies]
    return [*policies, *(each for each in (grant.boundary, grant.bucket_policy) if each)]


def _may_pass(grant: GrantDocuments, refused: list[tuple[Case, Decision]]) -> bool:
    """Whether all of it is let through when what nobody knows comes out well."""
    documents = [kept for _, policy in grant.policies if (kept := favourable(policy))]
    bucket = favourable(grant.bucket_policy) if grant.bucket_policy else None
    return all(grant.decide(case, documents, bucket).allowed for case, _ in refused)


def _taken(grant: GrantDocuments, capability: str, refused: list[tuple[Case, Decision]]) -> Finding:
    denied = next((found.statement for _, found in refused if found.statement), None)
    fix = "give it the target policy (--json has it), which has all that the purpose needs"
    if denied:
        fix = f"except {grant.holder.arn} from that Deny: it wins over every Allow"
    return Finding(
        Severity.HIGH,
        f"missing-{capability}",
        f"{grant.registered.purpose} cannot {capability} everywhere in {grant.registered.path}",
        place(grant, denied) if denied else grant.holder.title,
        "; ".join(dict.fromkeys(found.reason for _, found in refused)),
        fix,
        tried=tuple(case.name for case, _ in refused),
        source=LIGHTLY,
    )


def _cannot_list(grant: GrantDocuments, names: tuple[str, ...], hangs_on: tuple[tuple[str, str], ...]) -> Finding:
    where = ", ".join(dict.fromkeys(place(grant, statement) for statement, _ in hangs_on))
    return Finding(
        Severity.HIGH,
        "missing-list",
        f"{grant.registered.purpose} cannot list from outside your network ({_keys(hangs_on)})",
        where,
        "Lightly's own servers list, whatever else your network alone may do; they are not in it",
        f"leave s3:ListBucket out of that condition for {grant.holder.arn}; reading and writing may stay in it",
        tried=names,
        source=LIGHTLY,
    )


def _network_bound(grant: GrantDocuments, capability: str, names: tuple[str, ...]) -> Finding:
    return Finding(
        Severity.LOW,
        "network-bound",
        f"{grant.registered.purpose} can {capability} from your network only",
        grant.holder.title,
        "Lightly documents this mode: then its servers list, and your worker does the rest",
        "none is needed where that is meant; the worker needs datasource.bypass_verify=True",
        tried=names,
        source=LIGHTLY,
    )


def _depends(
    grant: GrantDocuments, hangs_on: tuple[tuple[str, str], ...], held: list[tuple[str, tuple[str, ...]]]
) -> Finding:
    where = ", ".join(dict.fromkeys(place(grant, statement) for statement, _ in hangs_on))
    return Finding(
        Severity.MEDIUM,
        "depends",
        f"whether {grant.registered.purpose} can {', '.join(name for name, _ in held)} depends on {_keys(hangs_on)}",
        where,
        "its value is not in what was read: with one value Lightly gets in, with another it is refused",
        f"see whether it fits {grant.holder.arn}, or except that from the statement",
        tried=tuple(dict.fromkeys(name for _, names in held for name in names)),
        source=LIGHTLY,
    )


def _keys(hangs_on: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(dict.fromkeys(key for _, key in hangs_on))
