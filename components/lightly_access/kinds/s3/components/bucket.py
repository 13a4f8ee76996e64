"""The bucket: yours already and never touched, or made by us and hardened."""

import functools
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws
from lightly_policies.deployer import OWNER_TAG
from lightly_policies.render_aws import aws_bucket_tls, aws_key_policy

from lightly_access.arguments.check import Component
from lightly_access.arguments.error import in_a_sentence
from lightly_access.arguments.table import HIDDEN
from lightly_access.kinds import replaced
from lightly_access.kinds.contents import Contents
from lightly_access.kinds.s3 import fields
from lightly_access.kinds.s3.bucket_contents import Account
from lightly_access.kinds.s3.components import key_loss, old_key, spare_keys
from lightly_access.kinds.s3.components.hook import SharedHook
from lightly_access.kinds.s3.components.output_fields import OutputTags
from lightly_access.kinds.s3.holder import HOLDERS
from lightly_access.kinds.s3.login import configured_login
from lightly_access.own_thread import on_own_thread
from lightly_access.resources import BucketGuard
from lightly_access.tables.fields import NoncurrentDays
from lightly_access.tables.table import CREATED, VERSIONED


class S3BucketArgs(TypedDict):
    """A bucket: yours already (never touched), or made by us (hardened)."""

    bucket: fields.BucketName
    """The bucket's name."""
    region: fields.Region
    """Its AWS region."""
    create: NotRequired[bool]
    """Make it. Default: it exists, is yours, and nothing about it is changed."""
    kms_key: NotRequired[pulumi.Input[fields.KmsKey] | None]
    """`create` for a KMS key of its own, or the ARN of the key that its objects use. Default: SSE-S3."""
    old_kms_keys: NotRequired[Sequence[pulumi.Input[fields.KmsKey]] | None]
    """The keys that objects of before are still under, by ARN, or `create` for the one that was made here."""
    versioning: NotRequired[Annotated[bool, CREATED]]
    """Keep old versions of objects (created buckets)."""
    noncurrent_days: NotRequired[Annotated[NoncurrentDays, VERSIONED] | None]
    """Delete old versions after so many days (needs `versioning`)."""
    force_destroy: NotRequired[Annotated[bool, CREATED]]
    """Allow `destroy` to delete a created bucket together with its objects. Default: a bucket with objects is kept."""
    tags: NotRequired[OutputTags]
    """Tags of everything that we make here."""
    login: NotRequired[Annotated[Mapping[str, pulumi.Input[str]], HIDDEN]]
    """Whose login looks into a created bucket before it goes, where the provider's is another than the environment's:
    `profile`, `accessKeyId`, `secretAccessKey`, `sessionToken`, `roleArn`, `externalId`."""


