"""What Azure accepts as names: accounts, containers, resource groups, directories, locations, tags.

A checker returns None or a Fault. Sources: https://learn.microsoft.com/en-us/azure/azure-resource-manager/management/resource-name-rules
(accounts, resource groups) and
https://learn.microsoft.com/rest/api/storageservices/Naming-and-Referencing-Containers--Blobs--and-Metadata.
"""

import re
from collections.abc import Mapping

from lightly_core.directory import directory_path
from lightly_core.fault import Fault, did_you_mean

SCHEME = "azure://"
"""Ours, for a path that names the account: `azure://acmephotos/datalake/cows/`."""

ACCOUNT_PATTERN = "^[a-z0-9]{3,24}$"
CONTAINER_PATTERN = "^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$"
GUID_PATTERN = "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"
RESOURCE_GROUP_PATTERN = r"^[\w.()-]{0,89}[\w()-]$"
LOCATION_PATTERN = "^[a-z][a-z0-9]{2,59}$"
LOCATIONS = (
    *("australiacentral", "australiaeast", "australiasoutheast", "austriaeast", "belgiumcentral", "brazilsouth"),
    *("canadacentral", "canadaeast", "centralindia", "centralus", "chilecentral", "eastasia", "eastus", "eastus2"),
    *("francecentral", "germanywestcentral", "indonesiacentral", "israelcentral", "italynorth", "japaneast"),
    *("japanwest", "koreacentral", "koreasouth", "malaysiawest", "mexicocentral", "newzealandnorth", "northcentralus"),
    *("northeurope", "norwayeast", "polandcentral", "qatarcentral", "southafricanorth", "southcentralus", "southindia"),
    *("southeastasia", "spaincentral", "swedencentral", "switzerlandnorth", "uaenorth", "uksouth", "ukwest"),
    *("westcentralus", "westeurope", "westindia", "westus", "westus2", "westus3"),
)
"""Public regions, for a remark only: Azure opens new ones. https://azure.microsoft.com/en-us/global-infrastructure/geographies/
`az account list-locations --query [].name` lists those of a subscription."""

STORED_POLICY, USER_DELEGATION = "stored_policy", "user_delegation"
"""How a SAS can be signed."""

POLICIES_A_DATASOURCE = 2
"""One in use and, while a rotation is under way, the next."""

_ACCOUNT = re.compile(ACCOUNT_PATTERN)
_GUID = re.compile(GUID_PATTERN)
_CONTAINER = re.compile(CONTAINER_PATTERN)
_RESOURCE_GROUP = re.compile(RESOURCE_GROUP_PATTERN)
_LOCATION = re.compile(LOCATION_PATTERN)
_SCHEMES = ("azure://", "az://", "abfss://", "abfs://", "wasbs://", "https://", "http://")
_NOT_IN_TAG = re.compile(r"[<>%&\\?/]")
_RESERVED_TAGS = ("microsoft", "azure", "windows")
_SOVEREIGN = ("china", "usgov", "usdod")
SOVEREIGN_HINT = "Lightly is given an account's name, which it looks for at <name>.blob.core.windows.net alone"
"""datasource_config_azure.py of lightly 1.5.26: `accountName`, and no place for an endpoint. Azure's other clouds have
others: https://learn.microsoft.com/en-us/azure/china/resources-developer-guide and azure-government's."""
_SEGMENT = 254
_DEEPEST = 63
_TAGS = 45


def account(value: str) -> Fault | None:
    """A storage account: 3 to 24 lower-case letters and digits, unique in all of Azure."""
    if value.lower().startswith(_SCHEMES) or "." in value:
        return Fault("the storage account's name alone", "acmephotos of https://acmephotos.blob.core.windows.net/")
    if _ACCOUNT.fullmatch(value):
        return None
    return Fault("a storage account's name: 3 to 24 lower-case letters and digits", "no -, no _, no capital letters")


def container(value: str) -> Fault | None:
    """A container: 3 to 63 of a-z 0-9 -, no two hyphens side by side. `$root`, `$web`, `$logs` are Azure's own."""
    if value.lower().startswith(_SCHEMES):
        return Fault("the container's name alone", "the account has a field of its own")
    if "/" in value:
        return Fault("the container's name alone", "what follows the / goes into a datasource's path")
    if _CONTAINER.fullmatch(value):
        return None
    hint = "those that start with $ are Azure's own" if value.startswith("$") else None
    return Fault("a container's name: 3 to 63 of a-z 0-9 and single hyphens, the first and last no hyphen", hint)


