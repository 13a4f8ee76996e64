"""What a role or user may do with S3, compared with what the purpose needs: its policies, and those of its bucket.

Two looks, as for the proof: each Allow as it is written, and every case of `lightly_policies.cases_aws` decided by the
evaluator, with boundary and Denies, for that statement alone. Pure. What a purpose needs: https://docs.lightly.ai/docs/aws-s3.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from lightly_policies.case import Case
from lightly_policies.cases_aws import Grantee, grant_cases
from lightly_policies.evaluator.aws import Decision, Policies, Request, decide
from lightly_policies.evaluator.document import Document, MalformedDocumentError
from lightly_policies.render_aws import aws_grant

from lightly_access.audit.finding import Finding, Severity
from lightly_access.audit.registered import Registered
from lightly_access.kinds.s3 import rules
from lightly_access.kinds.s3.audit.facts import Attached, AwsFacts, Holder
from lightly_access.kinds.s3.audit.unknowns import known_context

LIGHTLY = "https://docs.lightly.ai/docs/aws-s3"


@dataclass(frozen=True)
class GrantDocuments:
    """The documents that bear on one datasource, and the target.

    Attributes:
        registered: the datasource.
        holder: whose policies these are.
        policies: each with its document, read.
        boundary: the permissions boundary, read.
        bucket_policy: likewise.
        unreadable: a sentence for each document that AWS would not accept, with its place.
        now: when it is asked.
    """

    registered: Registered
    holder: Holder
    policies: tuple[tuple[Attached, Document], ...]
    boundary: Document | None
    bucket_policy: Document | None
    unreadable: tuple[tuple[str, str], ...] = ()
    now: datetime = datetime(2026, 1, 1, tzinfo=UTC)

    @classmethod
    def of(cls, registered: Registered, facts: AwsFacts, now: datetime) -> "GrantDocuments | None":
        """Of facts, as they bear at this time; None without a holder."""
        if facts.holder is None:
            return None
        bad: list[tuple[str, str]] = []
        read = [(policy, _read(policy.title, policy.document, bad)) for policy in facts.holder.policies]
        boundary = facts.holder.boundary
        return cls(
            registered,
            facts.holder,
            tuple((each, document) for each, document in read if document),
            _read(boundary.title, boundary.document, bad) if boundary else None,
            _read("bucket policy", facts.bucket_policy, bad) if facts.bucket_policy else None,
            tuple(bad),
            now,
        )

    @cached_property
    def grantee(self) -> Grantee:
        """Whose cases are tried."""
        mine, region = self.registered, self.registered.values.get("region") or "eu-central-1"
        key, partition = mine.values.get("kmsKeyArn"), rules.partition(region)
        return Grantee(mine.purpose, mine.bucket, mine.directory, region, self.holder.account, key, True, partition)

    @cached_property
    def target(self) -> Document:
        """The least that the purpose needs. Raises UnrenderableDocumentError."""
        return Document("target", json.loads(target(self.registered)))

    @cached_property
    def cases(self) -> tuple[Case, ...]:
        """Those of the purpose, asked by the holder itself, now."""
        asked, context = self.holder.principal, known_context(self.now, self.grantee.region)

        def by_holder(request: Request) -> Request:
            return replace(request, principal=asked, context={**context, **request.context})

        return tuple(replace(each, request=by_holder(each.request)) for each in grant_cases(self.grantee))

    def decide(self, case: Case, documents: Iterable[Document], resource: Document | None) -> Decision:
        """By these identity policies and the boundary."""
        on_key = ":key/" in case.request.resource
        behind = _leaves_it_to_iam(self.holder.account) if on_key else resource
        return decide(case.request, Policies(tuple(documents), self.boundary, None, behind))

    def wider(self, single: Document) -> tuple[str, ...]:
        """Cases that must be refused and that one statement lets through, Denies and boundary considered."""
        denies = [only for _, policy in self.policies if (only := only_denies(policy))]
        guarded = only_denies(self.bucket_policy) if self.bucket_policy else None
        tried = (case for case in self.cases if not case.expected)
        return tuple(case.name for case in tried if self.decide(case, (single, *denies), guarded).allowed)


def target(registered: Registered) -> str:
    """The policy that a deployment would make, as JSON text. Raises UnrenderableDocumentError."""
    region = registered.values.get("region") or "eu-central-1"
    return aws_grant(
        registered.purpose,
        registered.bucket,
        registered.directory,
        region=region,
        kms_key_arn=registered.values.get("kmsKeyArn"),
        partition=rules.partition(region),
        holder="role" if registered.access == "delegated" else "group",
    )


def singles(document: Document) -> Iterator[Document]:
    """Each Allow as a document of its own, named by its Sid or its place."""
    for raw, statement in zip(raw_statements(document), document.statements, strict=True):
        if statement.allows:
            label = statement.name.rpartition("/")[2]
            version = document.body.get("Version", "2008-10-17")
            yield Document(label, {"Version": version, "Statement": [raw]})


def only_denies(document: Document) -> Document | None:
    """The same without what it allows."""
    kept = [raw for raw in raw_statements(document) if raw["Effect"] == "Deny"]
    return Document(document.name, {**document.body, "Statement": kept}) if kept else None


def raw_statements(document: Document) -> list[Mapping[str, Any]]:
    """As they are written, always in a list."""
    written = document.body["Statement"]
    return [written] if isinstance(written, Mapping) else list(written)


def input_writes(grant: GrantDocuments) -> Iterator[Finding]:
    """INPUT is read only; whatever statement makes it more."""
    if grant.grantee.expects("write"):
        return
    documents = [policy for _, policy in grant.policies]
    able = {
        case.capability: found.statement
        for case in grant.cases
        if case.inside and not case.expected and case.capability
        if (found := grant.decide(case, documents, grant.bucket_policy)).allowed
    }
    if able:
        yield Finding(
            Severity.HIGH,
            "input-writes",
            f"INPUT can {', '.join(str(each) for each in able)} in {grant.registered.path}",
            ", ".join(dict.fromkeys(str(each) for each in able.values())),
            "INPUT holds your raw data; Lightly only lists and reads it, and a leaked credential could delete it",
            "allow INPUT s3:ListBucket and s3:GetObject alone, by an identity of its own",
            source=LIGHTLY,
        )


def _read(name: str, text: str, bad: list[tuple[str, str]]) -> Document | None:
    try:
        return Document.parse(name, text)
    except MalformedDocumentError as fault:
        bad.append((name, f"{fault.where}: {fault.fault}" if fault.where else fault.fault))
        return None


def _leaves_it_to_iam(account: str) -> Document:
    """A key policy like the default one: the key's own is not read."""
    admits = {"AWS": f"arn:aws:iam::{account}:root"}
    statement = {"Effect": "Allow", "Principal": admits, "Action": "kms:*", "Resource": "*"}
    return Document("key policy", {"Version": "2012-10-17", "Statement": statement})
