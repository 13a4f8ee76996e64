"""`lightly:index:Dataset`."""

from lightly_core.resource_types.resource_type import FLAG, TEXT, Property, ResourceType

DATASET = ResourceType(
    "lightly:index:Dataset",
    "A dataset at Lightly. Removing it never fails: it stays there unless onRemove or forceDestroy says that it goes.",
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
        Property(
            "onRemove",
            TEXT,
            "What becomes of it at Lightly when it is removed: keep (default), or delete, which spares samples.",
        ),
        Property("forceDestroy", FLAG, "On removal, delete the dataset together with its samples.", default=False),
        Property(
            "renameAdopted",
            FLAG,
            "Let another name rename a dataset that was adopted, for everybody who uses it. Default: refuse.",
        ),
    ),
    results=(Property("adopted", FLAG, "Whether it existed before and is therefore kept on destroy."),),
)
