"""Red lights of a LOCAL datasource: there is no policy and no key, only folders, the worker's mounts and a web server.

https://docs.lightly.ai/docs/local-storage. What the real Lightly says of a LOCAL datasource is not known; the words
looked for here are those of the operating system and of the local Lightly.
"""

import re

from lightly_access.kinds.cause import Cause, RedLight
from lightly_access.kinds.causes import Causes
from lightly_access.kinds.local.names import full_path

_LINE = "start the worker with the line that `lightly-access worker-command <dataset>` prints"
_RANKED = (
    ("NoWorker", "no worker has the mount, and nobody else can look into the folder", _LINE, True),
    (
        "No ?Such ?Directory|No such file",
        "the directory is not in what the worker has mounted",
        "make it, it may be empty: mkdir -p <{mount}>/{relative}",
        False,
    ),
    (
        "WebServerUnreachable|Connection refused|timed? ?out",
        "nothing answers where Lightly's web application shall fetch the files",
        "run `lightly-access serve`, at the store's web_server",
        True,
    ),
    (
        "OriginRefused",
        "the web server does not let pages of Lightly's web application read",
        "run `lightly-access serve` without --origin, or with this origin among them",
        True,
    ),
    (
        "WebServerContent",
        "the web server has another file under the same path: both mounts share one address, LIGHTLY comes first",
        "serve the folders that the worker has mounted, and use different directories for INPUT and LIGHTLY",
        False,
    ),
    ("WebServerStatus", "the web server does not hand out what the worker has", "serve the same folders", True),
    (
        "Permission denied|Read-only|read only|Operation not permitted",
        "the folder may not be used so",
        "`lightly-access check` on the worker's machine explains the permission bits",
        False,
    ),
)


class LocalCauses(Causes):
    """The words of the operating system, of docker, and of the web server."""

    def too_little(self, red: RedLight) -> Cause:
        mount, _, _ = red.access.path.partition("://")[2].partition("/")
        if red.proof is False:
            return Cause(f"/{mount} is mounted in a way that refuses it", _LINE, mendable_by_waiting=False)
        for signs, text, fix, waits in _RANKED:
            if re.search(signs, red.error, re.IGNORECASE):
                relative = full_path(red.access.path)
                return Cause(f"{red.access.path}: {text}", fix.format(mount=mount, relative=relative), waits)
        return Cause("Lightly refuses it", f"{_LINE}; if its words name another reason, follow them", True)

    def too_much(self, red: RedLight) -> Cause:
        """The raw data can be changed."""
        return Cause(
            f"more rights than needed: {red.capability} is possible in {red.access.path}",
            f"{_LINE}: it mounts the input read only (:ro)",
            mendable_by_waiting=False,
        )
