"""Causes in the words of AWS.

The tree is TiDB Cloud's (cannot assume the role: trust, external ID, existence; access denied: identity policy, bucket
policy, key, stale session); the words are of
https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html and
https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html.
"""

import re

from lightly_core.capability import Capability

from lightly_access.kinds.cause import BUSY, CERTIFICATE, CLOCK, PUT_BACK, UNREACHABLE, Sign
from lightly_access.kinds.causes import Tree
from lightly_access.kinds.s3 import causes_kms, causes_sts, protocol_causes, refusals

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
_GONE = "there is no directory {path}: Lightly asks for one that exists, it may be empty"
_PUT = "put an object there: `aws s3api put-object --bucket {bucket} --key {directory}`"
_UNKNOWN_KEY = "access key {who} is not valid: deleted, inactive, or so new that it is not known everywhere"
_DENIED = r"Access ?Denied|not authorized|Forbidden|\b403\b"
_NO_WORDS = rf"\A(?!.*not authorized to perform).*?(?:{_DENIED})"
_UNSAID = (
    "bucket {bucket} lets the requester pay, or what is there belongs to another account (an access control list of "
    "its own), which S3 refuses without a word more"
)
_LOOK = (
    "look at `aws s3api get-bucket-request-payment --bucket {bucket}` and `aws s3api get-bucket-ownership-controls "
    "--bucket {bucket}` (BucketOwnerEnforced makes every object the bucket's)"
)

SIGNS = (
    CLOCK,
    Sign(
        "s3-trust-policy-denies",
        "sts:AssumeRole.*with an explicit deny in a resource-based policy",
        f"the trust policy of role {{who}} {_DENIES}",
        "take that Deny statement out of the role's trust policy: {put_back}",
        False,
    ),
    Sign(
        "s3-kms-key-policy-denies",
        "kms:.*with an explicit deny in a resource-based policy",
        f"the policy of the KMS key {_DENIES}",
        _EXCEPT,
        False,
    ),
    Sign(
        "s3-bucket-policy-denies",
        "with an explicit deny in a resource-based policy",
        f"the policy of bucket {{bucket}} {_DENIES}",
        _EXCEPT,
        False,
    ),
    Sign(
        "s3-policy-denies",
        r"with an explicit deny in an? (?P<policy>[\w -]+?)(?:[^\w -]|$)",
        f"a {{policy}} {_DENIES}",
        _EXCEPT,
        False,
    ),
    *protocol_causes.SIGNS,
    *causes_sts.SIGNS,
    Sign(
        "s3-secret-of-another-key",
        "SignatureDoesNotMatch|signature we calculated does not match",
        "the secret that is registered does not belong to access key {who}",
        "{renew}",
        False,
    ),
    Sign(
        "s3-key-unknown",
        "InvalidAccessKeyId|InvalidClientTokenId|not exist in our records|token included in the request is invalid",
        _UNKNOWN_KEY,
        "wait a minute if it is new; else make it active again, or {renew}; in an opt-in region, see that it "
        "is enabled for "
        "the key's account",
        True,
    ),
    *causes_kms.SIGNS,
    Sign(
        "s3-bucket-policy-across-accounts",
        r"because no resource-based policy allows the (?P<asked>[\w:]+) action",
        "the policy of bucket {bucket} does not admit {who}: across accounts both sides must allow {asked}",
        "add a statement to the policy of bucket {bucket} that allows {asked} to {who}: {handoff} writes it",
        True,
    ),
    Sign(
        "s3-boundary",
        r"because no (?P<policy>permissions boundary|session policy|service control policy|resource control policy|"
        r"VPC endpoint policy) allows the (?P<asked>[\w:]+) action",
        "the {policy} of {who} does not allow {asked}",
        "allow {asked} in that {policy}",
        True,
    ),
    *causes_kms.RIGHTS,
    *causes_sts.TRUST,
    Sign(
        "s3-another-region",
        "expecting '(?P<region>[a-z0-9-]+)'",
        "bucket {bucket} is in another region than the registered one",
        "set the store's `region` to {region}",
        False,
    ),
    Sign(
        "s3-another-region",
        "PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraint|the region '.*' is wrong|"
        "must be addressed using the specified endpoint",
        "bucket {bucket} is in another region than the registered one",
        "set the store's `region` to the region of the bucket",
        False,
    ),
    Sign(
        "s3-no-bucket",
        "NoSuchBucket|specified bucket does not exist",
        "there is no bucket {bucket}",
        "correct the store's `bucket`, or let us make it: `create: true`",
        False,
    ),
    Sign(
        "s3-question-wrong",
        r"\(400\) when calling the Head|Head(?:Object|Bucket).{0,60}Bad ?Request|Bad Request.{0,60}Head(?:Object|"
        r"Bucket)",
        "S3 takes the question itself as wrong, and has no room for words in such an answer: bucket {bucket} is "
        "mostly in "
        "another region than the registered one, or the session's token is not valid there",
        "compare the store's `region` with `aws s3api get-bucket-location --bucket {bucket}`",
        False,
    ),
    # To whom may not list the whole bucket, S3 says of a missing object that listing is denied.
    Sign(
        "s3-no-directory",
        "NoSuchKey|specified key does not exist|No ?Such ?Directory|directory .* not exist|"
        "GetObject operation.*not authorized to perform: s3:ListBucket",
        _GONE,
        _PUT,
        False,
    ),
    Sign(
        "s3-refused-without-a-word",
        _NO_WORDS,
        "the documents we rendered allow {action} (proof), Lightly is refused: the deployed policy of {who} differs "
        f"from ours, or {_UNSAID}",
        f"{PUT_BACK}; if it stays so, {_LOOK}; what the policy of a bucket of another account needs {{handoff}} writes",
        True,  # or it has not reached every server of AWS yet
        proved=True,
        vague=True,
    ),
    Sign(
        "s3-right-missing-or-unsaid",
        _NO_WORDS,
        f"{{who}} lacks {{action}} in {{path}}, or {_UNSAID}",
        f"allow {{action}} to {{who}}; if it is allowed, {_LOOK}",
        True,
        vague=True,
    ),
    Sign(
        "s3-deployed-policy-differs",
        _DENIED,
        "the documents we rendered allow {action} (proof), Lightly is refused: the deployed policy of {who} differs "
        "from ours",
        PUT_BACK,
        True,
        proved=True,
        vague=True,
    ),
    Sign("s3-right-missing", _DENIED, "{who} lacks {action} in {path}", "allow {action} to {who}", True, vague=True),
    CERTIFICATE,
    UNREACHABLE,
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
    dialect=re.compile(
        r"arn:aws|(?<![\w:])(?:s3|sts|kms|iam):[A-Z]\w+|AssumeRole|InvalidAccessKeyId|InvalidClientTokenId|amazonaws\.com|"
        r"\bKMS\.\w+Exception|s3://"
    ),
    service="AWS",
    named={
        **causes_kms.NAMED,
        "who": (r"(arn:aws[\w-]*:(?:iam|sts)::\d{12}:(?:user|role|assumed-role|root)[\w+=,.@/-]*)", "<role or key>"),
        "bucket": (r"(?:arn:aws[\w-]*:s3:::|s3://)([a-z0-9.-]{2,62}[a-z0-9])", "<bucket>"),
        "action": (r"perform: (\w+:\w+)", "<the right>"),
    },
    deploying=refusals.DEPLOYING,
)
