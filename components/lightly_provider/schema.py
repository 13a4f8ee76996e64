"""The provider's schema."""

import functools
import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from lightly_core.version import VERSION


@functools.cache
def schema() -> Mapping[str, Any]:
    """The provider's schema, in the form that `pulumi package` reads."""
    found: dict[str, Any] = json.loads(files("lightly_provider").joinpath("schema.json").read_text("utf-8"))
    return {**found, "version": VERSION}
