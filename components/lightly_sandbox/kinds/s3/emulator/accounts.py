"""The accounts that exist, each with an administrator."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from lightly_core.lightly_rules import LIGHTLY_AWS_ACCOUNT

from lightly_sandbox.kinds.s3.emulator import facts

CUSTOMER = "123456789012"
LIGHTLY = LIGHTLY_AWS_ACCOUNT
"""Lightly's own account: https://docs.lightly.ai/docs/aws-s3"""
STRANGER = "666666666666"
ARCHIVE = "555555555555"
"""Of whoever owns the S3-compatible service."""
ACCOUNTS = {"customer": CUSTOMER, "lightly": LIGHTLY, "stranger": STRANGER, "archive": ARCHIVE}

_EVERYTHING = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}'


@dataclass(frozen=True, slots=True)
class Administrator:
    """The access key of a user who may do everything in his account."""

    account: str
    access_key_id: str
    secret_access_key: str = field(repr=False)


def make_administrators(accounts: Mapping[str, str] = ACCOUNTS) -> dict[str, dict[str, str]]:
    """Make one user `administrator` in every account; as the line of the announcement gives them."""
    return {name: asdict(_administrator(account)) for name, account in accounts.items()}


def _administrator(account: str) -> Administrator:
    backend = facts.iam(account)
    backend.create_user("us-east-1", "administrator", "/")
    backend.put_user_policy("administrator", "everything", _EVERYTHING)
    key = backend.create_access_key("administrator")
    return Administrator(account, key.access_key_id, key.secret_access_key)
