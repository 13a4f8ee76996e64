"""The causes of a red light of a given credential: somebody else made it, so nothing of it is ours to mend. Pure.

A role, user, token or service account that is adopted has the words of its cloud (`causes`); a key of an S3-compatible
service has those below. Codes are those of S3, which the services answer with: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
and, for Huawei's OBS, https://support.huaweicloud.com/intl/en-us/api-obs/obs_04_0115.html.
"""

from collections.abc import Mapping

from lightly_provider.verification.attribution import Access

from lightly_access.kinds.cause import BUSY, MEND, RENEW, Cause, RedLight, Sign, Tree
from lightly_access.kinds.s3.causes import ACTIONS

_WORDS = {"delegated": "role", "sas": "SAS", "service_account": "the key of service account"}


def too_much(red: RedLight, said: Mapping[str, str]) -> Cause:
    """A credential that can do more than its purpose needs."""
    word = _WORDS.get(red.access.access, "key").removeprefix("the ")
    how = "it was tried" if red.by_probe else "Lightly did it"
    return Cause(
        f"more rights than needed: the given {word} {red.access.identity} can {red.capability} in {red.access.path} "
        f"({how})",
        f"give one that may only {said['wanted']}, and end this one where it was made, or take the right from it there",
        mendable_by_waiting=False,
    )


def beyond(access: Access, what: tuple[str, ...]) -> Cause:
    """A credential that reaches outside its path."""
    word = _WORDS.get(access.access, "key")
    reaches = (
        f"{word} {access.identity} reaches beyond {access.path}: it can {', '.join(what)} in a directory beside it"
    )
    if access.given:
        fix = "bind it to the path where it was made, or accept it: `whole_bucket: true`"
        return Cause(reaches, fix, mendable_by_waiting=False)
    return Cause(f"{reaches}, which our documents refuse", _LOOK[access.kind].format(who=access.identity), True)


_LOOK = {
    "s3": "look for other policies that name {who}, its user or its groups, and at the bucket's own policy",
    "azure": "rotate it (`rotate_now`), and see whether the container can be read anonymously",
    "gcs": "look for other roles of {who}, on the bucket, the project or above it, and for access control lists",
}


def too_little(red: RedLight, said: Mapping[str, str]) -> Cause:
    """A credential that cannot do what it should, for a reason that its service does not name."""
    word = _WORDS.get(red.access.access, "key")
    place = "the store's `endpoint` belong to it" if red.access.kind == "obs" else "the credential belong to this store"
    return Cause(
        f"{word} {red.access.identity} cannot {red.capability} in {red.access.path}",
        f"follow the service's words; it needs to {said['wanted']}; does {place}?",
        mendable_by_waiting=True,
    )


_ANOTHER_REGION = "the service of bucket {bucket} wants requests that are signed for another region"
SIGNS = (
    Sign(
        "RequestTimeTooSkewed|time and the current",
        "the clock of the machine that asked differs too much from the store's",
        "set the clock (NTP) of the machine that runs Lightly's worker or this sandbox",
        False,
    ),
    Sign(
        "SignatureDoesNotMatch|signature we calculated does not match",
        "the secret that was given does not belong to access key {who}",
        "correct the `secret` of this datasource: id and secret are given as a pair",
        False,
    ),
    Sign(
        "InvalidAccessKeyId|not exist in our records",
        "access key {who} is not valid there: revoked, inactive, of another service, or too new",
        "wait a minute if it is new; else give a valid key: `access_key_id` and `secret`",
        True,
    ),
    Sign("expecting '(?P<region>[a-z0-9-]+)'", _ANOTHER_REGION, "set the store's `region` to {region}", False),
    Sign(
        "AuthorizationHeaderMalformed|PermanentRedirect|the region '.*' is wrong",
        _ANOTHER_REGION,
        "set the store's `region` to the one of its endpoint",
        False,
    ),
    Sign(
        "NoSuchBucket|specified bucket does not exist",
        "there is no bucket {bucket} at this endpoint",
        "correct the store's `bucket` or `endpoint`",
        False,
    ),
    Sign(
        "NoSuchKey|specified key does not exist|No ?Such ?Directory|"
        "GetObject operation.*not authorized to perform: s3:ListBucket",
        "there is no directory {path}: Lightly asks for one that exists, it may be empty",
        "put an object there: `aws s3api put-object --endpoint-url <endpoint> --bucket {bucket} --key {directory}`",
        False,
    ),
    Sign(
        r"AccessDenied|Access Denied|not authorized|Forbidden|\b403\b",
        "key {who} lacks the right to {capability} in {path} ({action} in S3's words)",
        "allow it to the key where you made it, or give another key; it needs to {wanted}",
        True,
    ),
    Sign(
        "could not be reached|no answer in time|Could not connect|EndpointConnectionError",
        "the service could not be reached from here",
        "check the store's `endpoint` and the network of whoever deploys, or set `probe: false` in "
        "lightly-access:verify to leave the probe out",
        True,
    ),
    BUSY,
)
TREE = Tree(ACTIONS, SIGNS, MEND, RENEW, "")
