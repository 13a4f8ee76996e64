"""User access: an access key of a user in your account, replaced period by period."""

from datetime import UTC, datetime
from typing import Any

import pulumi
import pulumi_aws as aws

from lightly_access.access import Access, ended_before, fingerprint, named_once
from lightly_access.joined import alone, together
from lightly_access.kinds.s3.components.grant import Grant, S3AccessArgs
from lightly_access.kinds.s3.names import IAM_PATH
from lightly_access.rotation import Period
from lightly_access.rotation_args import RotationArgs


class S3UserAccessArgs(S3AccessArgs, RotationArgs):
    """An access key, and when it is replaced."""


class S3UserAccess(Access):
    """A user in a group that reaches one path, and its access key, which is replaced period by period.

    Example:
        photos = S3Bucket("photos", {"bucket": "acme-datalake", "region": "eu-central-1"})
        reads = S3UserAccess(
            "farm-animals-input",
            {
                "store": photos,
                "path": "farm-animals/",
                "purpose": Purpose.INPUT,
                "dataset": "farm-animals",
                "rotate_after": 30,
            },
        )
    """

    def __init__(self, name: str, args: S3UserAccessArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("lightly-access:aws:S3UserAccess", name, None, ended_before([args["store"]], opts))
        grant = Grant(f"S3UserAccess {name}", args, delegated=False)
        grant.assert_least_privilege(name)
        child = pulumi.ResourceOptions(parent=self)
        period = Period.of(args, datetime.now(UTC).date())
        user = aws.iam.User(
            f"{name}-user",
            name=grant.name,
            path=IAM_PATH,
            permissions_boundary=args.get("permissions_boundary"),
            force_destroy=True,  # a run killed while it made a key left one that no state knows: it must die too
            tags=args.get("tags"),
            opts=named_once(self, "name"),
        )
        group = aws.iam.Group(f"{name}-group", name=grant.name, path=IAM_PATH, opts=named_once(self, "name"))
        policy = aws.iam.GroupPolicy(
            f"{name}-policy",
            group=group.name,
            name=f"lightly-{args['purpose'].lower()}",
            policy=grant.policy,
            opts=grant.policy_options(f"{name}-policy", self),
        )
        member = aws.iam.UserGroupMembership(f"{name}-member", user=user.name, groups=[group.name], opts=child)
        key = aws.iam.AccessKey(
            f"{name}-key",
            user=user.name,
            opts=pulumi.ResourceOptions(
                parent=self,
                hooks=pulumi.ResourceHookBinding(before_create=[args["store"].before_a_key.of(f"{name}-key", self)]),
                # A new period or text replaces the key: the new one is registered and verified before the old one dies.
                replacement_trigger=period.trigger,
            ),
        )
        documents = together(policy.policy, args["store"].kms_key_arn, args["store"].old_kms_key_arns)
        made = {"kind": "access key", "rotates": period.due.isoformat(), "period": period.trigger}
        self._describe(
            purpose=args["purpose"],
            registration={
                **grant.registration("user"),
                "access_key_id": key.id,
                "secret_access_key": alone(key.secret),
            },
            identity=key.id,
            proof=documents.apply(lambda d: dict(grant.prove(*d).capabilities)),
            fingerprint=policy.policy.apply(fingerprint),
            credential=key.create_date.apply(lambda at: {**made, "created": at}),
            probe_credential=_probe_credential(args, key),
            prerequisites=[policy, member, *grant.prerequisites()],
            expected=grant.expected,
        )


def _probe_credential(args: S3UserAccessArgs, key: aws.iam.AccessKey) -> dict[str, pulumi.Input[Any]] | None:
    if args.get("network"):  # a hardened key can do something else in each place, and ours is not Lightly's
        return None
    return {
        "accessKeyId": key.id,
        "secretAccessKey": key.secret,
        "region": args["store"].region,
        "kmsKeyArn": args["store"].kms_key_arn,
        "wholeBucket": not args.get("list_prefix_condition", True),
    }
