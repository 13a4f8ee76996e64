"""What whoever deploys must be allowed to do in AWS: complete, and no more.

The statements stand in documents/aws/deployer.json.j2, each with its reason. What is shown: a test deploys, changes,
mends and destroys a stack with every feature as a user that has these and nothing else, and compares what was granted
with what was asked for, statement by statement. Statements whose Sid begins with `Provider` are what Pulumi's provider
asks for besides; each names the file that it was read in, of https://github.com/hashicorp/terraform-provider-aws, which
Pulumi's provider is made from. Where Terraform is on the machine a test runs that provider in the same way.

Names are bound by the project and the stack, not by datasets: a new dataset needs no new policy.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from lightly_policies.evaluator.aws import Document
from lightly_policies.render_aws import arn_of_bucket, checked_key, checked_region, s3_service
from lightly_policies.rendering import TEMPLATES, UnrenderableDocumentError

MANAGED_POLICY_QUOTA = 6144
"""Characters without white space: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""
ATTACHED_POLICIES = 10
"""How many a role or user takes: the same page."""
OWNER_TAG = "lightly-access"
"""Tag of the KMS keys that a stack makes, by which its deployer is bound to them: `<project>/<stack>`."""
_NAME = "deployer policy"
_BY_SEVERAL = "deploy the stores by several stacks, each with a policy of its own"
_NAMES = re.compile(r"[a-z0-9-]*\*")
_OWNER = re.compile(r"[\w.-]+/[\w.-]+", re.ASCII)
_ACCOUNT = re.compile(r"[0-9]{12}|\*", re.ASCII)
_ROLE = re.compile(r"arn:aws(-cn)?:iam::[0-9]{12}:role/[\w+=,.@/-]+", re.ASCII)
_BOUNDARY = re.compile(r"arn:aws(-cn)?:iam::([0-9]{12}|aws):policy/[\w+=,.@/-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket of the stack, adopted or made."""

    name: str
    region: str
    made: bool = False
    kms_key: str | None = None
    """`create` for a key that the stack makes, or the ARN of one that exists."""
    old_key_made: bool = False
    """Whether the stack makes a key that the bucket had before."""
    versioning: bool = False
    force_destroy: bool = False
    placeholders: bool = False
    """Whether directories are made in it: for a path in a made bucket, or one where Lightly writes."""
    opened: bool = False
    """Whether a role or user of the stack gets into it."""

    @property
    def may_keep_versions(self) -> bool:
        """Of an adopted bucket it is not known."""
        return self.versioning or not self.made


@dataclass(frozen=True, slots=True)
class Deployment:
    """What a stack makes in AWS, as far as its deployer's permissions depend on it."""

    names: str
    """The IAM pattern that the names of its roles, users and groups match, such as `lightly-access-prod-*`."""
    owner: str
    """The value of the keys' tag: `<project>/<stack>`."""
    buckets: tuple[Bucket, ...] = ()
    roles: bool = False
    users: bool = False
    tagged: bool = False
    """Whether the manifest gives tags."""
    role_boundaries: tuple[str, ...] = ()
    """ARNs of permissions boundaries, when every role has one; else empty, and the roles are not bound."""
    user_boundaries: tuple[str, ...] = ()
    entered: tuple[str, ...] = ()
    """ARNs of the roles in other accounts that are assumed to deploy there, each with a policy of its own."""
    account: str | None = None
    """The account, twelve digits. Without it ARNs hold `*` there, which means no other account."""
    partition: str = "aws"


def aws_deployer(deployment: Deployment, *, provider: bool = True, read_only: bool = False) -> str:
    """The identity policy of the deployer of one stack, canonical. Without `provider` only what is shown here.

    `read_only`: of whoever previews, refreshes and verifies what another login deploys (documents/aws/reader.json.j2).
    Roles of other accounts are not entered by it, for what they may do is to deploy.

    It may be longer than one managed policy takes: see `managed_policies`. Raises UnrenderableDocumentError: nothing to
    grant, or a bad value.
    """
    _check(deployment)
    values = _values(deployment)
    template = TEMPLATES.get_template(f"aws/{'reader' if read_only else 'deployer'}.json.j2")
    body = json.loads(template.render(values, provider=provider))
    if not body["Statement"]:
        raise UnrenderableDocumentError(_NAME, "this stack makes nothing in AWS", "its deployer needs no policy there")
    Document(_NAME, body).require("identity")
    return _canonical(body)


def managed_policies(text: str, quota: int = MANAGED_POLICY_QUOTA) -> list[str]:
    """The same policy as documents within the quota of a managed policy. A statement about many resources is told in
    parts where it is too long by itself: the union of what they allow is the same.

    Raises UnrenderableDocumentError for more documents than a role or user takes, and for a statement that is too long
    about one resource.
    """
    parts: list[list[object]] = [[]]
    for statement in json.loads(text)["Statement"]:
        for piece in _pieces(statement, quota):
            if parts[-1] and len(_policy([*parts[-1], piece])) > quota:
                parts.append([])
            parts[-1].append(piece)
    if len(parts) > ATTACHED_POLICIES:
        fault = (
            f"{len(parts)} managed policies of {quota} characters, of which a role or user takes {ATTACHED_POLICIES}"
        )
        raise UnrenderableDocumentError(_NAME, fault, _BY_SEVERAL)
    return [_policy(part) for part in parts]


def _pieces(statement: dict[str, Any], quota: int) -> Iterator[dict[str, Any]]:
    """The statement, its resources halved until each piece fits."""
    if len(_policy([statement])) <= quota:
        yield statement
        return
    resources = statement["Resource"]
    if not isinstance(resources, list) or len(resources) == 1:
        fault = f"{statement['Sid']}: more than {quota} characters, the quota of a managed policy"
        raise UnrenderableDocumentError(_NAME, fault, _BY_SEVERAL)
    middle = len(resources) // 2
    for half in (resources[:middle], resources[middle:]):
        yield from _pieces({**statement, "Resource": half}, quota)


def _policy(statements: list[object]) -> str:
    return _canonical({"Version": "2012-10-17", "Statement": statements})


def _canonical(body: object) -> str:
    return json.dumps(body, sort_keys=True, separators=(",", ":"))


def _check(deployment: Deployment) -> None:
    """Values that become part of ARNs and conditions: no wildcard or variable but the one at the end of `names`."""
    for what, value, pattern in (
        ("names", deployment.names, _NAMES),
        ("owner", deployment.owner, _OWNER),
        ("account", deployment.account or "*", _ACCOUNT),
        *(("role of another account", role, _ROLE) for role in deployment.entered),
        *(
            ("permissions boundary", boundary, _BOUNDARY)
            for boundary in (*deployment.role_boundaries, *deployment.user_boundaries)
        ),
    ):
        if not pattern.fullmatch(value):
            raise UnrenderableDocumentError(_NAME, f"{what}: got {value!r}, expected {pattern.pattern}")


def _values(deployment: Deployment) -> dict[str, object]:
    made = [bucket for bucket in deployment.buckets if bucket.made]
    placed = [bucket for bucket in deployment.buckets if bucket.placeholders]
    kept = [bucket for bucket in placed if bucket.may_keep_versions]
    emptied = [bucket for bucket in made if bucket.force_destroy]
    kept_full = [bucket for bucket in made if not bucket.force_destroy]
    own = [bucket for bucket in made if bucket.kms_key == "create" or bucket.old_key_made]
    encrypted = [bucket for bucket in placed if bucket.kms_key and bucket.kms_key != "create"]
    of_own = [bucket for bucket in placed if bucket.kms_key == "create"]
    tag = {f"aws:ResourceTag/{OWNER_TAG}": deployment.owner}
    return {
        "tagged": deployment.tagged,
        "made_buckets": _arns(deployment, made),
        "versioned_buckets": _arns(deployment, [bucket for bucket in made if bucket.versioning]),
        "guarded_buckets": _arns(deployment, kept_full),
        "guarded_probes": _arns(deployment, kept_full, "/*.lightly/probe-*")
        + _arns(deployment, kept_full, "/*.lightly/verify-*"),
        "opened_buckets": _arns(deployment, [each for each in deployment.buckets if each.opened and not each.made]),
        "emptied_buckets": _arns(deployment, emptied),
        "emptied_objects": _arns(deployment, emptied, "/*"),
        "placeholder_buckets": _arns(deployment, placed),
        "placeholders": _arns(deployment, placed, "/*/"),
        "removed_placeholders": _arns(deployment, [bucket for bucket in placed if not bucket.versioning], "/*/"),
        "versioned_placeholder_buckets": _arns(deployment, kept),
        "versioned_placeholders": _arns(deployment, kept, "/*/"),
        "keys": _keys(deployment, own),
        "placeholder_keys": _keys(deployment, of_own),
        "existing_keys": sorted({checked_key(_NAME, str(bucket.kms_key), bucket.region) for bucket in encrypted}),
        "tag_asked_for": {f"aws:RequestTag/{OWNER_TAG}": deployment.owner},
        "tag_borne": tag,
        "tag_borne_through_s3": {**tag, "kms:ViaService": _through(of_own)},
        "through_s3": {"kms:ViaService": _through(encrypted)},
        "roles": [_iam(deployment, "role")] if deployment.roles else [],
        "users": [_iam(deployment, "user")] if deployment.users else [],
        "groups": [_iam(deployment, "group")] if deployment.users else [],
        "managed_policies": [
            f"arn:{deployment.partition}:iam::{owner}:policy/*" for owner in (deployment.account or "*", "aws")
        ],
        "entered": list(deployment.entered),
        "role_boundaries": list(deployment.role_boundaries),
        "user_boundaries": list(deployment.user_boundaries),
    }


def _arns(deployment: Deployment, buckets: Iterable[Bucket], below: str = "") -> list[str]:
    return sorted(arn_of_bucket(_NAME, bucket.name, deployment.partition) + below for bucket in buckets)


def _keys(deployment: Deployment, buckets: Iterable[Bucket]) -> list[str]:
    regions = {checked_region(_NAME, bucket.region) for bucket in buckets}
    return sorted(f"arn:{deployment.partition}:kms:{region}:{deployment.account or '*'}:key/*" for region in regions)


def _through(buckets: Iterable[Bucket]) -> list[str]:
    return sorted({s3_service(checked_region(_NAME, bucket.region)) for bucket in buckets})


def _iam(deployment: Deployment, kind: str) -> str:
    return f"arn:{deployment.partition}:iam::{deployment.account or '*'}:{kind}/lightly/{deployment.names}"
