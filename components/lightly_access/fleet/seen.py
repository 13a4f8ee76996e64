"""What one run of a fleet has seen of which stack has which datasets: each stack is asked once, and not by every shard.

A shard that makes datasets asks all other stacks for theirs, and for each one Pulumi derives the key of its passphrase
anew, a sixth of a second of a processor. What is kept stays true within a run: it makes each dataset in its own shard,
and brings none to another one. Of a stack that is not there, or could not be asked, nothing is kept.
"""

import contextlib
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from lightly_core.owner_file import write_for_owner

from lightly_access.deployed.exported import table
from lightly_access.fleet.elsewhere import Outputs

FOLDER: Final = "LIGHTLY_ACCESS_FLEET_SEEN"
"""The variable that names the folder of such a run: a file for each stack, with the keys of its datasets."""


def seen_once(outputs: Outputs, folder: str | None) -> Outputs:
    """The same, as far as the keys of datasets go: from the folder, or asked and written there."""
    if not folder:
        return cache(outputs)

    def known(stack: str) -> Mapping[str, Any]:
        file = Path(folder) / f"{stack}.json"
        with contextlib.suppress(OSError, ValueError, TypeError):
            return {"details": dict.fromkeys(json.loads(file.read_text()))}
        if found := outputs(stack):
            with contextlib.suppress(OSError):  # then the next one asks
                write_for_owner(file, json.dumps(sorted(table(found.get("details")))))
        return found

    return cache(known)
