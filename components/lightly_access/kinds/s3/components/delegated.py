"""Delegated access: a role in your account that Lightly's account may assume."""

import pulumi
import pulumi_aws as aws
from lightly_core.lightly_rules import SESSION_SECONDS
from lightly_policies.render_aws import aws_trust

from lightly_access.access import Access, ended_before, fingerprint, named_once
from lightly_access.arguments.error import in_a_sentence
from lightly_access.joined import alone, together
from lightly_access.kinds.s3.components.grant import Grant, S3AccessArgs
from lightly_access.kinds.s3.names import IAM_PATH
from lightly_access.resources import ExternalId


class S3DelegatedAccess(Access):
    """A role that Lightly's account may assume with an external ID of its own, and that reaches one path.

    Example:
        photos = S3Bucket("photos", {"bucket": "acme-datalake", "region": "eu-central-1"})
        reads = S3DelegatedAccess(
            "farm-animals-input",
            {"store": photos, "path": "farm-animals/", "purpose": Purpose.INPUT, "dataset": "farm-animals"},
        )
    """

    def __init__(self, name: str, args: S3AccessArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("lightly-access:aws:S3DelegatedAccess", name, None, ended_before([args["store"]], opts))
        who = f"S3DelegatedAccess {name}"
        grant = Grant(who, args, delegated=True)
        grant.assert_least_privilege(name)
        child = pulumi.ResourceOptions(parent=self)
        external_id = ExternalId(f"{name}-external-id", opts=child)
        role = aws.iam.Role(
            f"{name}-role",
            name=grant.name,
            path=IAM_PATH,
            description=f"{args['purpose']} of the Lightly dataset {args['dataset']}",
            assume_role_policy=external_id.value.apply(in_a_sentence(who, aws_trust)),
            max_session_duration=SESSION_SECONDS,
            permissions_boundary=args.get("permissions_boundary"),
            tags=args.get("tags"),
            opts=named_once(self, "name", "description"),
        )
        policy = aws.iam.RolePolicy(
            f"{name}-policy",
            role=role.name,
            name=f"lightly-{args['purpose'].lower()}",
            policy=grant.policy,
            opts=grant.policy_options(f"{name}-policy", self),
        )
        documents = together(
            policy.policy,
            args["store"].kms_key_arn,
            args["store"].old_kms_key_arns,
            role.assume_role_policy,
            external_id.value,
        )
        self._describe(
            purpose=args["purpose"],
            registration={
                **grant.registration("delegated"),
                "role_arn": role.arn,
                "external_id": alone(external_id.value),
            },
            identity=role.arn,
            proof=pulumi.Output.unsecret(documents.apply(lambda d: dict(grant.prove(*d).capabilities))),
            fingerprint=pulumi.Output.unsecret(documents.apply(lambda d: fingerprint(d[0], d[3]))),
            credential=role.create_date.apply(lambda at: {"kind": "role", "created": at, "rotates": None}),
            probe_credential=None,  # only Lightly's account may assume the role
            prerequisites=[policy, *grant.prerequisites()],
            expected=grant.expected,
        )
