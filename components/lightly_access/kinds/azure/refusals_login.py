"""What keeps whoever deploys from logging in to Azure, in the words of Entra, of the SDK and of Resource Manager.

https://learn.microsoft.com/entra/identity-platform/reference-error-codes (AADSTS...),
https://learn.microsoft.com/entra/workload-id/workload-identity-federation-create-trust (federated credentials).
"""

from lightly_access.kinds.cause import Sign

SIGNS = (
    Sign(
        "azure-client-secret-ended",
        r"AADSTS7000222|client secret keys are expired",
        "the client secret of whoever deploys has ended",
        "make another one (`az ad app credential reset --id <client id>`) and give it as AZURE_CLIENT_SECRET "
        "(ARM_CLIENT_SECRET for the provider); with OIDC there is none to end",
        False,
    ),
    Sign(
        "azure-client-secret-wrong",
        r"AADSTS7000215|Invalid client secret",
        "the client secret of whoever deploys is another one; the portal shows a secret's value and its id, and "
        "the id is "
        "often taken for it",
        "give the value as AZURE_CLIENT_SECRET (ARM_CLIENT_SECRET for the provider)",
        False,
    ),
    Sign(
        "azure-oidc",
        r"AADSTS7002(?:1\d?|2\d)\b|AADSTS70021|federated identity (?:record|credential)",
        "the pipeline cannot enter Azure with its own identity (OIDC): no federated credential of the application has "
        "this issuer and subject",
        "compare the subject in the error with `az ad app federated-credential list --id <client id>`: "
        "repository, branch "
        "or environment must be the same, letter by letter",
        False,
    ),
    Sign(
        "azure-tenant",
        r"AADSTS(?:700016|90002|900023|500011|650\d+)|Application with identifier|Tenant '?[^' ]+'? not found|"
        r"AuthenticationTokenTenant|wrong issuer",
        "the tenant, or the application in it, is another one than the subscription's",
        "compare AZURE_TENANT_ID and AZURE_CLIENT_ID (ARM_...) with `az account show --query tenantId`",
        False,
    ),
    Sign(
        "azure-login-over",
        r"AADSTS(?:70043|700082|700084|50173|50132|50133)|refresh token has expired",
        "the login of whoever deploys to Azure is over",
        "log in again (`az login`); a pipeline uses an application of its own, by OIDC, whose login is made for "
        "each run",
        False,
    ),
    Sign(
        "azure-conditional-access",
        r"AADSTS(?:5300\d|5007\d|50158|53003|53000)|Conditional Access|multi-?factor authentication",
        "the organisation lets nobody log in from there, or not without a second factor",
        "log in from a machine that it admits (`az login`); a pipeline uses an application of its own, by OIDC",
        False,
    ),
    Sign(
        "azure-not-logged-in",
        r"AADSTS\d+|Please run 'az login'|az login|DefaultAzureCredential failed|unable to build authorizer|"
        r"(?:Invalid|Expired)AuthenticationToken\b|CredentialUnavailableError|access token (?:has )?expired",
        "whoever deploys is not logged in to Azure, or its login is over",
        "log in (`az login`), or set AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_CLIENT_SECRET (ARM_... for "
        "the provider)",
        False,
    ),
)
