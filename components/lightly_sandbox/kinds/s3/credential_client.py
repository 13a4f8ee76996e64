"""Roles, sessions and access keys, of AWS and of S3-compatible services: the local AWS answers for both."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from lightly_core.lightly_rules import SESSION_SECONDS
from lightly_core.secret import Secret

from lightly_sandbox.credential_log import Credential, revealed
from lightly_sandbox.kinds.credential_client import Attack, CredentialClient, attempt
from lightly_sandbox.kinds.s3.client import Aws, account, refusal
from lightly_sandbox.sandbox import REGION, Sandbox

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def enter(sandbox: Sandbox, credential: Credential) -> Aws:
    """Become what Lightly becomes with it: for a role, a session of 12 hours. Raises ClientError."""
    if credential.kind != "role":
        return Aws(sandbox, credential.identity, credential.secret, credential.session_token)
    session = open_session(sandbox, credential)
    return Aws(sandbox, session.identity, session.secret, session.session_token)


def open_session(sandbox: Sandbox, role: Credential) -> Credential:
    """The session that Lightly's account gets for this role."""
    given = account(sandbox, "lightly").sts.assume_role(
        RoleArn=role.identity,
        RoleSessionName="lightly",
        ExternalId=role.secret.reveal(),
        DurationSeconds=SESSION_SECONDS,
    )["Credentials"]
    return Credential(
        "session", role.dataset, role.purpose, role.path, given["AccessKeyId"],
        Secret(given["SecretAccessKey"]), Secret(given["SessionToken"]), region=role.region, given=role.given,
    )  # fmt: skip


def _assume_role_attacks(sandbox: Sandbox, role: Credential) -> Iterator[Attack]:
    """The confused deputy and his friends: https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html"""
    lightly, stranger = (account(sandbox, name).sts for name in ("lightly", "stranger"))
    arn, right = role.identity, role.secret.reveal()
    who = f"{role.dataset} {role.purpose}"

    tries = [
        (
            f"Lightly assumes the role of {who} without an external ID",
            lambda: lightly.assume_role(RoleArn=arn, RoleSessionName="attempt"),
        ),
        (
            f"Lightly assumes the role of {who} with another customer's external ID",
            lambda: lightly.assume_role(RoleArn=arn, RoleSessionName="attempt", ExternalId=right[::-1]),
        ),
        (
            f"a stranger assumes the role of {who} with the right external ID",
            lambda: stranger.assume_role(RoleArn=arn, RoleSessionName="attempt", ExternalId=right),
        ),
    ]
    for what, action in tries:
        yield Attack.tried(what, action, refusal)


class S3CredentialClient(CredentialClient):
    """Whoever holds a role, a session or an access key."""

    accesses: Mapping[str, str] = {"delegated": "role", "user": "access key"}
    outlives: tuple[str, ...] = ("session",)

    def shown(self, inputs: Mapping[str, Any]) -> tuple[str, str]:
        """A role by its ARN, whose secret is the external ID; a key by its id."""
        if "roleArn" in inputs:
            return revealed(inputs["roleArn"]), revealed(inputs["externalId"])
        return revealed(inputs["accessKeyId"]), revealed(inputs["secretAccessKey"])

    def issued(self, resource: Mapping[str, Any]) -> Credential | None:
        if resource["type"] != "aws:iam/accessKey:AccessKey":
            return None
        user, secret = resource["outputs"]["user"], Secret(revealed(resource["outputs"]["secret"]))
        return Credential("access key", user, "", "", resource["id"], secret, registered=False)

    def s3(self, sandbox: Sandbox, credential: Credential) -> "S3Client":
        """The holder's client where the bucket is. Raises ClientError."""
        client: S3Client = enter(sandbox, credential).client("s3", credential.region or REGION)
        return client

    def use(self, sandbox: Sandbox, credential: Credential) -> str | None:
        """List its directory; a key whose directory is not known asks who it is."""

        def listing() -> None:
            if credential.path:
                self.s3(sandbox, credential).list_objects_v2(Bucket=credential.bucket, Prefix=credential.prefix)
            else:
                enter(sandbox, credential).sts.get_caller_identity()

        return attempt(listing, refusal)

    def attacks(self, sandbox: Sandbox, credential: Credential) -> Iterator[Attack]:
        """Get in without the right external ID, leave the path, and write where only reading is granted."""
        if credential.kind == "role":
            yield from _assume_role_attacks(sandbox, credential)
        s3 = self.s3(sandbox, credential)
        bucket, prefix = credential.bucket, credential.prefix
        who = f"{credential.dataset} {credential.purpose}"
        beside = f"{prefix.rstrip('/')}-not-yours/"
        tries = [
            (f"{who} lists the whole bucket", lambda: s3.list_objects_v2(Bucket=bucket)),
            (f"{who} lists beside its path", lambda: s3.list_objects_v2(Bucket=bucket, Prefix=beside)),
            (f"{who} reads beside its path", lambda: s3.get_object(Bucket=bucket, Key=f"{beside}secret.png")),
            (f"{who} writes beside its path", lambda: s3.put_object(Bucket=bucket, Key=f"{beside}x", Body=b"x")),
            (f"{who} reads the bucket's policy", lambda: s3.get_bucket_policy(Bucket=bucket)),
        ]
        if credential.purpose == "INPUT":
            tries += [
                (f"{who} writes to its path", lambda: s3.put_object(Bucket=bucket, Key=f"{prefix}x", Body=b"x")),
                (f"{who} deletes from its path", lambda: s3.delete_object(Bucket=bucket, Key=f"{prefix}x")),
            ]
        for what, action in tries:
            yield Attack.tried(what, action, refusal)

    def sessions(self, sandbox: Sandbox, credential: Credential) -> list[Credential]:
        """A role's session works for twelve hours, unless the role goes."""
        return [open_session(sandbox, credential)] if credential.kind == "role" else []
