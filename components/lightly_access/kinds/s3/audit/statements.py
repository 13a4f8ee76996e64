"""Each Allow of a role's or user's policies as it is written: what it names that the purpose does not need."""

from collections.abc import Iterator

from lightly_policies.evaluator.document import Document
from lightly_policies.evaluator.matching import action_matches, spans_stores
from lightly_policies.evaluator.statement import Statement
from lightly_policies.proof_aws import bound_to_path
from lightly_policies.render_aws import as_pattern

from lightly_access.audit.finding import Finding, Severity
from lightly_access.kinds.s3.audit.grant import LIGHTLY, GrantDocuments, singles

_GRAMMAR = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html"
_LEAK = "a leaked credential, or a mistake at Lightly, reaches it too"
_BY_NAME = "name the actions: s3:ListBucket, s3:GetObject, and for LIGHTLY s3:PutObject, s3:DeleteObject"


def statement_findings(grant: GrantDocuments) -> Iterator[Finding]:
    """The statements of all policies, one after the other; what cannot be read is a finding too."""
    for where, fault in grant.unreadable:
        what = f"AWS would not accept it, or it cannot be evaluated: {fault}"
        yield Finding(
            Severity.MEDIUM, "policy-unreadable", what, where, "nothing can be said about it", "write it anew"
        )
    for attached, document in grant.policies:
        for single in singles(document):
            yield from _statement(grant, single, f"{attached.title}, statement {single.name}")


def _statement(grant: GrantDocuments, single: Document, where: str) -> Iterator[Finding]:
    (statement,) = single.statements
    tried = grant.wider(single)
    found = [*_negated(statement), *_actions(grant, statement), *_resources(grant, statement)]
    if not found and tried:
        found = [
            (
                Severity.MEDIUM,
                "beyond-purpose",
                f"it allows more than {grant.registered.purpose} needs",
                _LEAK,
                "",
            )
        ]
    for severity, rule, what, why, fix in found:
        way_out = fix or "replace it by the target policy (--json has it)"
        yield Finding(severity, rule, what, where, why, way_out, tried=tried, source=LIGHTLY)


Said = tuple[Severity, str, str, str, str]
"""Severity, rule, what, why, fix."""


def _negated(statement: Statement) -> Iterator[Said]:
    for name, value in (("NotAction", statement.not_actions), ("NotResource", statement.not_resources)):
        if value is not None:
            what = f"{name}: it allows all but what it names"
            yield (Severity.CRITICAL, "all-but", what, "every new service and store is in it by itself", "")


def _actions(grant: GrantDocuments, statement: Statement) -> Iterator[Said]:
    needed = {action.lower() for each in grant.target.statements for action in each.actions or ()}
    extra: list[str] = []
    for action in statement.actions or ():
        service, _, name = action.lower().partition(":")
        if action in ("*", "*:*"):
            why = "Lightly could make keys, roles and servers in the account"
            yield (Severity.CRITICAL, "any-action", f"it allows {action}, every action of AWS", why, _BY_NAME)
        elif service not in ("s3", "kms"):
            what = f"it allows {action}, which has nothing to do with the data"
            yield (Severity.HIGH, "other-service", what, "Lightly needs S3 alone (and KMS for an encrypted bucket)", "")
        elif name == "*":
            what = f"it allows {action}: also to change access lists, retention, versions and tags"
            yield (Severity.HIGH, "all-of-service", what, _LEAK, _BY_NAME)
        elif "*" in name or "?" in name:
            also = (
                "" if not any(action_matches(action, each) for each in needed) else ", and more than is needed with it"
            )
            yield (Severity.MEDIUM, "wild-action", f"it allows {action}{also}", _LEAK, _BY_NAME)
        elif action.lower() not in needed:
            extra.append(action)
    if extra:
        what = f"it allows {', '.join(extra)}, which {grant.registered.purpose} does not need"
        yield (Severity.MEDIUM, "extra-action", what, _LEAK, _BY_NAME)


def _resources(grant: GrantDocuments, statement: Statement) -> Iterator[Said]:
    registered, partition = grant.registered, grant.grantee.partition
    bucket = f"arn:{partition}:s3:::{registered.bucket}"
    path = as_pattern(registered.directory)
    for resource in statement.resources or ():
        if resource in (bucket, grant.grantee.kms_key_arn):
            continue
        if spans_stores(resource):
            what = f"it is about {resource}: every bucket" if resource != "*" else "it is about every resource (*)"
            yield (Severity.CRITICAL, "any-bucket", what, "one datasource is one directory of one bucket", "")
        elif not _of_bucket(resource, bucket):
            what = f"it is about {resource}, which is not the datasource's bucket"
            yield (Severity.HIGH, "other-bucket", what, _LEAK, "give each bucket an identity of its own")
        elif path and not resource.startswith(f"{bucket}/{path}"):
            what = f"it reaches {resource}, expected {bucket}/{path}*"
            yield (
                Severity.HIGH,
                "whole-bucket",
                what,
                "the datasource is a directory, and the rest is not Lightly's",
                "",
            )
    if path and _lists_more(statement, bucket, path):
        what = f"it lists names of the bucket that are not below {registered.directory}"
        fix = f'bind it by {{"StringLike": {{"s3:prefix": ["{path[:-1]}", "{path}", "{path}*"]}}}}'
        yield (Severity.MEDIUM, "lists-whole-bucket", what, "names alone can tell customers, projects and people", fix)


def _lists_more(statement: Statement, bucket: str, path: str) -> bool:
    """Whether it lists the bucket and is not bound, by prefix, to the path and what is below it."""
    lists = any(action_matches(each, "s3:ListBucket") for each in statement.actions or ())
    if not lists or bucket not in (statement.resources or ()):
        return False
    return not bound_to_path(statement, path)


def _of_bucket(resource: str, bucket: str) -> bool:
    return resource == bucket or resource.startswith(f"{bucket}/")
