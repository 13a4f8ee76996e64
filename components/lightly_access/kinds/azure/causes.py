"""Causes in the words of Azure: what a SAS is refused for.

https://learn.microsoft.com/rest/api/storageservices/sas-error-codes,
https://learn.microsoft.com/rest/api/storageservices/common-rest-api-error-codes; the words of AuthenticationErrorDetail
as users quote them (https://github.com/microsoft/AzureStorageExplorer/issues/3219,
https://github.com/Azure/azure-storage-ruby/issues/217).
"""

import re

from lightly_core.capability import Capability

from lightly_access.kinds.azure import causes_blob, causes_sas, refusals
from lightly_access.kinds.cause import BUSY, CERTIFICATE, UNREACHABLE, Sign
from lightly_access.kinds.causes import Tree

ACTIONS = {
    Capability.LIST: "list (l)",
    Capability.READ: "read (r)",
    Capability.WRITE: "write (w)",
    Capability.OVERWRITE: "write (w)",
    Capability.DELETE: "delete (d)",
}
"""The letter of a SAS behind each capability (https://learn.microsoft.com/rest/api/storageservices/create-user-delegation-sas)."""

_ROTATE = "rotate it (`rotate_now`): the new token and policy are registered and verified before the old ones go"
_DELEGATED = "with sas: user_delegation, whoever deploys must hold the right too (Storage Blob Data Contributor)"
_NETWORK = "admit Lightly's addresses in the account's network rules, or all networks: a SAS limits who gets in already"

