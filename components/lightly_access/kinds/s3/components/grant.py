"""What both accesses share: their arguments, and their documents, proved before anything is deployed.

What Lightly asks for: https://docs.lightly.ai/docs/aws-s3. Every document comes from `lightly_policies`.
"""

from collections.abc import Sequence
from typing import Any, NotRequired, TypedDict

import pulumi
from lightly_core.capability import Purpose, expected
from lightly_policies.network import Network
from lightly_policies.proof import Proof
from lightly_policies.proof_aws import prove_aws
from lightly_policies.render_aws import aws_grant, aws_trust

from lightly_access.access import LeastPrivilegeError, store_prerequisites
from lightly_access.arguments.error import in_a_sentence
from lightly_access.joined import together
from lightly_access.kinds.s3 import fields, placeholders, rules
from lightly_access.kinds.s3.components.bucket import S3Bucket
from lightly_access.kinds.s3.components.output_fields import OutputTags
from lightly_access.naming import physical_name
from lightly_access.stack_name import stack_name
from lightly_access.tables.directory import Directory


class S3AccessArgs(TypedDict):
    """Access to one path of one bucket, for one dataset and purpose."""

    store: S3Bucket
    """The bucket."""
    path: Directory
    """The directory inside it, ending in `/`; empty for the whole bucket."""
    purpose: Purpose
    """INPUT (list, read) or LIGHTLY (list, read, write, overwrite, delete)."""
    dataset: str
    """Whose access this is; part of the physical names, which stay as they were made when this changes."""
    list_prefix_condition: NotRequired[bool]
    """Bind listing to the path (default). Turn it off should Lightly ever be found to list without a prefix."""
    permissions_boundary: NotRequired[pulumi.Input[fields.PolicyArn] | None]
    """ARN of the policy that bounds the role or user, where your organisation demands one."""
    tags: NotRequired[OutputTags]
    """Tags of the role or user."""
    network: NotRequired[Network | None]
    """Where objects may be read and written from; Lightly's own servers can then list, and no more. Default: anywhere.
    Give it to both accesses of a dataset or to one; the worker must run with `datasource.bypass_verify`."""


class Grant:
    """The documents of one access: rendered, and proved before anything is deployed."""

    def __init__(self, who: str, args: S3AccessArgs, *, delegated: bool) -> None:
        self._who, self.args, self.store, self.delegated = who, args, args["store"], delegated
        self.partition = rules.partition(self.store.region)

    def document(self, kms_key_arn: str | None, old_kms_key_arns: Sequence[str] = ()) -> str:
        return aws_grant(
            self.args["purpose"],
            self.store.bucket,
            self.args["path"],
            region=self.store.region,
            kms_key_arn=kms_key_arn,
            old_kms_key_arns=old_kms_key_arns,
            list_prefix_condition=self.args.get("list_prefix_condition", True),
            partition=self.partition,
            holder="role" if self.delegated else "group",
            network=self.args.get("network"),
        )

    @property
    def policy(self) -> pulumi.Output[str]:
        """The document, of the keys as they come."""
        keys = together(self.store.kms_key_arn, self.store.old_kms_key_arns)
        return keys.apply(in_a_sentence(self._who, lambda known: self.document(*known)))

    def policy_options(self, name: str, parent: pulumi.Resource) -> pulumi.ResourceOptions:
        """Of what carries the document: it gives up no key that something in the path is under."""
        hook = self.store.before_a_policy.of(name, self.args["path"])
        return pulumi.ResourceOptions(parent=parent, hooks=pulumi.ResourceHookBinding(before_update=[hook]))

    def prove(
        self,
        grant: str,
        key: str | None,
        old_keys: Sequence[str] = (),
        trust: str | None = None,
        external_id: str | None = None,
    ) -> Proof:
        return prove_aws(
            self.args["purpose"],
            self.store.bucket,
            self.args["path"],
            grant=grant,
            region=self.store.region,
            trust=trust,
            external_id=external_id,
            kms_key_arn=key,
            old_kms_key_arns=old_keys,
            partition=self.partition,
            list_prefix_condition=self.args.get("list_prefix_condition", True),
            network=self.args.get("network"),
        )

    @property
    def expected(self) -> dict[str, bool] | None:
        """What Lightly's own servers must be able to do; None: as the purpose says."""
        if not self.args.get("network"):
            return None
        return {str(name): value for name, value in expected(self.args["purpose"], hardened=True).items()}

    def assert_least_privilege(self, access: str) -> None:
        """Prove the documents at preview, with placeholders for key and external ID. Raises LeastPrivilegeError."""
        key = placeholders.kms_key_arn(self.store.region) if self.store.encrypted else None
        old_keys = [placeholders.kms_key_arn(self.store.region, 1 + number) for number in range(self.store.old_keys)]
        trust = aws_trust(placeholders.EXTERNAL_ID) if self.delegated else None
        external_id = placeholders.EXTERNAL_ID if self.delegated else None
        proof = self.prove(self.document(key, old_keys), key, old_keys, trust, external_id)
        if proof.unexpected:
            raise LeastPrivilegeError(access, self.args["purpose"], proof.unexpected)

    @property
    def name(self) -> str:
        args = self.args
        return physical_name(pulumi.get_project(), stack_name(), args["dataset"], args["purpose"])

    def prerequisites(self) -> list[pulumi.Resource]:
        """The bucket, and the directory where the path is ours."""
        return store_prerequisites(self.store, self.args["path"], writes=self.args["purpose"] is Purpose.LIGHTLY)

    def registration(self, access: str) -> dict[str, pulumi.Input[Any]]:
        return {
            "kind": "s3",
            "access": access,
            "path": f"s3://{self.store.bucket}/{self.args['path']}",
            "region": self.store.region,
            "kms_key_arn": self.store.kms_key_arn,
        }
