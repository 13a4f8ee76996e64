"""Roles and keys that somebody else made: as their owner would have made them, with the rights that Lightly needs."""

import json
import secrets
from dataclasses import dataclass, field

from lightly_access.kinds.s3 import rules
from lightly_core.lightly_rules import SESSION_SECONDS
from lightly_core.secret import Secret
from lightly_policies.merge import merge
from lightly_policies.render_aws import GrantHolder, aws_grant, aws_trust

from lightly_sandbox.kinds.estate import Source
from lightly_sandbox.kinds.s3.accounts_named import account_of
from lightly_sandbox.kinds.s3.client import Aws, administrator
from lightly_sandbox.sandbox import Sandbox


@dataclass
class Owner:
    """Whoever made them, in the account of each."""

    sandbox: Sandbox
    made: set[str] = field(default_factory=set)
    """The names of roles and users."""
    _ids: dict[str, Secret] = field(default_factory=dict)
    _keys: dict[str, tuple[str, str, Secret]] = field(default_factory=dict)

    def role(self, source: Source, bucket_account: str) -> Secret:
        """The external ID with which Lightly may assume the role of the ARN; one role may be for several paths."""
        arn = source.table.role_arn or ""
        account, (*path, name) = account_of(arn), arn.partition(":role/")[2].split("/")
        iam = administrator(self.sandbox, account).iam
        if name not in self.made:
            self.made.add(name)
            external_id = self._ids.setdefault(source.table.external_id or "", Secret(secrets.token_urlsafe(32)))
            iam.create_role(
                RoleName=name,
                Path="/".join(("", *path, "")),
                AssumeRolePolicyDocument=aws_trust(external_id.reveal()),
                MaxSessionDuration=SESSION_SECONDS,
            )
        document = grant(source, "role")
        iam.put_role_policy(RoleName=name, PolicyName=_policy(source), PolicyDocument=document)
        if account != bucket_account:
            self._admit(source, merge(document, source.purpose, arn).bucket, bucket_account)
        return self._ids[source.table.external_id or ""]

    def _admit(self, source: Source, policy: str, account: str) -> None:
        """Across accounts the bucket must allow it too."""
        s3, bucket = administrator(self.sandbox, account).client("s3", source.store.region), source.store.bucket
        statements = json.loads(policy)["Statement"]
        try:
            statements += json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])["Statement"]
        except s3.exceptions.ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchBucketPolicy":
                raise
        numbered = [{**each, "Sid": f"Lightly{number}"} for number, each in enumerate(statements)]
        s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": numbered}))

    def key(self, source: Source, account: Aws, document: str) -> tuple[str, Secret]:
        """Id and secret of a user's key with these rights; one that the manifest names again has them as well."""
        named = f"{source.table.access_key_id} {source.table.secret}"
        if named not in self._keys:
            user = f"external-{len(self._keys)}"
            self.made.add(user)
            account.iam.create_user(UserName=user)
            key = account.iam.create_access_key(UserName=user)["AccessKey"]
            self._keys[named] = (user, key["AccessKeyId"], Secret(key["SecretAccessKey"]))
        user, id, secret = self._keys[named]
        account.iam.put_user_policy(UserName=user, PolicyName=_policy(source), PolicyDocument=document)
        return id, secret


def grant(source: Source, holder: GrantHolder) -> str:
    """The rights that Lightly needs, as `lightly-access handoff` asks their owner for them."""
    store = source.store
    return aws_grant(
        source.purpose,
        store.bucket,
        source.table.path,
        region=store.region,
        kms_key_arn=store.kms_key,
        old_kms_key_arns=store.old_kms_keys,
        partition=rules.partition(store.region),
        holder=holder,
    )


def _policy(source: Source) -> str:
    return f"{source.key}-{source.purpose.lower()}"[:128]
