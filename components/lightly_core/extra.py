"""Which extra of ours brings a module that is not installed, as the installed package itself says it."""

import re

_REQUIREMENT = re.compile(r"([A-Za-z0-9._-]+).*;.*extra == ['\"]([a-z]+)['\"]")


def extra_with(module: str | None) -> str | None:
    """The extra's name; None where none is known to bring it. `azure.core` is of `azure-core`."""
    from importlib.metadata import PackageNotFoundError, requires  # a tenth of what the command line takes to start

    try:
        found = [match.groups() for each in requires("lightly-access") or () if (match := _REQUIREMENT.match(each))]
    except PackageNotFoundError:
        return None
    wanted = _plain(module or "")
    for distribution, extra in found:
        name = _plain(distribution)
        if wanted and (f"{wanted}_".startswith(f"{name}_") or f"{name}_".startswith(f"{wanted}_")):
            return extra
    return None


def missing(error: ModuleNotFoundError, whoever: str) -> ModuleNotFoundError | None:
    """The same error in words: who needs what, and what to install. None where no extra of ours brings it."""
    extra = extra_with(error.name)
    if not extra:
        return None
    hint = f"hint: pip install 'lightly-access[{extra}]'"
    return ModuleNotFoundError(f"{whoever} needs {error.name}, which is not installed\n{hint}", name=error.name)


def _plain(name: str) -> str:
    return re.sub("[-_.]+", "_", name).lower()
