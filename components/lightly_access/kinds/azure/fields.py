"""The values of Azure's tables, and of the option that only a SAS knows."""

from collections.abc import Mapping
from typing import Annotated, Literal

from lightly_core.fault import Fault, did_you_mean, one_of

from lightly_access.kinds.azure import names
from lightly_access.tables.fields import CLOUD_WORD, KIND_WORD, between, schema
from lightly_access.tables.rules import obeys, word


def _sas(value: str) -> Fault | None:
    methods = (names.STORED_POLICY, names.USER_DELEGATION)
    return None if value in methods else Fault(one_of(methods), did_you_mean(value, methods))


AzureWord = Annotated[Literal["azure"], KIND_WORD]
AzureCloud = Annotated[Literal["azure"], CLOUD_WORD]
SasMethod = Annotated[Literal["stored_policy", "user_delegation"], word(_sas)]
Guid = Annotated[str, obeys(names.guid), schema("string", pattern=names.GUID_PATTERN)]
Account = Annotated[str, obeys(names.account), schema("string", pattern=names.ACCOUNT_PATTERN)]
Container = Annotated[str, obeys(names.container), schema("string", pattern=names.CONTAINER_PATTERN)]
ResourceGroup = Annotated[
    str, obeys(names.resource_group), schema("string", pattern=r"^[a-zA-Z0-9_.()-]{0,89}[a-zA-Z0-9_()-]$")
]
Location = Annotated[str, obeys(names.location), schema("string", pattern=names.LOCATION_PATTERN)]
Tags = Annotated[
    Mapping[
        Annotated[str, obeys(names.tag_name)],
        Annotated[str, obeys(names.tag_value), schema("string", maxLength=256)],
    ],
    obeys(names.tags),
]
SoftDeleteDays = Annotated[int, *between(1, 365)]