def resource_group(value: str) -> Fault | None:
    """A resource group: 1 to 90 letters, digits, underscores, hyphens, periods, parentheses; no period at the end."""
    if value.startswith("/subscriptions/"):
        return Fault("the resource group's name alone", "the last part of its id")
    if _RESOURCE_GROUP.fullmatch(value):
        return None
    return Fault("a resource group's name: 1 to 90 letters, digits and _ - . ( ), no . at the end")


def location(value: str) -> Fault | None:
    """A region as Azure's API writes it: `westeurope`, which the portal shows as West Europe."""
    if value.startswith(_SOVEREIGN):
        return Fault("a region of Azure's public cloud", SOVEREIGN_HINT)
    if _LOCATION.fullmatch(value):
        return None
    plain = re.sub(r"\s", "", value).lower()
    hint = f"did you mean {plain!r}?" if plain in LOCATIONS else did_you_mean(plain, LOCATIONS)
    return Fault("a region as Azure's API writes it, such as westeurope", hint)


def guid(value: str) -> Fault | None:
    """The id of a subscription or tenant: `az account list --query "[].[name, id, tenantId]"`."""
    if _GUID.fullmatch(value):
        return None
    return Fault("an id such as 00000000-0000-0000-0000-000000000000", "az account list shows the ids of yours")


def unusual_location(value: str) -> str | None:
    """The remark about a region that is not in our list, which may be newer than the list, or mistyped."""
    if value in LOCATIONS or location(value):
        return None
    return did_you_mean(value, LOCATIONS) or "it is not among the public regions that we know; is it a new one?"


def directory(value: str, *, hierarchical: bool) -> Fault | None:
    """What Azure adds to the rules of `directory_path`: at most 254 directories deep, 63 in a hierarchical namespace,
    and no name that ends with a period."""
    parts = [part for part in value.split("/") if part]
    deepest = _DEEPEST if hierarchical else _SEGMENT
    if len(parts) >= deepest:
        return Fault(f"a directory fewer than {deepest} directories deep", "Azure takes no deeper paths")
    if any(part.endswith(".") for part in parts):
        return Fault("a directory whose name does not end with a period", "Azure says that no path segment may")
    return None


def tags(value: Mapping[str, str]) -> Fault | None:
    """How many tags: a resource has 50 (https://learn.microsoft.com/en-us/azure/azure-resource-manager/management/tag-resources#limitations);
    5 are kept for our own. Names that differ only in case are one name to Azure."""
    if len({key.lower() for key in value}) < len(value):
        return Fault("tag names that differ in more than case", "Azure takes names in any case for the same")
    return None if len(value) <= _TAGS else Fault(f"at most {_TAGS} tags", "Azure takes 50 a resource and 5 are ours")


def tag_name(value: str) -> Fault | None:
    r"""Name of a tag: 1 to 128 characters, none of `<>%&\?/`; not `microsoft...`, `azure...`, `windows...`.

    Azure's limit is 512, and 128 for storage accounts, which carry these tags. Source: as `tags`.
    """
    if value.lower().startswith(_RESERVED_TAGS):
        return Fault("a tag name that does not start with microsoft, azure or windows", "those are Azure's own")
    if 1 <= len(value) <= 128 and value.isprintable() and not _NOT_IN_TAG.search(value):
        return None
    return Fault(r"a tag name of 1 to 128 characters, without < > % & \ ? /")


def tag_value(value: str) -> Fault | None:
    """Value of a tag: at most 256 characters. Source: as `tags`."""
    if len(value) <= 256 and value.isprintable():
        return None
    return Fault("a tag value of at most 256 characters")


def azure_path(value: str) -> Fault | None:
    """`azure://account/container/directory/`, as we write it; empty after the container for all of it."""
    expected = f"{SCHEME}<account>/<container>/<directory>/"
    parts = value.removeprefix(SCHEME).split("/", 2)
    if not value.startswith(SCHEME) or len(parts) < 3 or (parts[2] and not parts[2].endswith("/")):
        return Fault(expected, "it ends in /, because Lightly asks for a directory" if "//" in value else None)
    return account(parts[0]) or container(parts[1]) or directory_path(parts[2])


def of_full_path(account_name: str, full: str) -> str:
    """The path of what Lightly has: `accountName`, and `fullPath`, which is container/directory."""
    inside = full.strip("/")
    return f"{SCHEME}{account_name}/{inside}/"
