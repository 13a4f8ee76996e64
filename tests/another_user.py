"""Another user of this machine, who finds Pulumi and Azurite where the tests do: making them anew takes minutes."""

import os
from pathlib import Path

from lightly_sandbox import user_cache


def environment(home: Path, **more: str) -> dict[str, str]:
    """What such a user has in the environment: the same executables, a home of their own, and `more`."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "PYTHONPATH")}
    return {**kept, "HOME": str(home), "XDG_CACHE_HOME": str(user_cache.folder("any").parents[1]), **more}
