"""What moto knows, read without changing it: users, roles, groups, policies, buckets, keys.

moto's backends are read in process. They have no types that mypy may follow, so their objects are `Any` here and
nowhere further than the modules of this package that ask for them.
"""

from collections.abc import Iterator
from typing import Any

from moto.iam.models import iam_backends
from moto.kms.models import kms_backends
from moto.s3.models import PublicAccessBlock, s3_backends
from moto.s3control.models import s3control_backends

PARTITION = "aws"
Named = tuple[str, str]
"""The name of a document and its text."""


def iam(account: str) -> Any:
    return iam_backends[account][PARTITION]


def user(account: str, name: str) -> Any | None:
    return iam(account).users.get(name)


def role(account: str, name: str) -> Any | None:
    return next((role for role in list(iam(account).roles.values()) if role.name == name), None)


def group(account: str, name: str) -> Any | None:
    return iam(account).groups.get(name)


def key_owner(accounts: tuple[str, ...], access_key_id: str) -> tuple[str, Any, Any] | None:
    """Account, user and access key behind the ID of a long-term key."""
    for account in accounts:
        for owner in list(iam(account).users.values()):
            for key in owner.access_keys:
                if key.access_key_id == access_key_id:
                    return account, owner, key
    return None


def groups_of(account: str, user_name: str) -> list[Any]:
    """The groups that a user is in."""
    return [
        group for group in list(iam(account).groups.values()) if any(member.name == user_name for member in group.users)
    ]


def policies_of(entity: Any) -> Iterator[Named]:
    """Inline and managed policies of a user, group or role."""
    yield from list(entity.policies.items())
    for managed in list(entity.managed_policies.values()):
        yield managed.name, default_version(managed)


def tags_of(entity: Any | None) -> dict[str, str]:
    """The tags of a user or role."""
    return {str(tag["Key"]): str(tag["Value"]) for tag in (entity.tags if entity else None) or ()}


def managed_policy(account: str, arn: str) -> Any | None:
    """A managed policy of an account by ARN."""
    return iam(account).managed_policies.get(arn)


def default_version(managed: Any) -> str:
    """The text of the version of a managed policy that is in force."""
    return next(str(version.document) for version in managed.versions if version.is_default)


def bucket(name: str) -> tuple[str, Any] | None:
    """Owner's account and moto's bucket, wherever it is: names are global."""
    owner = s3_backends.bucket_accounts.get(name)
    if owner is None:
        return None
    partition, account = owner
    return account, s3_backends[account][partition].buckets[name]


def account_block(account: str) -> Any | None:
    """The public access block of a whole account; None where nobody has set one."""
    return s3control_backends[account][PARTITION].public_access_block


def set_account_block(account: str, flags: list[bool] | None) -> None:
    """Block public ACLs, ignore them, block public policies, restrict public buckets; None takes it away."""
    s3control_backends[account][PARTITION].public_access_block = PublicAccessBlock(*flags) if flags else None


def bucket_policy(found: Any) -> str | None:
    """The policy of a bucket as text."""
    if not found.policy:
        return None
    return found.policy.decode() if isinstance(found.policy, bytes) else str(found.policy)


def stored_object(bucket_name: str, key: str, version: str | None) -> Any | None:
    """An object as it is stored, None when there is none (or a delete marker)."""
    found = bucket(bucket_name)
    if not found:
        return None
    account, _ = found
    return s3_backends[account][PARTITION].get_object(bucket_name, key, version_id=version)


def multipart(bucket_name: str, upload_id: str) -> Any | None:
    found = bucket(bucket_name)
    return found[1].multiparts.get(upload_id) if found else None


def kms_key(account: str, region: str, reference: str) -> Any | None:
    """A KMS key by ID, key ARN, alias or alias ARN. An ARN says account and region itself."""
    if reference.startswith("arn:"):
        parts = reference.split(":")
        if len(parts) != 6 or parts[2] != "kms":
            return None
        region, account, reference = parts[3], parts[4], parts[5].removeprefix("key/")
    if region not in kms_backends[account]:
        return None
    backend = kms_backends[account][region]
    if reference.startswith("alias/"):
        return next((k for k in list(backend.keys.values()) if reference in k.aliases), None)
    return backend.keys.get(reference)


def key_tags(key: Any) -> dict[str, tuple[str, ...]]:
    """The tags of a KMS key as condition keys, aws:ResourceTag/<name>.

    https://docs.aws.amazon.com/kms/latest/developerguide/tag-authorization.html
    """
    tags = kms_backends[key.account_id][key.region].tagger.get_tag_dict_for_resource(key.id)
    return {f"aws:ResourceTag/{name}": (str(value),) for name, value in tags.items()}