SIGNS = (
    *causes_sas.SIGNS,
    Sign(
        "azure-sas-for-a-directory",
        "signed resource is not allowed|sdd|signed directory depth",
        "the SAS {who} is for a directory, and account {account} has no hierarchical namespace, or the directory is "
        "another one",
        "set `hierarchical` of the store to what the account is: az storage account show --query isHnsEnabled",
        False,
    ),
    Sign(
        "azure-shared-key-forbidden",
        "KeyBasedAuthenticationNotPermitted|Key based authentication is not permitted",
        "account {account} accepts nothing that is signed with its keys",
        "set `sas: user_delegation`, or allow shared key access on the account",
        False,
    ),
    Sign(
        "azure-asked-over-http",
        "AuthorizationProtocolMismatch|using this protocol|AccountRequiresHttps|does not support http\\b",
        "it was asked over http, and the SAS or the account is for https only",
        "ask Lightly's support; the token must not be sent in clear",
        False,
    ),
    Sign(
        "azure-old-tls",
        "TlsVersionNotPermitted|TLS version .{0,40}not permitted",
        "it was asked with an older TLS than account {account} takes",
        "what opens the connection there is too old, such as a proxy; 1.2 is what Lightly and we speak",
        False,
    ),
    Sign(
        "azure-sas-bound-to-addresses",
        r"source IP (?P<address>[\w.:]*\w)",
        "the SAS is bound to other addresses than {address}; Lightly's change, so it must be bound to none",
        "{renew}",
        False,
    ),
    Sign(
        "azure-sas-cannot-overwrite",
        "UnauthorizedBlobOverwrite|not authorized to perform blob overwrites",
        "the SAS {who} may create (c) and not write (w): what exists cannot be overwritten",
        "{renew}",
        False,
    ),
    Sign(
        "azure-signer-lacks-right",
        "AuthorizationPermissionMismatch|using this permission",
        "the SAS as we made it allows {action} (proof), and Azure refuses it: the login that deploys and signed it has "
        "no role there that gives the right, and a token can do no more than who signed it",
        "give the deployment's identity the data role that `lightly-access deployer-policy` prints, or Storage Blob "
        "Data Reader for INPUT and Contributor for LIGHTLY, on container {bucket}; a new assignment takes some minutes",
        True,
        proved=True,
        identity="/user-delegation",
    ),
    Sign(
        "azure-stored-policy-differs",
        "AuthorizationPermissionMismatch|using this permission",
        "the SAS as we made it allows {action} (proof), and Azure refuses it: the stored access policy of {who} "
        "differs from ours",
        "{renew}",
        True,  # a stored access policy takes up to half a minute to work everywhere
        proved=True,
    ),
    Sign(
        "azure-sas-lacks-permission",
        "AuthorizationPermissionMismatch|using this permission",
        "the SAS {who} lacks {action}",
        f"{{renew}}; {_DELEGATED}",
        True,
    ),
    Sign(
        "azure-account-sas",
        "AuthorizationResourceTypeMismatch|AuthorizationServiceMismatch|using this (resource type|service)",
        "the registered token is an account SAS for something else than containers and blobs",
        "{renew}",
        False,
    ),
    *causes_blob.SIGNS,
    Sign(
        "azure-network-rules",
        r"AuthorizationFailure|NetworkSecurityPerimeter|not authorized to perform this operation\.",
        "account {account} refuses whoever asked before it looks at the token: its network rules do not admit the "
        "address, or public network access is off",
        _NETWORK,
        False,
    ),
    Sign(
        "azure-asked-without-token",
        "NoAuthenticationInformation|InvalidAuthenticationInfo|PublicAccessNotPermitted|Public access is not permitted",
        "it was asked without the token",
        "{renew}",
        False,
    ),
    Sign(
        "azure-container-being-deleted",
        "(Container|Filesystem)BeingDeleted|(container|filesystem) is being deleted",
        "container {bucket} is being deleted",
        "wait until it is gone and deploy again, or name another container",
        True,
    ),
    Sign(
        "azure-no-container",
        "(Container|Filesystem)NotFound|specified (container|filesystem) does not exist|ContainerDisabled",
        "there is no container {bucket} in account {account}",
        "correct the store's `container`, or let us make it: `create: true`",
        False,
    ),
    Sign(
        "azure-no-account",
        r"Name or service not known|nodename nor servname|\bENOTFOUND|lookup address|getaddrinfo|name resolution|"
        "no such host|failed to resolve",
        "there is no account {account}, or its name cannot be resolved from where it was asked",
        "correct the store's `account`; is it behind a private endpoint only?",
        True,
    ),
    Sign(
        "azure-no-directory",
        "BlobNotFound|PathNotFound|specified (blob|path) does not exist|No ?Such ?Directory",
        "there is no directory {path}: Lightly asks for one that exists, it may be empty",
        "put a blob there: `az storage blob upload --account-name {account} --container-name {bucket} "
        "--name {directory}placeholder --data ''`",
        False,
    ),
    Sign(
        "azure-no-container-or-directory",
        "ResourceNotFound|specified resource does not exist",
        "there is no container {bucket} in account {account}, or no directory {path} in it",
        "correct the store's `container` or the `path`; a directory must exist, it may be empty",
        False,
    ),
    Sign(
        "azure-sas-not-accepted",
        r"AuthenticationFailed|failed to authenticate|\b403\b|Forbidden",
        "account {account} does not accept the SAS {who}",
        "{renew}",
        True,
        vague=True,
    ),
    CERTIFICATE,
    UNREACHABLE,
    Sign("store-busy", "OperationTimedOut|IngressOver|EgressOver", BUSY.text, BUSY.fix, True),
    BUSY,
)
TREE = Tree(
    ACTIONS,
    SIGNS,
    _ROTATE,
    _ROTATE,
    "the stored access policy of {who}, or anonymous access to the container,",
    look="rotate it (`rotate_now`), and see whether the container can be read anonymously",
    service="Azure",
    named={
        "account": (r"([a-z0-9]{3,24})\.(?:blob|dfs)\.core\.windows\.net", "<account>"),
        "bucket": (r"\.(?:blob|dfs)\.core\.windows\.net/([a-z0-9-]{3,63})", "<container>"),
        "who": (r"(?!)()", "<policy>"),
    },
    deploying=refusals.DEPLOYING,
    dialect=re.compile(
        r"Authorization(?:PermissionMismatch|Failure|ProtocolMismatch|SourceIPMismatch)|AuthenticationErrorDetail|"
        r"core\.windows\.net|azure://|Microsoft\.Storage|Server failed to authenticate|(?:Container|Blob|"
        r"Path)NotFound|ContainerBeingDeleted|"
        r"not authorized to perform this operation|KeyBasedAuthentication|specified container|"
        r"InvalidXmlDocument|LinkedAuthorization|StorageAccount[A-Z]|AccountNameInvalid|Location(?:NotAvailable|NotValid)|"
        r"ResourceGroup[A-Z]|AuthenticationToken\b|AuthenticationTokenTenant|AccountRequiresHttps|TlsVersionNot|"
        r"Hierarchical ?Namespace|FeatureNotSupportedForAccount|x-ms-|DefaultAzureCredential|"
        r"AnotherOperationInProgress|"
        r"\b(?:Blob|Lease|KeyVault)[A-Z]\w+|\bon the blob\b|BlobOverwrite|blob overwrites|immutab|"
        r"specified (?:key )?time frame|\bAADSTS\d|az login|"
        r"does not have authorization to perform action"
    ),
)
