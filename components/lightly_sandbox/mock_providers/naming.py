"""Names for resources that the program does not name, as Pulumi's bridged providers make them.

`<logical name>-<7 hex digits>`, cut to the cloud's limit; a project may set another pattern, which the engine then
proposes (https://www.pulumi.com/docs/iac/concepts/resources/names/#autonaming). A name that was made once is kept as
long as the resource is: `__defaults` in its inputs says that it was made and not given.
"""

import hashlib
import secrets
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from lightly_sandbox.mock_providers.resource import Naming, RefusedError
from lightly_sandbox.mock_providers.state import DEFAULTS

_DIGITS = 7


class Mode(IntEnum):
    """What the engine wants of its proposed name (CheckRequest.AutonamingOptions.Mode)."""

    PROPOSE = 0
    ENFORCE = 1
    DISABLE = 2


@dataclass(frozen=True, slots=True)
class NameRequest:
    """What the engine says about the name of one resource."""

    logical: str
    seed: bytes = b""
    proposed: str = ""
    mode: Mode = Mode.PROPOSE


def name_for(naming: Naming, name_request: NameRequest, prefix: str | None, old_inputs: dict[str, Any]) -> str:
    """The name to use. Raises RefusedError when the project forbids names of our making, or the name does not fit."""
    old = old_inputs.get(naming.property)
    if isinstance(old, str) and naming.property in old_inputs.get(DEFAULTS, ()) and old.startswith(prefix or ""):
        return old
    if prefix is not None:
        name = prefix + _digits(name_request.seed, 26 if len(prefix) + 26 <= naming.longest else _DIGITS)
    elif not naming.random:
        name = name_request.logical
    elif name_request.mode is Mode.DISABLE:
        raise RefusedError(f"automatic naming is switched off\nhint: give `{naming.property}`")
    elif name_request.proposed:
        name = naming.starts + name_request.proposed
    else:
        room = naming.longest - len(naming.starts) - naming.digits - len(naming.separator)
        name = (
            f"{naming.starts}{name_request.logical[:room]}{naming.separator}{_digits(name_request.seed, naming.digits)}"
        )
    if naming.lowercase and name_request.mode is not Mode.ENFORCE:
        name = name.lower()
    if len(name) > naming.longest:
        raise RefusedError(f"the name {name!r} has {len(name)} characters, expected at most {naming.longest}")
    return name


def _digits(seed: bytes, count: int) -> str:
    return hashlib.sha256(seed).hexdigest()[:count] if seed else secrets.token_hex(count)[:count]
