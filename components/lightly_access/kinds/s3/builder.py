"""Amazon S3: a bucket, and a role or a user's key."""

from collections.abc import Collection, Mapping
from typing import Any

import pulumi
import pulumi_aws as aws
from lightly_core.capability import Purpose

from lightly_access.access import Access
from lightly_access.kinds.builder import Builder, Opts, Told, referenced_secret, rotation
from lightly_access.kinds.s3.account import AwsAccount
from lightly_access.kinds.s3.components import S3AccessArgs, S3Bucket, S3BucketArgs, S3DelegatedAccess, S3UserAccess
from lightly_access.kinds.s3.store import S3Store
from lightly_access.tables.datasource import Datasource

_KEY = "the ARN of the KMS key"
_SESSION = "lightly-access"
"""What CloudTrail of the account calls whoever deploys."""


class AccountProvider(aws.Provider):
    """The provider of an account, which knows how it got in."""

    login: Mapping[str, pulumi.Input[str]]


class S3Builder(Builder):
    """Buckets, roles, and users with their keys."""

    def store(
        self, name: str, store: S3Store, tags: Mapping[str, str], opts: pulumi.ResourceOptions | None
    ) -> S3Bucket:
        """The bucket."""
        provider = next(iter((opts and opts.providers) or ()), None)
        args: S3BucketArgs = {
            "bucket": store.bucket,
            "region": store.region,
            "create": store.create,
            "kms_key": store.kms_key,
            "old_kms_keys": store.old_kms_keys,
            "versioning": store.versioning,
            "noncurrent_days": store.noncurrent_days,
            "force_destroy": store.force_destroy,
            "tags": {**tags, **store.tags},
        }
        if isinstance(provider, AccountProvider) and provider.login:
            args["login"] = provider.login
        return S3Bucket(name, args, opts)

    def taken(self, name: str, store: S3Store, told: Told, purposes: Collection[Purpose], opts: Opts) -> S3Bucket:
        """The bucket as it is; a key that was made with it is read and written with like one of the account's."""
        made = told(_KEY) if "create" in (store.kms_key, *store.old_kms_keys) else None

        def key(written: str) -> pulumi.Input[str]:
            return made if written == "create" and made is not None else written

        return S3Bucket(
            name,
            {
                "bucket": store.bucket,
                "region": store.region,
                "kms_key": key(store.kms_key) if store.kms_key else None,
                "old_kms_keys": [key(each) for each in store.old_kms_keys],
            },
            opts,
        )

    def facts(self, store: S3Bucket) -> dict[str, pulumi.Input[Any]]:
        """The key that was made."""
        return {_KEY: store.made_key} if store.made_key is not None else {}

    def access(
        self,
        name: str,
        dataset: str,
        purpose: Purpose,
        datasource: Datasource,
        store: S3Bucket,
        tags: Mapping[str, str],
        opts: pulumi.ResourceOptions | None,
    ) -> Access:
        """The role, or the user with its key."""
        args: S3AccessArgs = {
            "store": store,
            "path": datasource.path,
            "purpose": purpose,
            "dataset": dataset,
            "list_prefix_condition": datasource.list_prefix_condition,
            "permissions_boundary": datasource.permissions_boundary,
            "tags": tags,
            "network": datasource.hardened.network if datasource.hardened else None,
        }
        if datasource.access == "delegated":
            return S3DelegatedAccess(name, args, opts)
        return S3UserAccess(name, {**args, **rotation(datasource)}, opts)

    def provider_name(self, account: str, store: S3Store) -> str:
        """One for each account and region: IAM has none, but it is asked in the store's partition."""
        return f"{account}-{store.region}"

    def provider(
        self, name: str, where: str, account: AwsAccount, store: S3Store, opts: pulumi.ResourceOptions | None
    ) -> AccountProvider:
        """The account: a role that is assumed, a profile, or the environment's login; never a key."""
        asked = account.external_id and referenced_secret(account.external_id, f"{where}.external_id")
        # The class, not a dict: the SDK writes a dict's keys into the provider's JSON as they are, with underscores.
        role = aws.ProviderAssumeRoleArgs(role_arn=account.role_arn, external_id=asked, session_name=_SESSION)
        made = AccountProvider(
            name, opts, region=store.region, profile=account.profile, assume_roles=[role] if account.role_arn else None
        )
        known = {"profile": account.profile, "roleArn": account.role_arn, "externalId": asked}
        made.login = {key: value for key, value in known.items() if value}
        return made
