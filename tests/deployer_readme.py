"""The parts of policies/README.md about whoever deploys, rendered from the documents and from what was counted."""

import json
import re
from collections.abc import Callable, Iterable, Mapping

from lightly_policies.deployer import Bucket, Deployment, aws_deployer
from lightly_policies.deployer_needs import AZURE, AZURE_DATA, GOOGLE, Need

from tests import policies_readme

_TEMPLATES = policies_readme.README.parent / "lightly_policies" / "documents" / "aws"
_REASON = re.compile(r'"Sid": "(\w+)",\{# (.+?) #\}')
_PROVIDER = "Provider"

_KEY = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd"
EVERYTHING = Deployment(
    names="acme-prod-*",
    owner="acme/prod",
    buckets=(
        Bucket("acme-adopted", "eu-central-1", kms_key=_KEY, placeholders=True, opened=True),
        Bucket("acme-made", "eu-central-1", made=True, kms_key="create", force_destroy=True, placeholders=True),
        Bucket("acme-kept", "eu-central-1", made=True, versioning=True, placeholders=True),
    ),
    roles=True,
    users=True,
    tagged=True,
    role_boundaries=("arn:aws:iam::123456789012:policy/bounds",),
    user_boundaries=("arn:aws:iam::123456789012:policy/bounds",),
    entered=("arn:aws:iam::210987654321:role/deploys-there",),
    account="123456789012",
)
"""A stack with every feature: each statement of the template is in its policy."""

ACCEPTED = {
    "RESOURCE_POLICY_PRIVILEGE_ESCALATION": "whoever makes a bucket writes its bucket policy and its lifecycle, and "
    "may by these give or delete what is in it; only buckets with `create: true`, which the stack may delete anyway",
    "RESOURCE_STAR": "`kms:TagResource`: AWS gives the right to tag a key that is being made only on every key "
    "(https://docs.aws.amazon.com/kms/latest/developerguide/tag-permissions.html); bound to the stack's own tag",
    "MISMATCHED_TYPE_BUT_USABLE": "`iam:PermissionsBoundary` with `StringEquals`, as AWS documents it, not ArnLike",
}
"""What parliament finds, and why it stays. cloudsplaining finds nothing."""


def aws() -> str:
    """The statements that were shown, with the features that they are for."""
    return _statements(lambda sid: not sid.startswith(_PROVIDER))


def aws_provider() -> str:
    """The statements that were read in the provider's source."""
    return _statements(lambda sid: sid.startswith(_PROVIDER))


def aws_reader() -> str:
    """The half that reads."""
    return _statements(lambda _: True, read_only=True)


def _statements(wanted: Callable[[str], bool], *, read_only: bool = False) -> str:
    name = "reader" if read_only else "deployer"
    reasons = dict(_REASON.findall((_TEMPLATES / f"{name}.json.j2").read_text()))
    found = json.loads(aws_deployer(EVERYTHING, read_only=read_only))["Statement"]
    if missing := {item["Sid"] for item in found} ^ reasons.keys():
        raise policies_readme.UnexplainedError(f"{name}: statements and reasons differ in {', '.join(sorted(missing))}")
    rows = [
        [item["Sid"], policies_readme.code(item["Action"]), policies_readme.code(item["Resource"]),
         policies_readme.when(item), reasons[item["Sid"]]]
        for item in found
        if wanted(item["Sid"])
    ]  # fmt: skip
    return policies_readme.table(["statement", "action", "on", "only when", "why"], rows)


def linters() -> str:
    """What parliament says of these, and why it is so."""
    return policies_readme.table(
        ["parliament's finding", "why it stays"], [[f"`{item}`", why] for item, why in ACCEPTED.items()]
    )


def _needs(needs: Iterable[Need], head: str, where: str) -> str:
    rows = [[policies_readme.code(need.permission), need.features, need.where, need.why] for need in needs]
    return policies_readme.table([head, "for", where, "why"], rows)


def azure() -> str:
    """Actions of Azure RBAC that were counted."""
    return _needs(AZURE, "action", "on")


def azure_data() -> str:
    """Calls of the blob service that were counted."""
    return _needs(AZURE_DATA, "call", "admitted by")


def google() -> str:
    """Permissions of Google Cloud that were counted."""
    return _needs(GOOGLE, "permission", "on")


PARTS: Mapping[str, Callable[[], str]] = {
    "deployer-aws": aws,
    "deployer-aws-provider": aws_provider,
    "deployer-linters": linters,
    "reader-aws": aws_reader,
    "deployer-azure": azure,
    "deployer-azure-data": azure_data,
    "deployer-gcs": google,
}
