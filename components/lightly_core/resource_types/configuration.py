"""The provider's own configuration."""

from lightly_core.resource_types.resource_type import TEXT, Property

CONFIGURATION = (
    Property(
        "token",
        TEXT,
        "Lightly's API token; also read from LIGHTLY_TOKEN. It is never stored in the state.",
        secret=True,
    ),
    Property(
        "serverLocation",
        TEXT,
        "The URL of Lightly's API; also read from LIGHTLY_SERVER_LOCATION. Default: https://api.lightly.ai",
    ),
)
"""What the provider itself is told."""
