"""The XML of S3's configurations, read without surprises."""

from typing import Any
from xml.parsers.expat import ExpatError

import xmltodict  # type: ignore[import-untyped]  # has no types; it is what moto reads XML with

from lightly_sandbox.kinds.s3.emulator.errors import RefusedError

Tree = dict[str, Any]


def parse(body: bytes, root: str) -> Tree:
    """What is below the root. Raises RefusedError (MalformedXML) for anything else."""
    try:
        found = xmltodict.parse(body)[root]
    except (ExpatError, KeyError, ValueError) as error:
        raise malformed() from error
    if not isinstance(found, dict | None):
        raise malformed()
    return found or {}


def listed(found: Any) -> list[Tree]:
    """An element that may be there once or several times. Raises RefusedError (MalformedXML) for mere text."""
    items = found if isinstance(found, list) else [] if found is None else [found]
    if not all(isinstance(item, dict) for item in items):
        raise malformed()
    return items


def malformed() -> RefusedError:
    message = "The XML you provided was not well-formed or did not validate against our published schema"
    return RefusedError("MalformedXML", message, 400)
