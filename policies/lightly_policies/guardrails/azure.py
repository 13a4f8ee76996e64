"""Rules on Azure storage: accounts, containers, and the SAS tokens that Lightly gets.

Not rules, because Lightly cannot do without: CIS 9.3.1.3 (no access by account key: a SAS is signed with it) and
9.3.2.2 (no access from the internet: Lightly's servers come from there). `policies/README.md` says what stands in.
"""

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import parse_qsl

from lightly_policies.guardrails.rule import Found, each, resource_rule, stack_rule
from lightly_policies.guardrails.view import Resource, Stack

ACCOUNT = "azure-native:storage:StorageAccount"
CONTAINER = "azure-native:storage:BlobContainer"
SERVICE = "azure-native:storage:BlobServiceProperties"
SAS = "lightly:index:AzureSas"
DATASOURCE = "lightly:index:Datasource"
_CIS = "https://github.com/prowler-cloud/prowler"
_SAS = "https://github.com/MicrosoftDocs/azure-docs/blob/main/articles/storage/common/storage-sas-overview.md"
_STORED = "https://learn.microsoft.com/rest/api/storageservices/define-stored-access-policy"
_MOST_POLICIES = 5
_DAYS = {"user_delegation": 7, "stored_policy": 120}
"""Longest lives: Azure's own limit of a user-delegation key; 90 days of a period and a month to replace a token."""
_LETTERS = {"INPUT": frozenset("rl"), "LIGHTLY": frozenset("rlwdc")}


@resource_rule(
    "azure-no-public-blobs",
    types=(ACCOUNT, CONTAINER),
    level="mandatory",
    severity="critical",
    fix="set allowBlobPublicAccess to false on the account, and publicAccess to None on the container",
    source=_CIS,
    controls=("CIS Azure 6.0: 9.3.8",),
)
def no_public_blobs(resource: Resource) -> Iterator[str]:
    """No blob can be read anonymously."""
    if resource.type == ACCOUNT and resource.get("allowBlobPublicAccess") is not False:
        yield "allowBlobPublicAccess is not false"
    if resource.type == CONTAINER and resource.get("publicAccess") not in (None, "None"):
        yield f"publicAccess is {resource.get('publicAccess')}, expected None"


@resource_rule(
    "azure-tls-only",
    types=(ACCOUNT,),
    level="mandatory",
    severity="high",
    fix="set enableHttpsTrafficOnly to true and minimumTlsVersion to TLS1_2",
    source=_CIS,
    controls=("CIS Azure 6.0: 9.3.4", "CIS Azure 6.0: 9.3.6"),
)
def tls_only(account: Resource) -> Iterator[str]:
    """A storage account speaks TLS 1.2 or newer, and nothing else."""
    if account.get("enableHttpsTrafficOnly") is not True:
        yield "enableHttpsTrafficOnly is not true"
    if account.get("minimumTlsVersion") not in ("TLS1_2", "TLS1_3"):
        yield f"minimumTlsVersion is {account.get('minimumTlsVersion')}, expected TLS1_2"


@resource_rule(
    "azure-no-cross-tenant-copies",
    types=(ACCOUNT,),
    level="mandatory",
    severity="medium",
    fix="set allowCrossTenantReplication to false",
    source=_CIS,
    controls=("CIS Azure 6.0: 9.3.7",),
)
def no_cross_tenant_copies(account: Resource) -> Iterator[str]:
    """Objects are not replicated into other tenants."""
    if account.get("allowCrossTenantReplication") is not False:
        yield "allowCrossTenantReplication is not false"


@resource_rule(
    "azure-entra-by-default",
    types=(ACCOUNT,),
    level="advisory",
    severity="low",
    fix="set defaultToOAuthAuthentication to true",
    source=_CIS,
    controls=("CIS Azure 6.0: 9.3.3.1",),
)
def entra_by_default(account: Resource) -> Iterator[str]:
    """People in the portal work as themselves, not with the account's key."""
    if account.get("defaultToOAuthAuthentication") is not True:
        yield "defaultToOAuthAuthentication is not true"


@resource_rule(
    "azure-key-expiry",
    types=(ACCOUNT,),
    level="advisory",
    severity="medium",
    fix="set keyPolicy.keyExpirationPeriodInDays to 90 or less, and sasPolicy.sasExpirationPeriod",
    source=_CIS,
    controls=("CIS Azure 6.0: 9.3.1.1",),
)
def key_expiry(account: Resource) -> Iterator[str]:
    """The account's keys and SAS tokens have a life that Azure watches."""
    days = account.get("keyPolicy.keyExpirationPeriodInDays")
    if not isinstance(days, int | float) or days > 90:
        yield "keyPolicy does not ask for new keys after 90 days"
    if not account.get("sasPolicy.sasExpirationPeriod"):
        yield "sasPolicy does not bound the life of a SAS"


