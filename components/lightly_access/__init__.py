"""lightly-access: least-privilege access for Lightly to storage you own.

The public names, nothing else: those of `__init__.pyi`. They are loaded when first used, so that the command line and
the provider, which need only the pure modules, never pay for a cloud SDK.
"""

from importlib import import_module


def _modules() -> dict[str, str]:
    """Name -> module, of the lines `from module import name as name`. By hand: importing this shall cost nothing."""
    with open(f"{__file__}i", encoding="utf-8") as stub:
        lines = [line.split() for line in stub if line.startswith("from ")]
    return {line[3]: line[1] for line in lines}


_MODULES = _modules()
__all__ = sorted(_MODULES)


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        globals()[name] = value = getattr(import_module(_MODULES[name]), name)
    except ModuleNotFoundError as error:
        from lightly_core.extra import missing

        if not (said := missing(error, name)):
            raise
        raise said from None
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
