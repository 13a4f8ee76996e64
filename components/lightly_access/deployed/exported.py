"""The resources of a deployment as `pulumi stack export` writes it, whoever reads it and for what."""

from collections.abc import Mapping
from typing import Any


def resources(deployment: Mapping[str, Any]) -> list[dict[str, Any]]:
    """In the order of the state; none where there is no list of them."""
    listed = deployment.get("resources")
    return [entry for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []
