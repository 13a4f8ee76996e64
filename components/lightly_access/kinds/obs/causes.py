"""Causes in the words of S3-compatible services, of a key that somebody else made: nothing of it is ours to mend.

Codes are those of S3, which the services answer with: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
and, for Huawei's OBS, https://support.huaweicloud.com/intl/en-us/api-obs/obs_04_0115.html.
"""

import re

from lightly_access.kinds.cause import BUSY, CERTIFICATE, CLOCK, MEND, RENEW, UNREACHABLE, Sign
from lightly_access.kinds.causes import Tree
from lightly_access.kinds.s3 import protocol_causes
from lightly_access.kinds.s3.causes import ACTIONS

_ANOTHER_REGION = "the service of bucket {bucket} wants requests that are signed for another region"
_ADDRESS = r"obs://|myhuaweicloud|\bobs\.[\w-]+\.\w"
SIGNS = (
    CLOCK,
    *protocol_causes.SIGNS,
    Sign(
        "obs-secret-of-another-key",
        "SignatureDoesNotMatch|signature we calculated does not match",
        "the registered secret does not belong to access key {who}",
        "correct the `secret` of this datasource: id and secret are a pair",
        False,
    ),
    Sign(
        "obs-key-unknown",
        "InvalidAccessKeyId|not exist in our records",
        "access key {who} is not valid there: revoked, inactive, of another service, or too new",
        "wait a minute if it is new; else give a valid key: `access_key_id` and `secret`",
        True,
    ),
    Sign(
        "obs-virtual-host",
        "VirtualHostDomainRequired|virtual host domain",
        "the service wants the bucket's name in the host name, and was asked with it in the path",
        "ask Lightly's support: an `endpoint` without the bucket's name in it is what Lightly is given",
        False,
    ),
    Sign(
        "obs-real-name",
        "real[- ]name",
        "the account at the service has not said yet who it is (real-name authentication)",
        "whoever owns the account does so in the service's console",
        False,
    ),
    Sign(
        "obs-kms-key-unusable",
        r"KMS\.?\w*|\bkms:\w+",
        "the key that encrypts bucket {bucket} cannot be used: disabled, gone, or key {who} may not use it",
        "look at the key in the service's console (DEW, KMS): it must be enabled, and the owner of key {who} "
        "allowed to "
        "use it",
        False,
    ),
    Sign(
        "obs-another-region",
        "expecting '(?P<region>[a-z0-9-]+)'",
        _ANOTHER_REGION,
        "set the store's `region` to {region}",
        False,
    ),
    Sign(
        "obs-another-region",
        "AuthorizationHeaderMalformed|PermanentRedirect|the region '.*' is wrong",
        _ANOTHER_REGION,
        "set the store's `region` to the one of its endpoint",
        False,
    ),
    Sign(
        "obs-no-bucket",
        "NoSuchBucket|specified bucket does not exist",
        "there is no bucket {bucket} at this endpoint",
        "correct the store's `bucket` or `endpoint`",
        False,
    ),
    Sign(
        "obs-no-directory",
        "NoSuchKey|specified key does not exist|No ?Such ?Directory|"
        "GetObject operation.*not authorized to perform: s3:ListBucket",
        "there is no directory {path}: Lightly asks for one that exists, it may be empty",
        "put an object there: `aws s3api put-object --endpoint-url <endpoint> --bucket {bucket} --key {directory}`",
        False,
    ),
    Sign(
        "obs-key-lacks-right",
        r"Access ?Denied|not authorized|Forbidden|\b403\b",
        "key {who} lacks the right to {capability} in {path} ({action} in S3's words)",
        "allow it to the key where you made it, or give another key; it needs to {wanted}",
        True,
        vague=True,
    ),
    CERTIFICATE,
    Sign(
        "obs-unreachable",
        UNREACHABLE.words,
        "the service could not be reached from here",
        "check the store's `endpoint` and the network of whoever deploys, or set `probe: false` in "
        "lightly-access:verify to leave the probe out",
        True,
    ),
    BUSY,
)
TREE = Tree(
    ACTIONS,
    SIGNS,
    MEND,
    RENEW,
    "",
    belongs="the store's `endpoint` belong to it",
    dialect=re.compile(rf"InvalidAccessKeyId|VirtualHostDomainRequired|{_ADDRESS}"),
    address=re.compile(_ADDRESS),
    service="S3-compatible service",
    named={"bucket": (r"obs://([a-z0-9.-]{2,62}[a-z0-9])", "<bucket>")},
)