@stack_rule(
    "azure-soft-delete",
    level="advisory",
    severity="medium",
    fix="add storage.BlobServiceProperties for the account with deleteRetentionPolicy and "
    "containerDeleteRetentionPolicy enabled",
    source=_CIS,
    controls=("CIS Azure 6.0: 9.2.1", "CIS Azure 6.0: 9.2.2"),
)
def soft_delete(stack: Stack) -> Iterator[Found]:
    """Deleted blobs and containers of an account can be brought back for some days."""

    def check(account: Resource) -> Iterator[str]:
        services = [service for service in stack.of(SERVICE) if service.names("accountName", account, "name")]
        if not services:
            yield "it has no BlobServiceProperties"
        for service in services:
            for policy in ("deleteRetentionPolicy", "containerDeleteRetentionPolicy"):
                if service.get(f"{policy}.enabled") is not True:
                    yield f"{service.name} does not enable {policy}"

    return each((account for account in stack.of(ACCOUNT) if not account.read), check)


@resource_rule(
    "sas-life",
    types=(SAS,),
    level="mandatory",
    severity="medium",
    fix="let it expire: within 7 days by user delegation, within 120 by a stored policy, which can be revoked",
    manifest="lower `rotate_after`: a token lives for one period and its overlap",
    source=_SAS,
)
def sas_life(sas: Resource) -> Iterator[str]:
    """A SAS expires, and soon where it cannot be revoked."""
    method = sas.text("method") or "stored_policy"
    start, expiry = _moment(sas.text("start")), _moment(sas.text("expiry"))
    most = _DAYS.get(method, 7)
    if start is None or expiry is None:
        yield f"start and expiry are {sas.text('start')!r} and {sas.text('expiry')!r}, expected two times in UTC"
    elif (expiry - start).days > most:
        yield f"it lives for {(expiry - start).days} days, expected {most} at most by {method}"


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


@resource_rule(
    "sas-least",
    types=(DATASOURCE, SAS),
    level="mandatory",
    severity="high",
    fix="use a service SAS for https with a stored access policy (or a user delegation SAS), with r and l for INPUT, "
    "r, l, w and d for LIGHTLY",
    source=_SAS,
)
def sas_least(resource: Resource) -> Iterator[str]:
    """A SAS is for one container, for https, revocable, and allows what its purpose needs."""
    if resource.type == SAS:
        if resource.text("method") != "user_delegation" and not resource.text("policy"):
            yield "it names no stored access policy, so that it cannot be revoked"
        return
    token = resource.text("sasToken").lstrip("?")
    if token:
        given = parse_qsl(token)
        fields = {key.lower(): value for key, value in given}
        if len(fields) < len(given):
            yield "its SAS has a parameter twice, so that it cannot be said which one Azure reads"
        yield from _least(fields, resource.text("purpose"))


def _least(fields: dict[str, str], purpose: str) -> Iterator[str]:
    """What is wrong with a token's fields; the signature is never said."""
    if "ss" in fields or "srt" in fields:
        yield "its SAS is for the whole account"
    elif fields.get("sr") not in ("c", "d"):
        yield f"its SAS has sr={fields.get('sr')}, expected c or d: a container or a directory"
    if fields.get("spr") != "https":
        yield f"its SAS has spr={fields.get('spr')}, expected https"
    if "si" not in fields and "skoid" not in fields:
        yield "its SAS has no stored access policy (si) and is no user delegation: it cannot be revoked"
    more = sorted(set(fields.get("sp", "")) - _LETTERS.get(purpose, frozenset("rlwdc")))
    if more:
        yield f"its SAS has sp={fields['sp']}: {', '.join(more)} is more than {purpose} needs"


@stack_rule(
    "sas-policy-count",
    level="mandatory",
    severity="low",
    fix="give datasets containers of their own (another store, with another `container`): a container has five stored "
    "access policies at most",
    source=_STORED,
)
def policy_count(stack: Stack) -> Iterator[Found]:
    """No container needs more stored access policies than Azure has room for."""
    policies: dict[str, set[str]] = {}
    for sas in stack.of(SAS):
        if sas.text("method") != "user_delegation":
            place = f"{sas.text('accountName')}/{sas.text('container')}"
            policies.setdefault(place, set()).add(sas.text("policy"))
    for place, found in policies.items():
        if len(found) > _MOST_POLICIES:
            yield Found(f"{place} needs {len(found)} stored access policies, expected {_MOST_POLICIES} at most")
