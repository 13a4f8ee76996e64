"""Properties of an exported state as our values: a secret in clear in its envelope, an encrypted one unknown. Pure.

Secrets are in clear only after `pulumi stack export --show-secrets`. The form of both is Pulumi's
(`lightly_core.pulumi_struct` has its source).
"""

import json
from collections.abc import Mapping
from typing import Any

from lightly_core.pulumi_struct import SECRET, SIGNATURE
from lightly_core.pulumi_values import UNKNOWN, Properties, SecretValue, Value

from lightly_access.deployed.exported import StateError


def properties(written: object) -> Properties:
    """The inputs or outputs of a resource; nothing of what is no table. Raises StateError for a secret that is none."""
    return {name: _value(value) for name, value in written.items()} if isinstance(written, dict) else {}


def _value(value: Any) -> Value:
    if isinstance(value, dict):
        if value.get(SIGNATURE) == SECRET:
            return SecretValue(UNKNOWN if "ciphertext" in value else _value(_clear(value)))
        return {name: _value(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_value(item) for item in value]
    return value if isinstance(value, bool | float | int | str) else None


def _clear(secret: Mapping[str, Any]) -> Any:
    """What is inside: Pulumi writes it as JSON inside of JSON."""
    try:
        return json.loads(secret["plaintext"])
    except (KeyError, TypeError, json.JSONDecodeError):
        pass  # outside of the handler nothing holds on to the text
    raise StateError("a secret in it is neither encrypted nor in clear\nhint: was this state edited by hand?")
