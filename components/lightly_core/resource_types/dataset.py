"""`lightly:index:Dataset`."""

from lightly_core.resource_types.resource_type import FLAG, TEXT, Property, ResourceType

DATASET = ResourceType(
    "lightly:index:Dataset",
    "A dataset at Lightly. It is deleted only when it holds no samples, or with forceDestroy; an adopted one is kept.",
    inputs=(
        Property(
            "name",
            TEXT,
            "At least 3 characters: letters, digits, space, _ or -. A change renames the dataset.",
            required=True,
        ),
        Property("type", TEXT, "images or videos.", required=True, replaces=True),
        Property(
            "adopt", FLAG, "Use a dataset of this name that exists already, and keep it on destroy.", default=False
        ),
        Property("forceDestroy", FLAG, "Delete the dataset even when it holds samples.", default=False),
    ),
    results=(Property("adopted", FLAG, "Whether it existed before and is therefore kept on destroy."),),
)
