"""Causes in the words of AWS.

The tree is TiDB Cloud's (cannot assume the role: trust, external ID, existence; access denied: identity policy, bucket
policy, key, stale session); the words are of
https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html and
https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html.
"""

import re

from lightly_core.capability import Capability
from lightly_core.lightly_rules import LIGHTLY_AWS_ACCOUNT, SESSION_SECONDS

from lightly_access.kinds.cause import BUSY, CLOCK, PUT_BACK, Sign
from lightly_access.kinds.causes import Tree

ACTIONS = {
    Capability.LIST: "s3:ListBucket",
    Capability.READ: "s3:GetObject",
    Capability.WRITE: "s3:PutObject",
    Capability.OVERWRITE: "s3:PutObject",
    Capability.DELETE: "s3:DeleteObject",
}
"""The S3 action behind each capability (https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html,
https://docs.lightly.ai/docs/aws-s3)."""

_DENIES = "denies it to {who}, and a deny wins over every allow"
_EXCEPT = "except {who} from that Deny statement"
_ADMITS = "does not admit {who}: across accounts both sides must allow {asked}"
_NO_RBP = r"because no resource-based policy allows the "
_GONE = "there is no directory {path}: Lightly asks for one that exists, it may be empty"
_PUT = "put an object there: `aws s3api put-object --bucket {bucket} --key {directory}`"
_UNKNOWN_KEY = "access key {who} is not valid: deleted, inactive, or so new that it is not known everywhere"

SIGNS = (
    CLOCK,
    Sign(
        "kms:.*with an explicit deny in a resource-based policy", f"the policy of the KMS key {_DENIES}", _EXCEPT, False
    ),
    Sign(
        "with an explicit deny in a resource-based policy", f"the policy of bucket {{bucket}} {_DENIES}", _EXCEPT, False
    ),
    Sign(r"with an explicit deny in an? (?P<policy>[\w -]+?)(?:[:.,;)]|$)", f"a {{policy}} {_DENIES}", _EXCEPT, False),
    Sign(
        "MaxSessionDuration|DurationSeconds exceeds",
        "role {who} cannot be assumed for as long as Lightly asks",
        f"set the role's maximum session duration to {SESSION_SECONDS} seconds (12 hours)",
        False,
    ),
    Sign(
        "ExpiredToken|token included in the request is expired|token has expired",
        "the credential of {who} has expired",
        "register a lasting one: a role, or the key of a user (no temporary ASIA... key)",
        False,
    ),
    Sign(
        "SignatureDoesNotMatch|signature we calculated does not match",
        "the secret that is registered does not belong to access key {who}",
        "{renew}",
        False,
    ),
    Sign(
        "InvalidAccessKeyId|InvalidClientTokenId|not exist in our records|token included in the request is invalid",
        _UNKNOWN_KEY,
        "wait a minute if it is new; else make it active again, or {renew}",
        True,
    ),
    Sign(
        r"KMS\.(Disabled|NotFound|KMSInvalidState)|key .{0,80}is (disabled|pending deletion)",
        "the KMS key of {path} cannot be used: disabled, waiting for deletion, or gone",
        "enable the key, or register and use another one",
        False,
    ),
    Sign(
        _NO_RBP + r"(?P<asked>kms:\w+) action",
        f"the KMS key's policy {_ADMITS}",
        "add a statement to the KMS key's policy that allows {asked} to {who}",
        True,
    ),
    Sign(
        _NO_RBP + r"(?P<asked>[\w:]+) action",
        f"the policy of bucket {{bucket}} {_ADMITS}",
        "add a statement to the policy of bucket {bucket} that allows {asked} to {who}",
        True,
    ),
    Sign(
        r"because no (?P<policy>permissions boundary|session policy|service control policy|resource control policy|"
        r"VPC endpoint policy) allows the (?P<asked>[\w:]+) action",
        "the {policy} of {who} does not allow {asked}",
        "allow {asked} in that {policy}",
        True,
    ),
    Sign(
        r"kms:\w+|AccessDenied.{0,40}\bKMS\b",
        "{who} may not use the KMS key of {path}",
        "allow kms:Decrypt, kms:Encrypt and kms:GenerateDataKey in its policy; the key's policy must admit its account",
        True,
    ),
    Sign(
        "sts:AssumeRole|AssumeRole operation",
        "Lightly cannot assume role {who}: its trust policy does not admit account "
        f"{LIGHTLY_AWS_ACCOUNT}, or asks for another external ID than the registered one, or the role does not exist",
        f"{{put_back}}; the trust policy must allow sts:AssumeRole to arn:aws:iam::{LIGHTLY_AWS_ACCOUNT}:root with the "
        "registered external ID and no other condition (no MFA)",
        True,
    ),
    Sign(
        "expecting '(?P<region>[a-z0-9-]+)'",
        "bucket {bucket} is in another region than the registered one",
        "set the store's `region` to {region}",
        False,
    ),
    Sign(
        "PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraint|the region '.*' is wrong|"
        "must be addressed using the specified endpoint",
        "bucket {bucket} is in another region than the registered one",
        "set the store's `region` to the region of the bucket",
        False,
    ),
    Sign(
        "NoSuchBucket|specified bucket does not exist",
        "there is no bucket {bucket}",
        "correct the store's `bucket`, or let us make it: `create: true`",
        False,
    ),
    # To whom may not list the whole bucket, S3 says of a missing object that listing is denied.
    Sign(
        "NoSuchKey|specified key does not exist|No ?Such ?Directory|directory .* not exist|"
        "GetObject operation.*not authorized to perform: s3:ListBucket",
        _GONE,
        _PUT,
        False,
    ),
    Sign(
        r"AccessDenied|Access Denied|not authorized|Forbidden|\b403\b",
        "the documents we rendered allow {action} (proof), Lightly is refused: the deployed policy of {who} differs "
        "from ours",
        PUT_BACK,
        True,  # or it has not reached every server of AWS yet
        proved=True,
    ),
    Sign(
        r"AccessDenied|Access Denied|not authorized|Forbidden|\b403\b",
        "{who} lacks {action} in {path}",
        "allow {action} to {who}",
        True,
    ),
    BUSY,
)
_RENEW = "rotate the key (`rotate_now`), which registers a new pair"
TREE = Tree(
    ACTIONS,
    SIGNS,
    PUT_BACK,
    _RENEW,
    "another policy of {who}, of its groups or of the bucket",
    look="look for other policies that name {who}, its user or its groups, and at the bucket's own policy",
    dialect=re.compile(r"arn:aws|\b(?:s3|sts|kms|iam):[A-Z]\w+|AssumeRole|InvalidAccessKeyId|InvalidClientTokenId"),
)
