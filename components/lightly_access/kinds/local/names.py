"""What may be written of a local store: folders that are mounted, paths inside them, and where they are served.

Source: lightly 1.5.26, `datasource_config_local.py` (its client sends even what its description forbids, so the rules
are ours to enforce), and https://docs.lightly.ai/docs/local-storage.
"""

from urllib.parse import urlsplit

from lightly_core.directory import directory_path
from lightly_core.fault import Fault, one_of
from lightly_core.lightly_rules import MOUNTS

WEB_SERVER = "http://localhost:3456"
"""Where Lightly's web application looks when nothing else is registered."""

SCHEME = "local://"
"""Ours, for a path whose mount must be told: `local://input_mount/cam1/` is Lightly's relative path `cam1`."""


def mount_folder(value: str) -> Fault | None:
    """A folder of the host that is mounted: absolute ("Docker requires mount paths to be absolute!").

    `docker run -v` separates host, container and options with `:`
    (https://docs.docker.com/engine/storage/bind-mounts/).
    """
    expected = "an absolute folder such as /data/lightly"
    for wrong, hint in (
        (not value.startswith("/"), "docker requires mount paths to be absolute"),
        (value.strip("/") == "", "the whole disk would be mounted and served"),
        ({".", ".."} & set(value.split("/")), "no . or .. in it: what is mounted should be what is written"),
        (":" in value, "docker's -v separates its parts with :"),
        (not value.isprintable(), "it has control, invisible or broken characters"),
    ):
        if wrong:
            return Fault(expected, hint)
    return None


def web_server(value: str) -> Fault | None:
    """datasource_config_local.py: `^https?://.+$`. What follows is ours: the application appends paths to it."""
    expected = f"the URL where the mounts are served, such as {WEB_SERVER}"
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return Fault(expected)
    if parts.scheme not in ("http", "https") or not host or not value.isprintable() or " " in value:
        return Fault(expected, "with http:// or https://" if "://" not in value else None)
    if parts.query or parts.fragment or parts.username or parts.password:
        return Fault(expected, "without user, password, query or fragment")
    if parts.path:
        return Fault(expected, "without a path and without / at its end: paths are appended to it")
    return None


def relative_path(value: str) -> Fault | None:
    """`fullPath` of a LOCAL datasource: not absolute, no `://`, no `.` or `..`; empty for the mount itself.

    The rules of `directory_path` are these and a few more, that hold for every kind of store.
    """
    return directory_path(value)


def local_path(value: str) -> Fault | None:
    """`local://input_mount/cam1/` or `local://lightly_mount/...`, ending in `/`."""
    mounts = tuple(f"{SCHEME}{mount}/<directory>/" for mount in MOUNTS.values())
    mount, slash, path = value.removeprefix(SCHEME).partition("/")
    if not value.startswith(SCHEME) or mount not in MOUNTS.values() or not slash:
        return Fault(one_of(mounts))
    if path and not path.endswith("/"):
        return Fault(one_of(mounts), "it ends in /, because Lightly asks for a directory")
    return relative_path(path)


def full_path(value: str) -> str:
    """Lightly's `fullPath` of a local path: relative to the mount, without a last `/`, as its page has it."""
    return value.removeprefix(SCHEME).partition("/")[2].removesuffix("/")


def of_full_path(full: str, purpose: str) -> str:
    """The local path of Lightly's `fullPath` for a purpose."""
    return f"{SCHEME}{MOUNTS[purpose]}/{full.strip('/')}{'/' if full.strip('/') else ''}"
