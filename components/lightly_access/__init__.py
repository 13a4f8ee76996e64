"""lightly-access: least-privilege access for Lightly to storage you own.

The public names, nothing else: those of `__init__.pyi`. They are loaded when first used, so that the command line and
the provider, which need only the pure modules, never pay for a cloud SDK.
"""

import re
from importlib import import_module
from importlib.resources import files

_STUB = files(__name__).joinpath("__init__.pyi").read_text("utf-8")
_MODULES = {name: module for module, name in re.findall(r"(?m)^from (\S+) import (\w+) as \2$", _STUB)}

__all__ = sorted(_MODULES)


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value = getattr(import_module(_MODULES[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
