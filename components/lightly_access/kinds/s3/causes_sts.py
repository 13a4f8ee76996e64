"""Causes in the words of AWS that are about getting in: the role, its session, and where that session is valid.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_enable-regions.html: a session of the global
endpoint of STS is not valid in a region that is opt-in ("InvalidToken", "InvalidClientTokenId"), unless the account
that asks for it says so; and STS can be switched off in a region ("RegionDisabledException",
https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html).
"""

from lightly_core.lightly_rules import LIGHTLY_AWS_ACCOUNT, SESSION_SECONDS

from lightly_access.kinds.cause import Sign

_REGION = (
    "the session of the role is not valid in the bucket's region: that is an opt-in region, which is not enabled for "
    "the account, or not for the session's token"
)
_ENABLE = (
    "enable the region in the account of the bucket and the role (`aws account enable-region --region-name <region>`), "
    f"and ask Lightly's support whether account {LIGHTLY_AWS_ACCOUNT} asks that region's own STS; or use a bucket in a "
    "region that is on by default"
)
_INVALID = "InvalidClientTokenId|UnrecognizedClientException|token included in the request is invalid"

SIGNS = (
    Sign(
        "s3-external-id-malformed",
        r"'?externalId'? failed to satisfy|parameter ExternalId|ExternalId.{0,40}(?:length|minimum field)",
        "the registered external ID is none: AWS takes 2 to 1224 letters, digits and _ + = , . @ : / -",
        "{renew}; the role's trust policy must ask for the same one",
        False,
    ),
    Sign(
        "s3-role-arn-malformed",
        r"AssumeRole.{0,120}(?:'roleArn' failed to satisfy|\barn:\S* is invalid)|parameter RoleArn",
        "the registered ARN is no ARN of a role",
        "correct the `role_arn`: arn:aws:iam::<account>:role/<name>, with the role's path",
        False,
    ),
    Sign(
        "s3-session-length",
        "MaxSessionDuration|DurationSeconds exceeds",
        "role {who} cannot be assumed for as long as Lightly asks",
        f"set the role's maximum session duration to {SESSION_SECONDS} seconds (12 hours)",
        False,
    ),
    Sign(
        "s3-sts-off",
        "RegionDisabled|STS is not activated|not activated in this region",
        "STS is switched off in that region in the account of {who}",
        "switch it on: IAM, Account settings, Security Token Service, Endpoints "
        "(https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_enable-regions.html)",
        False,
    ),
    Sign(
        "s3-credential-expired",
        "ExpiredToken|token included in the request is expired|token has expired",
        "the credential of {who} has expired",
        "register a lasting one: a role, or the key of a user (no temporary ASIA... key)",
        False,
    ),
    Sign("s3-opt-in-region", rf"AssumeRole.*(?:{_INVALID})|(?:{_INVALID}).*AssumeRole", _REGION, _ENABLE, False),
    Sign("s3-opt-in-region", _INVALID, _REGION, _ENABLE, False, access="delegated"),
    Sign(
        "s3-opt-in-region",
        r"\bInvalidToken\b|token is malformed|token provided is malformed",
        _REGION,
        _ENABLE,
        False,
        access="delegated",
    ),
    Sign(
        "s3-session-token",
        r"\bInvalidToken\b|token is malformed|token provided is malformed",
        "the session token that was sent is not valid here: it is broken, or its region is opt-in and not enabled for "
        "it; a user's key has no such token",
        f"register the key of a user without a session token ({{renew}}); for a role, {_ENABLE}",
        False,
    ),
    Sign(
        "s3-session-key-unknown",
        "InvalidAccessKeyId|not exist in our records",
        f"the key of Lightly's session of role {{who}} is not known: so new that not every server knows it, "
        f"or {_REGION}",
        f"wait a minute if the role is new; else {_ENABLE}",
        True,
        access="delegated",
    ),
)
TRUST = (
    Sign(
        "s3-role-not-assumable",
        r"sts:(?:AssumeRole|TagSession)|(?:Access ?Denied|\b403\b|Forbidden|NoSuchEntity|"
        r"ValidationError).{0,80}AssumeRole|"
        r"AssumeRole.{0,80}(?:Access ?Denied|not authorized|\b403\b|Forbidden|NoSuchEntity|ValidationError)|"
        r"(?:could not|cannot|can't|failed to|unable to) assume|"
        r"external ?id.{0,40}(?:match|wrong|missing|required|invalid)",
        "Lightly cannot assume role {who}: its trust policy does not admit account "
        f"{LIGHTLY_AWS_ACCOUNT}, or asks for another external ID than the registered one, or the role does not exist",
        f"{{put_back}}; the trust policy must allow sts:AssumeRole to arn:aws:iam::{LIGHTLY_AWS_ACCOUNT}:root with the "
        "registered external ID and no other condition (no MFA)",
        True,
    ),
    Sign(
        "s3-mfa",
        "MultiFactorAuthentication|MFA",
        "role {who} asks for a second factor (MFA), which Lightly has none of",
        "take the condition on aws:MultiFactorAuthPresent out of the role's trust policy: {put_back}",
        False,
    ),
)
