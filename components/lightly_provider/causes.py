"""The causes of a light that should be on and is not, one function each. Pure; `diagnose` ranks them.

Each is given the red light and the match of its signs in Lightly's text.
"""

import re
from dataclasses import dataclass

from lightly_access.capability import Capability, Purpose
from lightly_access.contract import LIGHTLY_AWS_ACCOUNT, SESSION_SECONDS

from lightly_provider.attribution import Access

ACTIONS = {
    Capability.LIST: "s3:ListBucket",
    Capability.READ: "s3:GetObject",
    Capability.WRITE: "s3:PutObject",
    Capability.OVERWRITE: "s3:PutObject",
    Capability.DELETE: "s3:DeleteObject",
}
"""The S3 action behind each capability (https://docs.lightly.ai/docs/aws-s3)."""

PUT_BACK = "run `pulumi up --refresh`: it compares the deployed policy with ours and puts ours back"


@dataclass(frozen=True, slots=True)
class RedLight:
    """A light that is not as expected, and what is known about it.

    `error` is the text of the refusal, Lightly's or (`by_probe`) our probe's, empty when there is none; `certain` is
    false when the text may be about the other datasource; `proof` is what our own documents permit, None when nobody
    evaluated them.
    """

    purpose: Purpose
    capability: Capability
    expected: bool
    actual: bool | None
    access: Access
    proof: bool | None
    error: str = ""
    certain: bool = True
    by_probe: bool = False


@dataclass(frozen=True, slots=True)
class Cause:
    """What is wrong, what to do, and whether it may pass by itself (a permission that has not reached every server)."""

    text: str
    fix: str
    mendable_by_waiting: bool


def clock(red: RedLight, found: re.Match[str]) -> Cause:
    return Cause(
        "the clock of the machine that asked differs too much from the store's",
        "set the clock (NTP) of the machine that runs Lightly's worker or this sandbox",
        mendable_by_waiting=False,
    )


def explicit_deny(red: RedLight, found: re.Match[str]) -> Cause:
    policy = found[1].strip()
    where = f"the policy of bucket {red.access.bucket}" if policy == "resource-based policy" else f"a {policy}"
    if policy == "resource-based policy" and "kms:" in red.error:
        where = "the policy of the KMS key"
    return Cause(
        f"{where} denies it to {red.access.identity}, and a deny wins over every allow",
        f"except {red.access.identity} from that Deny statement",
        mendable_by_waiting=False,
    )


def no_allow(red: RedLight, found: re.Match[str]) -> Cause:
    policy, action = found[1], found[2]
    if policy == "resource-based policy":
        where = "the KMS key's policy" if action.startswith("kms:") else f"the policy of bucket {red.access.bucket}"
        return Cause(
            f"{where} does not admit {red.access.identity}: across accounts both sides must allow {action}",
            f"add a statement to {where} that allows {action} to {red.access.identity}",
            mendable_by_waiting=True,
        )
    return Cause(
        f"the {policy} of {red.access.identity} does not allow {action}",
        f"allow {action} in that {policy}",
        mendable_by_waiting=True,
    )


def session_length(red: RedLight, found: re.Match[str]) -> Cause:
    return Cause(
        f"role {red.access.identity} cannot be assumed for as long as Lightly asks",
        f"set the role's maximum session duration to {SESSION_SECONDS} seconds (12 hours)",
        mendable_by_waiting=False,
    )


def expired(red: RedLight, found: re.Match[str]) -> Cause:
    return Cause(
        f"the credential of {red.access.identity} has expired",
        "register a lasting one: a role, or the key of a user (no temporary ASIA... key)",
        mendable_by_waiting=False,
    )


def cannot_assume(red: RedLight, found: re.Match[str]) -> Cause:
    return Cause(
        f"Lightly cannot assume role {red.access.identity}: its trust policy does not admit account "
        f"{LIGHTLY_AWS_ACCOUNT}, or asks for another external ID than the registered one, or the role does not exist",
        f"{PUT_BACK}; the trust policy must allow sts:AssumeRole to arn:aws:iam::{LIGHTLY_AWS_ACCOUNT}:root with the "
        "registered external ID and no other condition (no MFA)",
        mendable_by_waiting=True,
    )


def wrong_secret(red: RedLight, found: re.Match[str]) -> Cause:
    return Cause(
        f"the secret that is registered does not belong to access key {red.access.identity}",
        "rotate the key (`rotate_now`), which registers a new pair",
        mendable_by_waiting=False,
    )


def unknown_key(red: RedLight, found: re.Match[str]) -> Cause:
    return Cause(
        f"access key {red.access.identity} is not valid: deleted, inactive, or so new that it is not known everywhere",
        "wait a minute if it is new; else rotate it (`rotate_now`) or make it active again",
        mendable_by_waiting=True,
    )


def key_unusable(red: RedLight, found: re.Match[str]) -> Cause:
    return Cause(
        f"the KMS key of {red.access.path} cannot be used: disabled, waiting for deletion, or gone",
        "enable the key, or register and use another one",
        mendable_by_waiting=False,
    )


def key_refused(red: RedLight, found: re.Match[str]) -> Cause:
    return Cause(
        f"{red.access.identity} may not use the KMS key of {red.access.path}",
        "allow kms:Decrypt, kms:Encrypt and kms:GenerateDataKey in its policy; the key's policy must admit its account",
        mendable_by_waiting=True,
    )


def wrong_region(red: RedLight, found: re.Match[str]) -> Cause:
    named = re.search(r"expecting '([a-z0-9-]+)'", red.error)
    return Cause(
        f"bucket {red.access.bucket} is in another region than the registered one",
        f"set the store's `region` to {named[1] if named else 'the region of the bucket'}",
        mendable_by_waiting=False,
    )


def no_bucket(red: RedLight, found: re.Match[str]) -> Cause:
    return Cause(
        f"there is no bucket {red.access.bucket}",
        "correct the store's `bucket`, or let us make it: `create: true`",
        mendable_by_waiting=False,
    )


def no_directory(red: RedLight, found: re.Match[str]) -> Cause:
    return Cause(
        f"there is no directory {red.access.path}: Lightly asks for one that exists, it may be empty",
        f"put an object there: `aws s3api put-object --bucket {red.access.bucket} --key {red.access.directory}`",
        mendable_by_waiting=False,
    )


def denied(red: RedLight, found: re.Match[str]) -> Cause:
    action = ACTIONS[red.capability]
    if red.proof:
        return Cause(
            f"the documents we rendered allow {action} (proof), Lightly is refused: the deployed policy of "
            f"{red.access.identity} differs from ours",
            PUT_BACK,
            mendable_by_waiting=True,  # or it has not reached every server of AWS yet
        )
    return Cause(
        f"{red.access.identity} lacks {action} in {red.access.path}",
        f"allow {action} to {red.access.identity}",
        mendable_by_waiting=True,
    )


def busy(red: RedLight, found: re.Match[str]) -> Cause:
    return Cause("the store did not answer in time", "run `pulumi up` again", mendable_by_waiting=True)
