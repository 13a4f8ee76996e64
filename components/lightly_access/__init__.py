"""lightly-access: least-privilege access for Lightly to storage you own.

The public names, nothing else. They are loaded when first used, so that the command line and the provider, which need
only the pure modules, never pay for a cloud SDK.
"""

from importlib import import_module

_WHERE = {
    "Capability": "capability",
    "Purpose": "capability",
    "Manifest": "manifest",
    "Secret": "secret",
}

__all__ = sorted(_WHERE)


def __getattr__(name: str) -> object:
    if name not in _WHERE:
        raise AttributeError(f"module 'lightly_access' has no attribute {name!r}")
    return getattr(import_module(f"lightly_access.{_WHERE[name]}"), name)
