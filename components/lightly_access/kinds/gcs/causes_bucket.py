"""Causes in the words of Google Cloud that are about the bucket, its key, its project, and who may reach it.

https://docs.cloud.google.com/storage/docs/json_api/v1/status-codes.md.txt,
https://cloud.google.com/storage/docs/encryption/using-customer-managed-keys (the service agent),
https://cloud.google.com/kms/docs/key-states. No right of a service account mends them.
"""

from lightly_access.kinds.cause import Sign

NAMED = {
    "key": (
        r"(projects/[\w.:-]+/locations/[\w-]+/keyRings/[\w-]+/cryptoKeys/[\w-]+)",
        "<the key: gcloud storage buckets describe>",
    ),
    "service": (r"(?:apis/api/|service[\"': ]+|/)(\w+\.googleapis\.com)", "storage.googleapis.com"),
}
_KMS = r"(?:Cloud ?KMS|cryptoKey|kmsKey)"

SIGNS = (
    Sign(
        "gcs-kms-key-unusable",
        rf"{_KMS}.{{0,300}}(?:not enabled|disabled|destroy|current state|not found|does not exist)|"
        rf"(?:not enabled|is disabled|destroyed|DESTROY_SCHEDULED).{{0,120}}{_KMS}|"
        rf"key .{{0,200}}is not enabled, current",
        "the Cloud KMS key that encrypts bucket {bucket} cannot be used: it, or a version of it, is disabled "
        "or destroyed",
        "enable or restore its version: `gcloud kms keys versions list --key {key}`, then `gcloud kms keys versions "
        "enable` (or `restore`)",
        False,
    ),
    Sign(
        "gcs-kms-service-agent",
        rf"(?:permission|denied|authorized).{{0,200}}{_KMS}|{_KMS}.{{0,300}}(?:permission|denied|authorized)|"
        r"cryptoKeyVersions\.use\w+",
        "bucket {bucket} is encrypted with a Cloud KMS key of yours, which Cloud Storage's own service agent "
        "may not use",
        "let the agent of the bucket's project use it: `gcloud storage service-agent --project <project> "
        "--authorize-cmek {key}`; the service account needs no right to the key",
        False,
    ),
    Sign(
        "gcs-customer-supplied-key",
        "EncryptedWithCustomerEncryptionKey|customer-supplied encryption|encrypted by a customer|customerEncryptionKey",
        "what is stored below {path} is encrypted with a key that only its owner sends; Lightly has no such key",
        "rewrite it with a key that Google holds: `gcloud storage objects update --clear-encryption-key`",
        False,
    ),
    Sign(
        "gcs-vpc-service-controls",
        "vpcServiceControls|VPC Service Controls|prohibited by organization's policy",
        "a perimeter of VPC Service Controls keeps whoever asked out of the bucket's project",
        "give the perimeter an ingress rule for {who}, or take the bucket's project out of it",
        False,
    ),
    Sign(
        "gcs-ip-filter",
        r"IP[- ]?filter|bucketIpFilter",
        "the IP filter of bucket {bucket} does not admit the address of whoever asked",
        "`gcloud storage buckets describe gs://{bucket} --format='value(ip_filter_config)'`: admit Lightly's "
        "addresses, "
        "or take the filter away",
        False,
    ),
    Sign(
        "gcs-organisation-policy",
        r"constraints/(?P<constraint>(?:[a-z]+\.)+[A-Za-z]+)",
        "an organisation policy forbids it: {constraint}",
        "`lightly-access explain` knows the usual ones and the way out of each",
        False,
        vague=True,
    ),
    Sign(
        "gcs-api-disabled",
        "accessNotConfigured|SERVICE_DISABLED|has not been used in project",
        "an API of Google, {service}, is switched off in the project of {who}",
        "gcloud services enable {service} --project <the store's project>",
        True,
    ),
    Sign(
        "gcs-billing",
        r"userProjectAccountProblem|absent billing account|billing ?account .{0,60}(?:disabled|closed|not open|absent|"
        r"delinquent)|billingNotEnabled|BILLING_DISABLED|requires billing|accountDisabled|"
        r"project .{0,60}(?:suspended|has been deleted|pending deletion|is disabled)|CONSUMER_SUSPENDED",
        "the bucket's project has no billing account that is open, or is closed itself",
        "link an open billing account to the project that the store names",
        False,
    ),
    Sign(
        "gcs-requester-pays",
        "userProjectMissing|requester pays",
        "bucket {bucket} lets the requester pay, and Lightly names no project that pays",
        "gcloud storage buckets update gs://{bucket} --no-requester-pays",
        False,
    ),
    Sign(
        "gcs-retention",
        "retentionPolicyNotMet|retention policy|objectUnderActiveHold|(temporary|event-based) hold|retention period",
        "a retention policy or a hold of bucket {bucket} forbids to change what is there",
        "use a bucket without one for LIGHTLY: Lightly overwrites and deletes its own files",
        False,
    ),
    Sign(
        "gcs-token-scope",
        "insufficient authentication scopes|SCOPE_INSUFFICIENT|insufficientScopes",
        "it was asked with a token of a narrower scope than the key gives",
        "ask Lightly's support: the registered key is a whole one",
        False,
    ),
)
