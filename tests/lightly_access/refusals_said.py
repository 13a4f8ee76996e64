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
    (
        "(ValidationError) when calling the AssumeRole operation: 1 validation error detected: Value 'x' at "
        "'externalId' "
        "failed to satisfy constraint: Member must have length greater than or equal to 2",
        "external ID is none",
        False,
    ),
    ("(ValidationError) when calling the AssumeRole operation: arn:aws:iam::12:role/x is invalid", "no ARN of", False),
    (
        RIGHT.format("kms:Decrypt").replace("on resource: x", "on the resource associated with this ciphertext")
        + "because the resource does not exist in this Region, no resource-based policies allow access, or a "
        "resource-based policy explicitly denies access",
        "AWS does not say why",
        True,
    ),
    ("(AccessControlListNotSupported) The bucket does not allow ACLs", "no access control lists", False),
    ("(AccessDenied) Request has expired s3://results", "signed URL", False),
    ("(BadDigest) The Content-MD5 you specified did not match what we received.", "not what was sent", False),
    ("(NotImplemented) A header you provided implies functionality that is not implemented", "a part of S3's", False),
    ("(400) when calling the HeadObject operation: Bad Request s3://results", "no room for words", False),
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
    (f"{FAILED}sv is not valid. The value specified is 2099-01-01", "a value that Azure does not take", False),
    (f"{FAILED}Signed user delegation key object id does not match", "parts of the token that name", False),
    ("TlsVersionNotPermitted: The TLS version of the connection is not permitted", "an older TLS", False),
    ("AccountRequiresHttps: The account being accessed does not support http.", "over http", False),
    ("EncryptionScope of the container: blob.core.windows.net refuses another", "its own encryption scope", False),
    (
        "HierarchicalNamespaceNotEnabled: This operation is only permitted on a hierarchical namespace account.",
        "or the other way round",
        False,
    ),
    ("InvalidHeaderValue: x-ms-version: The value for one of the HTTP headers is not", "of another version", False),
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
    ("obs://lake: (VirtualHostDomainRequired) Virtual host domain is required", "in the host name", False),
    ("obs://lake: (Unauthorized) To be authenticated in real-name authentication", "who it is", False),
    ("obs://lake: (KMS.DisabledException) arn:aws:kms is disabled", "the key that encrypts", False),
    ("obs://lake: (InvalidAccessKeyId) The OBS access key ID does not exist in our records.", "not valid there", True),
    ("obs://lake: (FrozenUserId) The user has been frozen.", "has closed bucket", False),
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
        "operation error STS: AssumeRoleWithWebIdentity, https response error StatusCode: 403, api error AccessDenied: "
        "Not authorized to perform sts:AssumeRoleWithWebIdentity",
        "with its own identity (OIDC)",
    ),
    ("Error: The SSO session associated with this profile has expired or is otherwise invalid.", "single sign-on of"),
    ("unable to validate AWS credentials: failed to get shared config profile, acme", "no such profile"),
    ("operation error STS: GetCallerIdentity, ExpiredToken: The security token is expired", "whoever deploys is over"),
    (
        RIGHT.format("s3:PutBucketPolicy") + "because public policies are prevented by the BlockPublicPolicy setting",
        "it takes for public",
    ),
    (
        RIGHT.format("iam:CreateRole") + "because no permissions boundary allows the iam:CreateRole action",
        "the permissions boundary of whoever deploys",
    ),
    ("api error BucketAlreadyExists: The requested bucket name is not available", "that another account has"),
    ("api error BucketNotEmpty: The bucket you tried to delete is not empty", "that shall go holds objects"),
    ("api error OperationAborted: A conflicting conditional operation is currently in progress", "is changing that"),
    ("api error InvalidBucketName: The specified bucket is not valid.", "bucket's name breaks"),
    (
        "IllegalLocationConstraintException: The me-south-1 location constraint is incompatible for the region "
        "specific "
        "endpoint this request was sent to.",
        "in another region than the one that was asked",
    ),
    ("InvalidBucketState: Object Lock configuration cannot be enabled on existing buckets", "do not go together"),
    (
        "operation error S3: PutBucketLifecycleConfiguration, StatusCode: 400, api error InvalidArgument: 'Days'",
        "rules of the bucket's lifecycle",
    ),
    ("api error InvalidTag: The TagValue you have provided is invalid", "a tag has a sign"),
    ("DeleteConflict: Cannot delete entity, must detach all policies first.", "somebody else gave it"),
    ("ConcurrentModification: multiple requests to change this object were submitted", "at this moment"),
    ("UnmodifiableEntity: Cannot perform the operation on the protected role 'AWSReservedSSO_x'", "keeps that role"),
    ("NoSuchEntity: The role with name acme-cows cannot be found.", "behind our back"),
    (
        "MalformedPolicyDocumentException: The new key policy will not allow you to update the key policy in the "
        "future.",
        "lock out everybody",
    ),
    ("MalformedPolicyDocument: Invalid principal in policy", "AWS does not take a policy"),
    (
        "the client 'x' does not have authorization to perform action 'Microsoft.Storage/storageAccounts/write' over",
        "whoever deploys lacks Microsoft.Storage/storageAccounts/write",
    ),
    ("RequestDisallowedByPolicy: Resource 'x' was disallowed by policy. (Microsoft.Storage)", "Azure Policy"),
    ("AADSTS7000222: The provided client secret keys are expired.", "client secret of whoever deploys has ended"),
    ("AADSTS7000215: Invalid client secret provided. Ensure the secret being sent", "is often taken for it"),
    ("AADSTS700213: No matching federated identity record found for presented assertion subject", "no federated cred"),
    ("AADSTS700016: Application with identifier 'x' was not found in the directory 'y'.", "the tenant, or the app"),
    ("AADSTS70043: The refresh token has expired or is invalid due to sign-in frequency checks", "to Azure is over"),
    ("AADSTS53003: Access has been blocked by Conditional Access policies.", "lets nobody log in from there"),
    ("DefaultAzureCredential failed to retrieve a token from the included credentials.", "not logged in to Azure"),
    (
        "AuthorizationPermissionMismatch: This request is not authorized, GetUserDelegationKey, core.windows.net",
        "may not ask account",
    ),
    (
        "could not sign a user-delegation SAS for container acmedata/photos: Azure answered 403 "
        "(AuthorizationPermissionMismatch) This request is not authorized to perform this operation",
        "may not ask account",
    ),
    ("LinkedAuthorizationFailed: The client has permission, however the linked scope", "linked to in another scope"),
    ("AccountNameInvalid: acmeBAD is not a valid storage account name.", "account's name breaks"),
    ("InvalidResourceName: The specified resource name contains invalid characters. (core.windows.net)", "container's"),
    (
        "LocationNotAvailableForResourceType: The provided location 'x' is not available for Microsoft.Storage",
        "in that location",
    ),
    ("ResourceGroupNotFound: Resource group 'acme-data' could not be found.", "no such resource group"),
    ("StorageAccountOperationInProgress: An operation that requires exclusive access.", "is still busy"),
    ("InvalidXmlDocument: XML specified is not syntactically valid. core.windows.net", "stored access policies: a"),
    ("ScopeLocked: The scope '/subscriptions/x' cannot perform delete (Microsoft.Storage)", "a lock on the resource"),
    ("StorageAccountAlreadyTaken: The storage account named acme is already taken.", "somebody has"),
    ("cannot create already existing resource '/subscriptions/x/Microsoft.Storage/y'", "exists already"),
    ("MissingSubscriptionRegistration: not registered to use namespace 'Microsoft.Storage'", "does not use storage"),
    ("SubscriptionNotFound: The subscription 'x' could not be found. (Microsoft.Storage)", "no such subscription"),
    ("MaxStorageAccountsCountPerSubscriptionExceeded: x", "a quota of the subscription"),
    (
        "googleapi: Error 403: Permission 'iam.serviceAccounts.create' denied on resource, forbidden",
        "whoever deploys lacks iam.serviceAccounts.create",
    ),
    ("googleapi: Error 429: Maximum number of service accounts on project reached.", "a quota of the project"),
    ("google.auth.exceptions.DefaultCredentialsError: Your default credentials were not found.", "not logged in"),
    ("googleapi: Error 409: Your previous request succeeded and you already own it., conflict", "exists already"),
    ("googleapi: Error 403: The bucket you tried to create requires domain ownership verification.", "with dots"),
    ("googleapi: Error 400: Invalid bucket name: 'Acme'", "bucket's name breaks"),
    ("googleapi: Error 409: The bucket you tried to delete is not empty., conflict", "that shall go holds objects"),
    ("googleapi: Error 400: role_id (x) where there is an existing role in a deleted state.", "its name stays taken"),
    ("googleapi: Error 400: Permission storage.object.get is not valid., badRequest", "cannot hold storage.object.get"),
    ("googleapi: Error 400: Role roles/x is not supported for this resource., badRequest", "cannot be granted there"),
    ("googleapi: Error 400: Invalid condition expression.", "does not take the condition"),
    ("googleapi: Error 400: Service account a@b.gserviceaccount.com does not exist., badRequest", "names a service"),
    ("googleapi: Error 409: There were concurrent policy changes. Please retry., aborted", "changed the policy"),
    ("googleapi: Error 400: Unknown project id: 0, invalid", "no such project"),
    (
        "googleapi: Error 400: Cannot get legacy ACL when uniform bucket-level access is enabled.",
        "access control lists",
    ),
    ("UNAUTHENTICATED: googleapi: Request had invalid authentication credentials.", "none of Google's"),
]
LIGHTLY = [
    ("could not read dataset 5577: Lightly answered 401 (Token is invalid)", "does not accept the token"),
    ("lightly.openapi_generated.swagger_client.exceptions.ApiException: (403) Reason: Forbidden", "may not do this"),
    ('ApiException: (409) Reason: Conflict, body: {"code":"DATASET_NAME_EXISTS"}', "a dataset of this name"),
    ("DATASET_DATASOURCE_CREDENTIALS_ERROR: could not verify", "cannot use what is registered"),
    ("ACCOUNT_SUBSCRIPTION_INSUFFICIENT", "what the account at Lightly has booked"),
    ('ApiException: (404) body: {"code":"DATASET_UNKNOWN"}', "no such dataset"),
    ("ValueError: A dataset with the id 65 does not exist on the webplatform.", "no such dataset"),
    ("ValueError: A dataset with the name 'cows' already exists! Please use", "a dataset of this name"),
    ('ApiException: (400) body: {"code":"DATASET_DATASOURCE_FILE_TOO_LARGE"}', "is too large for it"),
    ('ApiException: (400) body: {"code":"DATASET_DATASOURCE_RELEVANT_FILENAMES_INVALID"}', "list of relevant files"),
    ('ApiException: {"code":"DOCKER_WORKER_CONFIG_NOT_COMPATIBLE_WITH_DATASOURCE"}', "does not fit the dataset's"),
    ('ApiException: (404) body: {"code":"DOCKER_WORKER_UNKNOWN"}', "no such worker"),
    ("ERROR All 100 images have been flagged as corrupt.", "could open none"),
    ("ERROR Metadata attribute 'filename' is of type int instead of str.", "not as the worker reads it"),
    ("docker: Error: manifest for lightly/worker:2.99 not found: manifest unknown", "no such version"),
    ("could not verify: no connection to api.lightly.ai, after 5 tries in 60 s", "Lightly did not answer"),
]
