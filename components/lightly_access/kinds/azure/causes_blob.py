"""Causes in the words of Azure that are about blobs, keys of the account's encryption and leases, and no right.

https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes. No new token mends them, so none waits.
"""

from lightly_access.kinds.cause import Sign

SIGNS = (
    Sign(
        "azure-immutable",
        "ImmutableDueToPolicy|immutable due to a policy|legal hold|immutability policy|BlobImmutable",
        "an immutability policy or a legal hold of container {bucket} forbids to change what is there",
        "use a container without one for LIGHTLY: Lightly overwrites and deletes its own files",
        False,
    ),
    Sign(
        "azure-lease",
        r"Lease(?:IdMissing|IdMismatch|Lost|AlreadyPresent|NotPresent|IsBr|AlreadyBroken)\w*|active lease|currently a "
        "lease|lease ID",
        "somebody holds a lease on what is there: only the holder may change or delete it",
        "end it: `az storage blob lease break --account-name {account} --container-name {bucket} --blob-name <blob>`; "
        "what takes leases there needs another directory than Lightly",
        False,
    ),
    Sign(
        "azure-archived",
        "BlobArchived|BlobBeingRehydrated|archived blob|blob is archived|being rehydrated|archive tier",
        "what is stored below {path} is in the archive tier and cannot be read",
        "rehydrate it (`az storage blob set-tier --tier Hot`), or keep archived blobs, and the rule that "
        "archives them, "
        "out of the path",
        False,
    ),
    Sign(
        "azure-customer-provided-key",
        "BlobUsesCustomerSpecifiedEncryption|customer[- ](specified|provided) (encryption|key)",
        "what is stored below {path} is encrypted with a key that only its owner sends; Lightly has no such key",
        "copy it to where the account holds the key",
        False,
    ),
    Sign(
        "azure-encryption-scope",
        "EncryptionScope|encryption scope",
        "container {bucket} takes only what is encrypted by its own encryption scope, or that scope is disabled",
        "ask whoever owns account {account}: `az storage container show` names the scope, and whether another one is "
        "refused",
        False,
    ),
    Sign(
        "azure-hierarchical-namespace",
        "HierarchicalNamespace\\w*|hierarchical namespace|FeatureNotSupportedForAccount|"
        "EndpointUnsupportedAccountFeatures|not (?:yet )?supported (?:for|on) .{0,60}(?:account|endpoint)",
        "it was asked as of an account with directories (hierarchical namespace) and {account} has none, or the "
        "other way "
        "round",
        "set `hierarchical` of the store to what the account is: az storage account show --query isHnsEnabled",
        False,
    ),
    Sign(
        "azure-service-version",
        "(?:Unsupported|Invalid)(?:Header|HttpVerb|QueryParameter)\\w*|x-ms-version|"
        "HTTP headers .{0,60}(?:not supported|correct format)",
        "the blob service of account {account} does not know a part of what it was asked: a service of another "
        "version, "
        "such as a sovereign cloud, or an emulator",
        "ask Lightly's support which version is used",
        False,
    ),
    Sign(
        "azure-key-vault",
        r"KeyVault\w*|Key ?Vault|customer[- ]managed key",
        "account {account} is encrypted with a key of a Key Vault, and cannot use it: disabled, deleted, or the "
        "account's identity may not",
        "make the key usable again in the vault: the account's identity needs get, wrapKey and unwrapKey "
        "(Key Vault Crypto Service Encryption User)",
        False,
    ),
    Sign(
        "azure-snapshots",
        "SnapshotsPresent|blob has snapshots",
        "a blob has snapshots, and is not deleted while they are there",
        "`az storage blob delete --delete-snapshots include`; what makes snapshots there needs another directory than "
        "Lightly",
        False,
    ),
    Sign(
        "azure-account-disabled",
        "AccountIsDisabled|account (?:\\S+ )?is disabled|ReadOnlyDisabledSubscription|subscription .{0,80}(?:is|was) "
        "disabled",
        "account {account} is disabled",
        "ask whoever owns the subscription; a subscription that is not paid disables its accounts",
        False,
    ),
    Sign(
        "azure-account-read-only",
        "InsufficientAccountPermissions|account does not have sufficient permissions|write operations are not allowed",
        "account {account} takes no writes: it is read-only, or its secondary location was asked",
        "ask whoever owns the account",
        False,
    ),
)
