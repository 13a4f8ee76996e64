"""Refusals of Azure to whoever deploys: they stand in the output of a deployment, where no code of ours stands between.

https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors,
https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-storage-account-name; an operation in
progress: https://github.com/pulumi/pulumi-azure-native/pull/4497.
"""

from lightly_access.kinds.azure import refusals_login
from lightly_access.kinds.cause import Sign

DEPLOYING = (
    *refusals_login.SIGNS,
    Sign(
        "azure-deployer-delegation-key",
        r"GetUserDelegationKey.*(?:PermissionMismatch|not authorized|\b403\b)|"
        r"(?:PermissionMismatch|not authorized).*(?:GetUserDelegationKey|user delegation key)|"
        r"sign a user-delegation SAS.{0,200}PermissionMismatch|"
        r"generateUserDelegationKey",
        "whoever deploys may not ask account {account} for a user delegation key",
        "give the deployment's identity the role Storage Blob Delegator on the account, and Storage Blob Data "
        "Contributor "
        "(or Reader) for what the token shall do; a new assignment takes up to ten minutes",
        False,
    ),
    Sign(
        "azure-deployer-linked-scope",
        "LinkedAuthorizationFailed",
        "whoever deploys may do it here, and not what it is linked to in another scope, such as a network or a "
        "key vault",
        "give the deployment's identity a role there too; the error names the scope",
        False,
    ),
    Sign(
        "azure-account-name",
        "AccountNameInvalid|not a valid storage account name",
        "the storage account's name breaks Azure's rule",
        "correct the store's `account`: 3 to 24 small letters and digits",
        False,
    ),
    Sign(
        "azure-container-name",
        "InvalidResourceName|specified resource name (?:contains|length)|OutOfRangeInput.{0,80}container",
        "the container's name breaks Azure's rule",
        "correct the store's `container`: 3 to 63 small letters, digits and single hyphens",
        False,
    ),
    Sign(
        "azure-location",
        "Location(?:NotAvailable|NotValid|Required)\\w*|location .{0,60}is not (?:available|valid)",
        "Azure has no storage accounts in that location, or not for this subscription",
        "correct the store's `location`: `az account list-locations -o table`",
        False,
    ),
    Sign(
        "azure-no-resource-group",
        "ResourceGroupNotFound|Resource group '?[^' ]+'? could not be found",
        "there is no such resource group, or it is in another subscription",
        "correct the store's `resource_group`; with `create_account: true` we make it",
        False,
    ),
    Sign(
        "azure-operation-in-progress",
        "(?:Storage)?Account(?:Operation|IsBeingMigrated)\\w*|AnotherOperationInProgress|OperationInProgress|"
        "requires exclusive access|(?:BeingDeleted|deprovisioning state).{0,200}|InProgress\\b.{0,80}cannot perform",
        "Azure is still busy with the account, or with the resource group that it is in",
        "wait a minute, then run `pulumi up` again",
        True,
    ),
    Sign(
        "azure-stored-policies-refused",
        "InvalidXmlDocument|XML specified is not syntactically valid",
        "Azure does not take the list of the container's stored access policies: a container has five at most, each "
        "with an id of up to 64 signs of its own",
        "`az storage container policy list --account-name {account} --container-name {bucket}`, and remove what is "
        "nobody's any more; or give the store another container",
        False,
    ),
    Sign(
        "azure-deployer-lacks-right",
        r"does not have authorization to perform action '(?P<asked>[\w./]+)'",
        "whoever deploys lacks {asked}",
        "give the deployment's identity the roles that `lightly-access deployer-policy` prints, or any role that has "
        "it, at the scope that the error names or above; a new assignment takes some minutes",
        False,
    ),
    Sign(
        "azure-organisation-policy",
        r"RequestDisallowedByPolicy|disallowed by policy|policy assignment",
        "a policy of the organisation (Azure Policy) forbids it; the error names the policy",
        "whoever manages the policy says what is allowed or exempts the resource group; what the store's table can say "
        "(`location`, `tags`, `sas`) may fit it",
        False,
    ),
    Sign(
        "azure-resource-locked",
        r"ScopeLocked|scope\(s\) are locked|CanNotDelete lock",
        "a lock on the resource, its group or its subscription forbids the change",
        "whoever set the lock removes it (`az lock list`), or the change is left out",
        False,
    ),
    Sign(
        "azure-account-name-taken",
        r"StorageAccountAlreadyTaken|account named \S+ is already taken",
        "the storage account that shall be made has a name that somebody has: names are unique in all of Azure",
        "name another account in the store's `account`, or use the one that exists: `create: false`",
        False,
    ),
    Sign(
        "azure-exists-already",
        "cannot create already existing resource|already exists - to be managed via",
        "what shall be made exists already",
        "use it as it is (`create: false`); when a run that was killed made it, `lightly-access recover "
        "--take NAME` takes it over, by the name that the error begins with",
        False,
    ),
    Sign(
        "azure-provider-not-registered",
        "MissingSubscriptionRegistration|not registered to use namespace",
        "the subscription does not use storage accounts yet",
        "`az provider register --namespace Microsoft.Storage`, and wait until it is registered",
        False,
    ),
    Sign(
        "azure-no-subscription",
        "SubscriptionNotFound|subscription .{0,60}could not be found|InvalidSubscriptionId",
        "there is no such subscription, or whoever deploys does not see it",
        "correct it in the account's table or in ARM_SUBSCRIPTION_ID, and look at the tenant: `az account show`",
        False,
    ),
    Sign(
        "azure-quota",
        r"QuotaExceeded|exceed(?:ed|s)? .{0,60}quota|MaxStorageAccountsCountPerSubscriptionExceeded",
        "a quota of the subscription is used up",
        "raise it in the portal (Quotas), or spread the stores over several subscriptions: `accounts`",
        False,
    ),
)
