"""Refusals as services say them, by kind of store: words, what the cause says, and whether waiting may help."""

RIGHT = "User: arn:aws:sts::123456789012:assumed-role/cows/s is not authorized to perform: {} on resource: x "
KEY = "arn:aws:kms:eu-central-1:123456789012:key/1111-2222"
FAILED = "AuthenticationFailed: Server failed to authenticate the request. AuthenticationErrorDetail: "
TIMES = "Start [Thu, 09 Jul 2020 10:11:03 GMT] - Expiry [x] - Current [Fri, 10 Jul 2020 10:16:22 GMT]"

S3 = [
    (
        "(InvalidClientTokenId) when calling the AssumeRole operation: The security token included in the request is "
        "invalid",
        "opt-in region",
        False,
    ),
    ("(InvalidToken) The provided token is malformed or otherwise invalid.", "opt-in", False),
    (
        "(RegionDisabledException) when calling the AssumeRole operation: STS is not activated in this region",
        "STS is switched off",
        False,
    ),
    (
        RIGHT.format("sts:AssumeRole") + "with an explicit deny in a resource-based policy",
        "trust policy of role",
        False,
    ),
    ("MultiFactorAuthentication failed with invalid MFA one time pass code.", "second factor", False),
    ("(AccessDenied) Access Denied because object protected by object lock.", "Object Lock", False),
    ("(InvalidObjectState) The operation is not valid for the object's storage class", "is archived", False),
    ("(InvalidRequest) The object was stored using a form of Server Side Encryption. The correct", "SSE-C", False),
    ("(AllAccessDisabled) All access to this object has been disabled", "has closed bucket", False),
    ("(AccountProblem) There is a problem with your AWS account", "has closed bucket", False),
    ("(MethodNotAllowed) The specified method is not allowed against this resource.", "delete marker", False),
    ("(QuotaExceeded) Your quota is used up", "takes no more data", False),
    (f"(KMS.KMSInvalidStateException) {KEY} is pending deletion.", "waits for its deletion", False),
    (f"(KMS.DisabledException) {KEY} is disabled.", "it is disabled", False),
    (f"(KMS.NotFoundException) Key '{KEY}' does not exist", "it is gone", False),
    ("(KMS.ThrottlingException) You have exceeded the rate", "did not answer in time", True),
    (
        RIGHT.format("kms:Decrypt") + "because no resource-based policy allows the kms:Decrypt action",
        "both sides",
        True,
    ),
    (RIGHT.format("kms:Decrypt") + "because no identity-based policy allows the kms", "names no `kms_key`", True),
    ("(AccessDenied) Access Denied", "lets the requester pay, or what is there belongs to another account", True),
    ('Could not connect to the endpoint URL: "https://results.s3.amazonaws.com/"', "could not be reached", True),
    ("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed for s3.amazonaws.com", "not trusted", False),
    ("ThrottlingException when calling the AssumeRole operation: Rate exceeded", "did not answer in time", True),
]
AZURE = [
    (f"{FAILED}Signature not valid in the specified key time frame: {TIMES}", "user delegation key", False),
    (f"{FAILED}Signature not valid in the specified time frame: {TIMES}", "not valid at this time", False),
    (f"{FAILED}Signed expiry must be specified in signature or SAS identifier", "has no end", False),
    (f"{FAILED}Signed expiry time [x] must be after signed start time [y]", "ends before it begins", False),
    (f"{FAILED}Signed expiry, whatever is new", "has expired, or begins later", False),
    (f"{FAILED}sp is mandatory. Cannot be empty", "no whole SAS", False),
    (f"{FAILED}The MAC signature found in the HTTP request is not the same", "not signed with a key", False),
    ("UnauthorizedBlobOverwrite: This request is not authorized to perform blob overwrites.", "may create (c)", False),
    ("LeaseIdMissing: There is currently a lease on the blob and no lease ID was specified", "holds a lease", False),
    ("BlobArchived: This operation is not permitted on an archived blob.", "archive tier", False),
    ("BlobUsesCustomerSpecifiedEncryption: The blob is encrypted", "only its owner sends", False),
    ("KeyVaultEncryptionKeyNotFound: The key vault key is not found to unwrap the key", "of a Key Vault", False),
    ("SnapshotsPresent: This operation is not permitted because the blob has snapshots.", "has snapshots", False),
    ("InsufficientAccountPermissions: The account does not have sufficient permissions", "takes no writes", False),
    ("FilesystemNotFound: The specified filesystem does not exist. (core.windows.net)", "there is no container", False),
    ("acmephotos.blob.core.windows.net: certificate verify failed", "not trusted", False),
    ("acmephotos.blob.core.windows.net: connection refused", "could not be reached", True),
    ("OperationTimedOut on the blob", "did not answer in time", True),
]
GCS = [
    ("Permission denied on Cloud KMS key. Please ensure that your Cloud Storage service", "service agent", False),
    (
        "projects/a/locations/b/keyRings/c/cryptoKeys/d is not enabled, current state is: DISABLED",
        "or destroyed",
        False,
    ),
    ("ResourceIsEncryptedWithCustomerEncryptionKey: encrypted by a customer-supplied key", "its owner sends", False),
    ("403 gs://acme-frames: There is an IP filtering condition (bucketIpFilter)", "IP filter", False),
    ("403 The billing account for the owning project is disabled in state closed", "no billing account", False),
    ("ACCESS_TOKEN_SCOPE_INSUFFICIENT (googleapis): insufficient authentication scopes", "narrower scope", False),
    ("storage.googleapis.com: certificate verify failed", "not trusted", False),
    ("tcp connect error for storage.googleapis.com: Connection refused", "could not be reached", True),
]
OBS = [
    ("obs://lake: (InvalidObjectState) The operation is not valid for the object's storage class", "archived", False),
    ("obs://lake: (AccessDenied) protected by WORM", "Object Lock", False),
    ("obs://lake: (InArrearOrInsufficientBalance) Your account is in arrears", "has closed bucket", False),
    ("obs.eu-de.otc.t-systems.com: Could not connect", "could not be reached from here", True),
]
LOCAL = [
    ("NoWorker: no worker is there", "no worker has the mount", True),
    ("WebServerUnreachable: http://localhost:3456", "nothing answers", True),
    ("OriginRefused: https://app.lightly.ai", "does not let pages", True),
    ("WebServerContent: another size", "has another file", False),
    ("WebServerStatus: 404", "does not hand out", True),
    ("[Errno 28] No space left on device: '/lightly_mount/x'", "is full", False),
    ("[Errno 40] Too many levels of symbolic links: '/input_mount/x'", "cannot be followed", False),
    ("[Errno 116] Stale file handle: '/input_mount/x'", "does not answer as it should", False),
    ("[Errno 13] Permission denied: '/input_mount/x'", "may not be used so", False),
]
DEPLOYING = [
    (
        RIGHT.format("iam:CreateRole") + "because no identity-based policy allows it",
        "whoever deploys lacks iam",
    ),
    (
        RIGHT.format("s3:CreateBucket") + "with an explicit deny in a service control policy",
        "a service control policy denies s3:CreateBucket to whoever deploys",
    ),
    ("api error EntityAlreadyExists: Role with name lightly-cows already exists.", "exists already"),
    ("api error BucketAlreadyOwnedByYou: you already own it", "exists already, and is yours"),
    ("api error LimitExceeded: Cannot exceed quota for RolesPerAccount: 1000", "a quota of the AWS account"),
    ("No valid credential sources found. AWS Error: failed to refresh cached credentials", "no credentials of AWS"),
    (
        "the client 'x' does not have authorization to perform action 'Microsoft.Storage/storageAccounts/write' over",
        "whoever deploys lacks Microsoft.Storage/storageAccounts/write",
    ),
    ("RequestDisallowedByPolicy: Resource 'x' was disallowed by policy. (Microsoft.Storage)", "Azure Policy"),
    ("AADSTS7000222: The provided client secret keys are expired.", "not logged in to Azure"),
    (
        "googleapi: Error 403: Permission 'iam.serviceAccounts.create' denied on resource, forbidden",
        "whoever deploys lacks iam.serviceAccounts.create",
    ),
    ("googleapi: Error 429: Maximum number of service accounts on project reached.", "a quota of the project"),
]
LIGHTLY = [
    ("could not read dataset 5577: Lightly answered 401 (Token is invalid)", "does not accept the token"),
    ("lightly.openapi_generated.swagger_client.exceptions.ApiException: (403) Reason: Forbidden", "may not do this"),
    ('ApiException: (409) Reason: Conflict, body: {"code":"DATASET_NAME_EXISTS"}', "a dataset of this name"),
    ("DATASET_DATASOURCE_CREDENTIALS_ERROR: could not verify", "cannot use what is registered"),
    ("ACCOUNT_SUBSCRIPTION_INSUFFICIENT", "what the account at Lightly has booked"),
    ("could not verify: no connection to api.lightly.ai, after 5 tries in 60 s", "Lightly did not answer"),
]
