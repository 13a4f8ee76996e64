"""The provider's schema. `python -m lightly_provider.schema` writes it as it is checked in, `schema.json`."""

import functools
import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from lightly_core.resource_types import OBJECTS, RESOURCES
from lightly_core.resource_types.configuration import CONFIGURATION
from lightly_core.version import VERSION


@functools.cache
def schema() -> Mapping[str, Any]:
    """The provider's schema, in the form that `pulumi package` reads."""
    return {**_unversioned(), "version": VERSION}


def checked_in() -> str:
    """The text of `schema.json`, which readers and generators of SDKs have."""
    return json.dumps(_unversioned(), indent=2) + "\n"


def _unversioned() -> dict[str, Any]:
    configuration = {each.name: each.schema() for each in CONFIGURATION}
    return {
        "name": "lightly",
        "displayName": "Lightly",
        "description": "Lightly's datasets, datasources and their verification.",
        "keywords": ["lightly", "kind/native", "category/infrastructure"],
        "config": {"variables": configuration},
        "provider": {"description": "The provider of Lightly's resources.", "inputProperties": configuration},
        "types": {each.token: each.schema() for each in OBJECTS},
        "resources": {each.token: each.schema() for each in RESOURCES},
        "language": {},
    }


if __name__ == "__main__":
    Path(str(files("lightly_provider"))).joinpath("schema.json").write_text(checked_in(), "utf-8")
