"""The causes of a red light of a given key (`access: key`): nothing of it is ours to mend. Pure.

Codes are those of S3, which the services answer with: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
and, for Huawei's OBS, https://support.huaweicloud.com/intl/en-us/api-obs/obs_04_0115.html.
"""

import re
from collections.abc import Callable

from lightly_provider.attribution import Access
from lightly_provider.causes import ACTIONS, Cause, RedLight, busy, clock

GIVEN = "key"
"""The word for a way in whose key was given."""


def too_much(red: RedLight) -> Cause:
    """A key that can do more than its purpose needs."""
    return Cause(
        f"more rights than needed: the given key {red.access.identity} can {red.capability} in {red.access.path} "
        "(it was tried)",
        f"give a key that may only {_wanted(red)}, and revoke this one where you made it",
        mendable_by_waiting=False,
    )


def _wanted(red: RedLight) -> str:
    return "list and read" if red.purpose == "INPUT" else "list, read, write and delete"


def beyond(access: Access, what: tuple[str, ...]) -> Cause:
    """A key that reaches outside its path."""
    reaches = f"key {access.identity} reaches beyond {access.path}: it can {', '.join(what)} in a directory beside it"
    if access.access == GIVEN:
        fix = "bind the key to the path where you made it, or accept it: `whole_bucket: true`"
        return Cause(reaches, fix, mendable_by_waiting=False)
    return Cause(
        f"{reaches}, which our documents refuse",
        f"look for other policies that name {access.identity}, its user or its groups, and at the bucket's own policy",
        mendable_by_waiting=True,
    )


def too_little(red: RedLight) -> Cause:
    """A key that cannot do what it should."""
    for signs, cause in _RANKED:
        if found := signs.search(red.error):
            return cause(red, found)
    return Cause(
        f"key {red.access.identity} cannot {red.capability} in {red.access.path}",
        "follow the service's words; does the store's `endpoint` belong to it?",
        mendable_by_waiting=True,
    )


def _wrong_secret(red: RedLight, found: re.Match[str]) -> Cause:
    return Cause(
        f"the secret that was given does not belong to access key {red.access.identity}",
        "correct the `secret` of this datasource: id and secret are given as a pair",
        mendable_by_waiting=False,
    )


def _unknown_key(red: RedLight, found: re.Match[str]) -> Cause:
    return Cause(
        f"access key {red.access.identity} is not valid there: revoked, inactive, of another service, or too new",
        "wait a minute if it is new; else give a valid key: `access_key_id` and `secret`",
        mendable_by_waiting=True,
    )


def _wrong_region(red: RedLight, found: re.Match[str]) -> Cause:
    named = re.search(r"expecting '([a-z0-9-]+)'", red.error)
    return Cause(
        f"the service of bucket {red.access.bucket} wants requests that are signed for another region",
        f"set the store's `region` to {named[1] if named else 'the one of its endpoint'}",
        mendable_by_waiting=False,
    )


def _no_bucket(red: RedLight, found: re.Match[str]) -> Cause:
    return Cause(
        f"there is no bucket {red.access.bucket} at this endpoint",
        "correct the store's `bucket` or `endpoint`",
        mendable_by_waiting=False,
    )


def _no_directory(red: RedLight, found: re.Match[str]) -> Cause:
    put = f"aws s3api put-object --endpoint-url <endpoint> --bucket {red.access.bucket} --key {red.access.directory}"
    return Cause(
        f"there is no directory {red.access.path}: Lightly asks for one that exists, it may be empty",
        f"put an object there: `{put}`",
        mendable_by_waiting=False,
    )


def _denied(red: RedLight, found: re.Match[str]) -> Cause:
    action = ACTIONS[red.capability]
    return Cause(
        f"key {red.access.identity} lacks the right to {red.capability} in {red.access.path} ({action} in S3's words)",
        f"allow it to the key where you made it, or give another key; it needs to {_wanted(red)}",
        mendable_by_waiting=True,
    )


def _unreachable(red: RedLight, found: re.Match[str]) -> Cause:
    return Cause(
        "the service could not be reached from here",
        "check the store's `endpoint` and the network of whoever deploys, or set `probe: false` in "
        "lightly-access:verify to leave the probe out",
        mendable_by_waiting=True,
    )


_SIGNS: tuple[tuple[Callable[[RedLight, re.Match[str]], Cause], str], ...] = (
    (clock, "RequestTimeTooSkewed|time and the current"),
    (_wrong_secret, "SignatureDoesNotMatch|signature we calculated does not match"),
    (_unknown_key, "InvalidAccessKeyId|not exist in our records"),
    (_wrong_region, "AuthorizationHeaderMalformed|PermanentRedirect|the region '.*' is wrong"),
    (_no_bucket, "NoSuchBucket|specified bucket does not exist"),
    (_no_directory, "NoSuchKey|specified key does not exist|No ?Such ?Directory"),
    (_no_directory, "GetObject operation.*not authorized to perform: s3:ListBucket"),
    (_denied, r"AccessDenied|Access Denied|not authorized|Forbidden|\b403\b"),
    (_unreachable, "could not be reached|no answer in time|Could not connect|EndpointConnectionError"),
    (busy, r"SlowDown|ServiceUnavailable|InternalError|timed? ?out|\b50[0234]\b"),
)
_RANKED = tuple((re.compile(signs, re.IGNORECASE | re.DOTALL), cause) for cause, signs in _SIGNS)
