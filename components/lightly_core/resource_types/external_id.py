"""`lightly:index:ExternalId`."""

from lightly_core.resource_types.resource_type import TEXT, Property, ResourceType, map_of

EXTERNAL_ID = ResourceType(
    "lightly:index:ExternalId",
    "256 random bits, the external ID between Lightly and a role's trust policy.",
    inputs=(Property("keepers", map_of(TEXT), "Any change makes a new external ID.", replaces=True),),
    results=(Property("value", TEXT, "The external ID.", secret=True),),
)
