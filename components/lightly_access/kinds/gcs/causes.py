"""Causes in the words of Google Cloud: what a service account's key is refused for.

https://docs.cloud.google.com/storage/docs/json_api/v1/status-codes.md.txt, and as users quote them:
https://github.com/GoogleCloudPlatform/gsutil/issues/546 (a right), https://github.com/zetaalphavector/InPars/issues/13
(the newer wording), https://github.com/googleapis/google-cloud-python/issues/10004 (a key).
"""

import re

from lightly_core.capability import Capability

from lightly_access.kinds.cause import BUSY, CERTIFICATE, PUT_BACK, UNREACHABLE, Sign
from lightly_access.kinds.causes import Tree
from lightly_access.kinds.gcs import causes_bucket, refusals_deploying

ACTIONS = {
    Capability.LIST: "storage.objects.list",
    Capability.READ: "storage.objects.get",
    Capability.WRITE: "storage.objects.create",
    Capability.OVERWRITE: "storage.objects.delete",
    Capability.DELETE: "storage.objects.delete",
}
"""The permission behind each capability (https://docs.lightly.ai/docs/google-cloud-storage): to overwrite an object is
to delete the one that is there and to create another."""

_ROTATE = "rotate it (`rotate_now`): the new key is registered and verified before the old one goes"
_DENIED = r"AccessDenied|Access denied|Forbidden|PERMISSION_DENIED|Permission .{0,60}denied|\b403\b"
_DIFFERS = (
    "our role and binding allow {asked} (proof), Google refuses it to {who}: what is deployed differs from ours, or it "
    "is so new that not every server knows it"
)

SIGNS = (
    Sign(
        "gcs-clock",
        "must be a short-lived token|reasonable timeframe|Token used too early|iat and exp",
        "the clock of the machine that asked differs too much from Google's",
        "set the clock (NTP) of the machine that runs Lightly's worker or this sandbox",
        False,
    ),
    *causes_bucket.SIGNS,
    Sign(
        "gcs-key-unknown",
        "Invalid JWT Signature|Invalid signature for token|Invalid signing key",
        "the registered key of {who} is not one of its keys: deleted, disabled, expired, or so new that not every "
        "server knows it",
        "wait a minute if it is new; else {renew}",
        True,
    ),
    Sign(
        "gcs-no-service-account",
        "account not found|account has been deleted|deleted_client|Unknown service account",
        "there is no service account {who}: deleted, or so new that not every server knows it",
        "wait a minute if it is new; else {put_back}",
        True,
    ),
    Sign(
        "gcs-service-account-disabled",
        r"account (\S+ )?(is|has been) disabled|disabled_client",
        "service account {who} is disabled",
        "enable it: gcloud iam service-accounts enable {who}",
        False,
    ),
    Sign(
        "gcs-no-key-file",
        "deserialize key data|Unable to load PEM|No key could be detected|MalformedError|Expecting value",
        "what is registered is no key file of a service account",
        "{renew}",
        False,
    ),
    Sign(
        "gcs-asked-without-key",
        "Anonymous caller|Login Required|CredentialsMissing",
        "it was asked without the key",
        "{renew}",
        False,
    ),
    Sign(
        "gcs-deployed-binding-differs",
        r"does not have (?P<asked>storage\.[\w.]*\w)",
        _DIFFERS,
        PUT_BACK,
        True,
        proved=True,
    ),
    Sign(
        "gcs-lacks-permission",
        r"does not have (?P<asked>storage\.[\w.]*\w)",
        "{who} lacks {asked} in {path}",
        "grant it: a custom role with {asked}, bound to the bucket with a condition on the path",
        True,
    ),
    Sign(
        "gcs-no-bucket",
        "NoSuchBucket|bucket (does not exist|was not found)|bucket not found",
        "there is no bucket {bucket}",
        "correct the store's `bucket`, or let us make it: `create: true` and `location`",
        False,
    ),
    Sign(
        "gcs-no-directory",
        "NoSuchKey|No such object|specified key does not exist|No ?Such ?Directory",
        "there is no directory {path}: Lightly asks for one that exists, it may be empty",
        "put an object there: `echo | gcloud storage cp - gs://{bucket}/{directory}placeholder`",
        False,
    ),
    Sign("gcs-refused", _DENIED, _DIFFERS.replace("{asked}", "{action}"), PUT_BACK, True, proved=True, vague=True),
    Sign("gcs-lacks-right", _DENIED, "{who} lacks {action} in {path}", "allow {action} to {who}", True, vague=True),
    Sign(
        "gcs-key-not-accepted",
        "invalid_grant|unauthorized_client|Invalid Credentials|authError",
        "Google does not accept the key of {who}",
        "{renew}",
        True,
    ),
    Sign("store-busy", r"rateLimitExceeded|rate limit|backendError|\b429\b", BUSY.text, BUSY.fix, True),
    CERTIFICATE,
    UNREACHABLE,
    BUSY,
)
TREE = Tree(
    ACTIONS,
    SIGNS,
    PUT_BACK,
    _ROTATE,
    "another role of {who}, on the bucket, the project or above it,",
    look="look for other roles of {who}, on the bucket, the project or above it, and for access control lists",
    service="Google Cloud",
    named={
        **causes_bucket.NAMED,
        "who": (r"([a-z0-9-]+@[a-z0-9.-]+\.gserviceaccount\.com)", "<service account>"),
        "bucket": (r"(?:gs://|/buckets/|/b/)([a-z0-9][a-z0-9._-]{1,61}[a-z0-9])", "<bucket>"),
        "action": (r"(storage\.objects\.\w+)", "<the right>"),
    },
    deploying=refusals_deploying.SIGNS,
    dialect=re.compile(
        r"storage\.(?:objects|buckets)\.\w|gserviceaccount\.com|invalid_grant|googleapi|Invalid JWT|Google Cloud|"
        r"vpcServiceControls|userProject|google\.auth|googleapis\.com|default credentials|gcloud auth|billing "
        r"account|gs://|Cloud KMS|cryptoKeys/|kmsKey|constraints/"
    ),
)
