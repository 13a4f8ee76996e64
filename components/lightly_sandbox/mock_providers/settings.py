"""The settings of a provider resource: what is implemented is taken, all else is refused by name."""

import json
from collections.abc import Collection, Mapping
from typing import Any

from lightly_core.pulumi_values import Unknown, Value, plain

from lightly_sandbox.mock_providers.check import Failure
from lightly_sandbox.mock_providers.sdk import Sdk


def given(settings: Mapping[str, Value]) -> dict[str, Any]:
    """The settings that say something, as plain values."""
    return {name: plain(value) for name, value in settings.items() if not _empty(plain(value))}


def check(
    package: str, sdk: Sdk, settings: Mapping[str, Any], *, texts: Collection[str], others: Collection[str] = ()
) -> list[Failure]:
    """What is wrong with settings that say something; `texts` and `others` are those that are implemented."""
    failures = []
    for name, value in settings.items():
        if name in texts:
            if not isinstance(value, str | Unknown):
                failures.append(Failure(name, f"got something else than a text for `{package}:{name}`"))
        elif name not in others:
            known = name in sdk.settings()
            what = "the mock provider does not implement the" if known else "unknown"
            failures.append(Failure(name, f"{what} provider setting `{package}:{name}`"))
    return failures


def _empty(value: object) -> bool:
    """Whether a setting says nothing.

    The SDK sends lists, objects and switches as JSON text, and `null` for what is not given.
    """
    if isinstance(value, str) and value.startswith(("[", "{", "null", "false")):
        try:
            value = json.loads(value)
        except ValueError:
            return False
    return value is None or value is False or value in ("", [], {})
