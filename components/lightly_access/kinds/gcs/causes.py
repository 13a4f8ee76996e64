"""Causes in the words of Google Cloud: what a service account's key is refused for.

https://docs.cloud.google.com/storage/docs/json_api/v1/status-codes.md.txt, and as users quote them:
https://github.com/GoogleCloudPlatform/gsutil/issues/546 (a right), https://github.com/zetaalphavector/InPars/issues/13
(the newer wording), https://github.com/googleapis/google-cloud-python/issues/10004 (a key).
"""

import re

from lightly_core.capability import Capability

from lightly_access.kinds.cause import BUSY, PUT_BACK, Sign
from lightly_access.kinds.causes import Tree

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
        "must be a short-lived token|reasonable timeframe|Token used too early|iat and exp",
        "the clock of the machine that asked differs too much from Google's",
        "set the clock (NTP) of the machine that runs Lightly's worker or this sandbox",
        False,
    ),
    Sign(
        "Invalid JWT Signature|Invalid signature for token|Invalid signing key",
        "the registered key of {who} is not one of its keys: deleted, disabled, expired, or so new that not every "
        "server knows it",
        "wait a minute if it is new; else {renew}",
        True,
    ),
    Sign(
        "account not found|account has been deleted|deleted_client|Unknown service account",
        "there is no service account {who}: deleted, or so new that not every server knows it",
        "wait a minute if it is new; else {put_back}",
        True,
    ),
    Sign(
        r"account (\S+ )?(is|has been) disabled|disabled_client",
        "service account {who} is disabled",
        "enable it: gcloud iam service-accounts enable {who}",
        False,
    ),
    Sign(
        "deserialize key data|Unable to load PEM|No key could be detected|MalformedError|Expecting value",
        "what is registered is no key file of a service account",
        "{renew}",
        False,
    ),
    Sign(
        "Anonymous caller|Login Required|CredentialsMissing",
        "it was asked without the key",
        "{renew}",
        False,
    ),
    Sign(
        "vpcServiceControls|VPC Service Controls|prohibited by organization's policy",
        "a perimeter of VPC Service Controls keeps whoever asked out of the bucket's project",
        "give the perimeter an ingress rule for {who}, or take the bucket's project out of it",
        False,
    ),
    Sign(
        r"constraints/(?P<constraint>[\w.]+)",
        "an organisation policy forbids it: {constraint}",
        "an administrator of the organisation's policies must exempt the project; `lightly-access explain` knows the "
        "usual ones",
        False,
    ),
    Sign(
        "userProjectAccountProblem|absent billing account|billing account .{0,40}(disabled|closed|not open)",
        "the bucket's project has no billing account that is open",
        "link an open billing account to the project that the store names",
        False,
    ),
    Sign(
        "userProjectMissing|requester pays",
        "bucket {bucket} lets the requester pay, and Lightly names no project that pays",
        "gcloud storage buckets update gs://{bucket} --no-requester-pays",
        False,
    ),
    Sign(
        "accessNotConfigured|SERVICE_DISABLED|has not been used in project",
        "the Cloud Storage API is switched off in the project of {who}",
        "gcloud services enable storage.googleapis.com --project <the store's project>",
        True,
    ),
    Sign(
        "retentionPolicyNotMet|retention policy|objectUnderActiveHold|(temporary|event-based) hold|retention period",
        "a retention policy or a hold of bucket {bucket} forbids to change what is there",
        "use a bucket without one for LIGHTLY: Lightly overwrites and deletes its own files",
        False,
    ),
    Sign(r"does not have (?P<asked>storage\.[\w.]*\w)", _DIFFERS, PUT_BACK, True, proved=True),
    Sign(
        r"does not have (?P<asked>storage\.[\w.]*\w)",
        "{who} lacks {asked} in {path}",
        "grant it: a custom role with {asked}, bound to the bucket with a condition on the path",
        True,
    ),
    Sign(
        "NoSuchBucket|bucket (does not exist|was not found)|bucket not found",
        "there is no bucket {bucket}",
        "correct the store's `bucket`, or let us make it: `create: true` and `location`",
        False,
    ),
    Sign(
        "NoSuchKey|No such object|specified key does not exist|No ?Such ?Directory",
        "there is no directory {path}: Lightly asks for one that exists, it may be empty",
        "put an object there: `echo | gcloud storage cp - gs://{bucket}/{directory}placeholder`",
        False,
    ),
    Sign(_DENIED, _DIFFERS.replace("{asked}", "{action}"), PUT_BACK, True, proved=True),
    Sign(_DENIED, "{who} lacks {action} in {path}", "allow {action} to {who}", True),
    Sign(
        "invalid_grant|unauthorized_client|Invalid Credentials|authError",
        "Google does not accept the key of {who}",
        "{renew}",
        True,
    ),
    Sign(r"rateLimitExceeded|rate limit|backendError|\b429\b", BUSY.text, BUSY.fix, True),
    BUSY,
)
TREE = Tree(
    ACTIONS,
    SIGNS,
    PUT_BACK,
    _ROTATE,
    "another role of {who}, on the bucket, the project or above it,",
    look="look for other roles of {who}, on the bucket, the project or above it, and for access control lists",
    dialect=re.compile(
        r"storage\.(?:objects|buckets)\.\w|gserviceaccount\.com|invalid_grant|googleapis|Invalid JWT|Google Cloud|"
        r"vpcServiceControls|userProject|billing account"
    ),
)
