"""Red lights of a LOCAL datasource: there is no policy and no key, only folders, the worker's mounts and a web server.

https://docs.lightly.ai/docs/local-storage. What the real Lightly says of a LOCAL datasource is not known; the words
looked for here are those of the operating system and of the local Lightly.
"""

import errno
import re
import shlex
from collections.abc import Iterator
from dataclasses import replace

from lightly_access.kinds.cause import CERTIFICATE, Cause, Known, RedLight, Sign
from lightly_access.kinds.causes import Causes
from lightly_access.kinds.local.names import full_path
from lightly_access.kinds.passing import may_pass

_LINE = "start the worker with the line that `lightly-access worker-command <dataset>` prints"
SIGNS = (
    Sign(
        "local-no-worker", "NoWorker", "no worker has the mount, and nobody else can look into the folder", _LINE, True
    ),
    Sign(
        "local-no-directory",
        r"\bNo ?Such ?Directory|No such file|Not a directory",
        "the directory is not in what the worker has mounted",
        "make it, it may be empty: mkdir -p <{mount}>/{relative}",
        False,
    ),
    Sign(
        "local-disk-full",
        "No space left|Disk quota exceeded|ENOSPC|File too large",
        "the disk below the folder is full, or a quota is used up",
        "make room there, or raise the quota",
        False,
    ),
    Sign(
        "local-disk-failing",
        "Stale file handle|Input/output error|Transport endpoint is not connected|Host is down",
        "the disk or the network share below the folder does not answer as it should",
        "mount it again on the worker's machine, and start the worker again",
        False,
    ),
    Sign(
        "local-path-not-followed",
        "Too many levels of symbolic links|File name too long",
        "the path cannot be followed: links that lead to each other, or a name that is too long",
        "correct it below the mounted folder",
        False,
    ),
    CERTIFICATE,
    Sign(
        "local-web-server-unreachable",
        "WebServerUnreachable|Connection refused|timed? ?out",
        "nothing answers where Lightly's web application shall fetch the files",
        "run `lightly-access serve`, at the store's web_server",
        True,
    ),
    Sign(
        "local-origin-refused",
        "OriginRefused",
        "the web server does not let pages of Lightly's web application read",
        "run `lightly-access serve` without --origin, or with this origin among them",
        True,
    ),
    Sign(
        "local-web-server-content",
        "WebServerContent",
        "the web server has another file under the same path: both mounts share one address, LIGHTLY comes first",
        "serve the folders that the worker has mounted, and use different directories for INPUT and LIGHTLY",
        False,
    ),
    Sign(
        "local-web-server-status",
        "WebServerStatus",
        "the web server does not hand out what the worker has",
        "serve the same folders",
        True,
    ),
    Sign(
        "local-not-permitted",
        "Permission denied|Read-only|read only|Operation not permitted",
        "the folder may not be used so",
        "`lightly-access check` on the worker's machine explains the permission bits",
        False,
    ),
)
MOUNT_REFUSES = Known("local-mount-refuses", "/{mount} is mounted in a way that refuses it", _LINE, False)
REFUSED = Known("local-refused", "Lightly refuses it", f"{_LINE}; if its words name another reason, follow them", True)
WRITABLE = Known(
    "local-raw-data-writable",
    "more rights than needed: {capability} is possible in {path}",
    f"{_LINE}: it mounts the input read only (:ro)",
    False,
)

_ERRNO = re.compile(r"(?:\[Errno |\(os error )(\d+)")
_PASSING = frozenset(
    {
        errno.EAGAIN,
        errno.EBUSY,
        errno.ECONNREFUSED,
        errno.ECONNRESET,
        errno.EHOSTUNREACH,
        errno.EINTR,
        errno.ENETUNREACH,
        errno.ENOENT,
        errno.ETIMEDOUT,
    }
)
"""What the operating system says of what is busy, or not there yet; whatever else it says stays so."""


class LocalCauses(Causes):
    """The words of the operating system, of docker, and of the web server."""

    dialect = re.compile(
        r"NoWorker|WebServer[A-Z]\w+|OriginRefused|/(?:input|lightly)_mount|\[Errno \d+\]|\(os error \d+\)"
    )
    service = "local folder"

    def in_text(self, text: str) -> tuple[Cause, bool] | None:
        said = {"mount": "mount", "relative": "<path>"}
        return next(((cause, False) for sign in SIGNS if (cause := sign.in_text(text, said))), None)

    def too_little(self, red: RedLight) -> Cause:
        mount, _, _ = red.access.path.partition("://")[2].partition("/")
        if red.proof is False:
            return MOUNT_REFUSES.cause({"mount": mount})
        said = {"mount": mount, "relative": shlex.quote(full_path(red.access.path))}
        for sign in SIGNS:
            if cause := sign.cause(red, said):
                return replace(cause, text=f"{red.access.path}: {cause.text}")
        number = _ERRNO.search(red.error)
        passes = int(number[1]) in _PASSING if number else may_pass(red.error)
        return REFUSED.cause({}, waits=passes)

    def known(self) -> Iterator[tuple[Known, str]]:
        said = {"mount": "mount", "relative": "<path>", "capability": "write", "path": "<path>"}
        yield from ((sign.known(said), sign.words) for sign in SIGNS)
        for each in (MOUNT_REFUSES, REFUSED, WRITABLE):
            yield replace(each, text=each.text.format_map({**said, "mount": "<mount>"})), ""

    def too_much(self, red: RedLight) -> Cause:
        """The raw data can be changed."""
        return WRITABLE.cause({"capability": str(red.capability), "path": red.access.path})
