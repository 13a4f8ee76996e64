"""What nobody may do with the access that was granted, tried for real: each attempt must be refused."""

from collections.abc import Iterator
from dataclasses import dataclass

from lightly_rehearsal.aws_client import account
from lightly_rehearsal.ledger import Credential, attempt, enter
from lightly_rehearsal.sandbox import Sandbox


@dataclass(frozen=True)
class Attack:
    """One attempt and how it ended: the code of the refusal, or None when it was let through."""

    what: str
    refused: str | None


def attacks(sandbox: Sandbox, credential: Credential) -> Iterator[Attack]:
    """Try to get in without the right external ID, to leave the path, and to write where only reading is granted."""
    if credential.kind == "role":
        yield from _doors(sandbox, credential)
    s3 = enter(sandbox, credential).s3
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
        yield Attack(what, attempt(action))


def _doors(sandbox: Sandbox, role: Credential) -> Iterator[Attack]:
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
        yield Attack(what, attempt(action))