class S3Bucket(Component):
    """A bucket that datasets share. Created ones are hardened; adopted ones are only named.

    Example:
        photos = S3Bucket("photos", {"bucket": "acme-datalake", "region": "eu-central-1"})
        results = S3Bucket(
            "results", {"bucket": "acme-lightly", "region": "eu-central-1", "create": True, "kms_key": "create"}
        )
    """

    bucket: str
    region: str
    created: bool
    """Whether it is made here."""
    encrypted: bool
    """Whether its objects are under a KMS key."""
    kms_key_arn: pulumi.Output[str | None]
    """The KMS key that its objects are under."""
    old_kms_key_arns: pulumi.Output[list[str]]
    """Keys that only decrypt: what was written before is under them."""
    made_key: pulumi.Output[str] | None
    """The ARN of the KMS key that was made with it."""
    login: Mapping[str, pulumi.Input[str]] | None
    """Whose login looks into the bucket; None for the environment's."""
    prerequisites: list[pulumi.Resource]
    """The last of what must stand before the bucket may hold objects, which come after the bucket and its guard; empty
    for an adopted one."""
    may_stay: list[pulumi.Resource]
    """Its guard; nothing of an adopted one."""

    def __init__(self, name: str, args: S3BucketArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("lightly-access:aws:S3Bucket", name, None, opts)
        self._name, self._args, self._names = name, args, replaced.names_of(name, opts)
        self.bucket, self.region = args["bucket"], args["region"]
        self.created = args.get("create", False)
        kms_key, self._old_keys = args.get("kms_key"), tuple(args.get("old_kms_keys") or ())
        self.encrypted = kms_key is not None
        self.old_keys = len(self._old_keys)
        self._directories: dict[str, aws.s3.BucketObjectv2] = {}
        self.prerequisites, self.may_stay = [], []
        self._child = pulumi.ResourceOptions(parent=self)
        self.login = args.get("login") or configured_login()
        self.made_key = self._key().arn if "create" in (kms_key, *self._old_keys) else None
        self.kms_key_arn = self._arn(kms_key)
        self.old_kms_key_arns = pulumi.Output.all(*map(self._arn, self._old_keys))
        if self.created:
            self._create()
        self.register_outputs({"bucket": self.bucket, "kmsKeyArn": self.kms_key_arn})

    @functools.cached_property
    def before_a_policy(self) -> SharedHook[str]:
        """What is asked before the policy of an access to the bucket changes; each tells its path."""
        return old_key.paths_kept_readable(self._name, self)

    @functools.cached_property
    def before_a_key(self) -> SharedHook[Any]:
        """What is asked before an access key for the bucket is made; each access tells itself."""
        return spare_keys.guard(self._name, self.region, self.login)

    def directory(self, path: str) -> pulumi.Resource:
        """An empty placeholder object: Lightly demands an existing directory, and S3 has none without an object.

        https://docs.lightly.ai/docs/cloud-storage: "The resource_path must point to an existing directory".
        """
        if path not in self._directories:
            self._directories[path] = aws.s3.BucketObjectv2(
                f"{self._name}/{path}",
                bucket=self.bucket,
                key=path,
                content="",
                region=self.region,
                opts=pulumi.ResourceOptions(parent=self, depends_on=self.prerequisites),
            )
        return self._directories[path]

    def _arn(self, key: pulumi.Input[str] | None) -> pulumi.Output[Any]:
        return self.made_key if key == "create" and self.made_key else pulumi.Output.from_input(key)

    def _key(self) -> aws.kms.Key:
        return aws.kms.Key(
            f"{self._name}-key",
            description=f"Objects of {self.bucket}",
            policy=aws.get_caller_identity_output(opts=pulumi.InvokeOptions(parent=self)).apply(
                in_a_sentence(
                    f"S3Bucket {self._name}", lambda caller: aws_key_policy(caller.account_id, region=self.region)
                )
            ),
            enable_key_rotation=True,
            region=self.region,
            # Its own tag is what a deployer's policy can bind to: the key's id is not known before it is made.
            tags={**self._args.get("tags", {}), OWNER_TAG: key_loss.owner()},
            opts=pulumi.ResourceOptions(
                parent=self, hooks=key_loss.guarded(self._name, self.bucket, self.region, self.login, self)
            ),
        )

    def _create(self) -> None:
        """Hardened: CIS AWS 3.1.2 (TLS only), 3.1.4 (no public access), and owner-enforced so that no ACL counts."""
        versioning = self._args.get("versioning", False)
        bucket = aws.s3.Bucket(
            f"{self._name}-bucket",
            bucket=self.bucket,
            region=self.region,
            force_destroy=self._args.get("force_destroy", False),
            tags=self._args.get("tags"),
            opts=pulumi.ResourceOptions(
                parent=self, depends_on=self._outlived_by_the_key(), hooks=self._not_replaced()
            ),
        )
        guard = self._guard(bucket)
        self.may_stay.append(guard)
        # Deleted with the bucket, never before it: a bucket that `destroy` must keep stays as hardened as it was.
        setting = pulumi.ResourceOptions(parent=self, deleted_with=bucket)
        here: dict[str, Any] = {"bucket": bucket.bucket, "region": self.region, "opts": setting}
        private = aws.s3.BucketPublicAccessBlock(
            f"{self._name}-public-access-block",
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            **here,
        )
        encryption = aws.s3.BucketServerSideEncryptionConfiguration(
            f"{self._name}-encryption",
            rules=[self._encryption_rule()],
            bucket=bucket.bucket,
            region=self.region,
            # No other key before the guard has agreed to it.
            opts=pulumi.ResourceOptions.merge(
                setting,
                pulumi.ResourceOptions(depends_on=[guard], hooks=old_key.default_kept_readable(self._name, self)),
            ),
        )
        self.prerequisites = [
            private,
            encryption,
            aws.s3.BucketOwnershipControls(
                f"{self._name}-ownership", rule={"object_ownership": "BucketOwnerEnforced"}, **here
            ),
            aws.s3.BucketPolicy(f"{self._name}-tls-only", policy=aws_bucket_tls(self.bucket), **here),
        ]
        if versioning:
            self.prerequisites.append(
                aws.s3.BucketVersioning(
                    f"{self._name}-versioning", versioning_configuration={"status": "Enabled"}, **here
                )
            )
        aws.s3.BucketLifecycleConfiguration(f"{self._name}-lifecycle", rules=self._lifecycle_rules(), **here)

    def _not_replaced(self) -> pulumi.ResourceHookBinding:
        new = {"bucket": self.bucket, "region": self.region}

        async def held(deployed: replaced.Deployed) -> Contents:
            old, login = deployed[HOLDERS[0].type], await pulumi.Output.all(**(self.login or {})).future()
            account = Account(str(old.get("region") or self.region), login or {})
            return await on_own_thread(account.data, str(old.get("bucket")))

        return replaced.refused(self._names, "bucket", HOLDERS, new, held)

    def _guard(self, bucket: aws.s3.Bucket) -> BucketGuard:
        """Of a program's own key nothing is known but that it is not ours to delete."""
        return BucketGuard(
            f"{self._name}-guard",
            bucket=bucket.bucket,
            region=self.region,
            kms_key_arn=self.made_key.apply(str) if self.made_key else None,
            force_destroy=self._args.get("force_destroy", False),
            login=self.login,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[bucket]),
        )

    def _outlived_by_the_key(self) -> Any:
        """The key as a dependency, ours or a program's: it is deleted after the bucket, and not when the bucket stays.

        The SDK takes the resources behind an output of `depends_on`, whatever its value.
        """
        keys = [self.kms_key_arn] if self.encrypted else []
        return [each.apply(lambda _: None) for each in (*keys, *map(self._arn, self._old_keys))]

    def _encryption_rule(self) -> aws.s3.BucketServerSideEncryptionConfigurationRuleArgsDict:
        if not self.encrypted:
            return {"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}}
        return {
            "apply_server_side_encryption_by_default": {
                "sse_algorithm": "aws:kms",
                "kms_master_key_id": self.kms_key_arn.apply(lambda arn: arn or ""),
            },
            "bucket_key_enabled": True,
        }

    def _lifecycle_rules(self) -> list[aws.s3.BucketLifecycleConfigurationRuleArgsDict]:
        rules: list[aws.s3.BucketLifecycleConfigurationRuleArgsDict] = [
            {
                "id": "abort-incomplete-uploads",
                "status": "Enabled",
                "filter": {"prefix": ""},
                "abort_incomplete_multipart_upload": {"days_after_initiation": 7},
            }
        ]
        if self._args.get("versioning", False):
            # A marker that hides nothing any more: whatever deletes an object leaves one, our own probes too.
            rules.append(
                {
                    "id": "expire-lone-markers",
                    "status": "Enabled",
                    "filter": {"prefix": ""},
                    "expiration": {"expired_object_delete_marker": True},
                }
            )
        days = self._args.get("noncurrent_days")
        if days is not None:
            rules.append(
                {
                    "id": "expire-old-versions",
                    "status": "Enabled",
                    "filter": {"prefix": ""},
                    "noncurrent_version_expiration": {"noncurrent_days": days},
                }
            )
        return rules
