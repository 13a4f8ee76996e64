"""Refusals of Azure to whoever deploys: they stand in the output of a deployment, where no code of ours stands between.

https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors.
"""

from lightly_access.kinds.cause import Sign

DEPLOYING = (
    Sign(
        r"does not have authorization to perform action '(?P<asked>[\w./]+)'",
        "whoever deploys lacks {asked}",
        "give the deployment's identity a role that has it on the account or its resource group, such as Storage "
        "Account Contributor; a new assignment takes some minutes",
        False,
    ),
    Sign(
        r"RequestDisallowedByPolicy|disallowed by policy|policy assignment",
        "a policy of the organisation (Azure Policy) forbids it; the error names the policy",
        "whoever manages the policy says what is allowed or exempts the resource group; what the store's table can say "
        "(`location`, `tags`, `sas`) may fit it",
        False,
    ),
    Sign(
        r"ScopeLocked|scope\(s\) are locked|CanNotDelete lock",
        "a lock on the resource, its group or its subscription forbids the change",
        "whoever set the lock removes it (`az lock list`), or the change is left out",
        False,
    ),
    Sign(
        r"StorageAccountAlreadyTaken|account named \S+ is already taken",
        "the storage account that shall be made has a name that somebody has: names are unique in all of Azure",
        "name another account in the store's `account`, or use the one that exists: `create: false`",
        False,
    ),
    Sign(
        "cannot create already existing resource|already exists - to be managed via",
        "what shall be made exists already",
        "use it as it is (`create: false`), or take it over with `pulumi import`",
        False,
    ),
    Sign(
        "MissingSubscriptionRegistration|not registered to use namespace",
        "the subscription does not use storage accounts yet",
        "`az provider register --namespace Microsoft.Storage`, and wait until it is registered",
        False,
    ),
    Sign(
        "SubscriptionNotFound|subscription .{0,60}could not be found|InvalidSubscriptionId",
        "there is no such subscription, or whoever deploys does not see it",
        "correct it in the account's table or in ARM_SUBSCRIPTION_ID, and look at the tenant: `az account show`",
        False,
    ),
    Sign(
        r"AADSTS\d+|Please run 'az login'|az login|DefaultAzureCredential failed|unable to build authorizer",
        "whoever deploys is not logged in to Azure, or its secret has ended",
        "log in (`az login`), or set AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_CLIENT_SECRET (ARM_... for "
        "the provider)",
        False,
    ),
    Sign(
        r"QuotaExceeded|exceed(?:ed|s)? .{0,60}quota|MaxStorageAccountsCountPerSubscriptionExceeded",
        "a quota of the subscription is used up",
        "raise it in the portal (Quotas), or spread the stores over several subscriptions: `accounts`",
        False,
    ),
)
