"""The states after earlier runs of one stack, as a backend of files keeps them.

Each run leaves `.pulumi/history/<project>/<stack>/<stack>-<nanoseconds>.checkpoint.json`, with `.gz` where the backend
compresses; a backend older than projects has no `<project>` there (`pkg/backend/diy/store.go` of pulumi/pulumi). The
names of other stacks begin with ours (`prod`, `prod-eu`), and other projects have a stack of the same name: what is
read is in our folder, and every resource of it says that it is ours.
"""

import gzip
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MOST = 50
"""So many runs are looked through for credentials that the stack has forgotten."""


@dataclass(frozen=True, slots=True)
class History:
    """Documents as `pulumi stack export` writes them, the youngest first; in words what was read, and what was not."""

    documents: tuple[dict[str, Any], ...] = ()
    read: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


def earlier(backend: Path, project: str, stack: str) -> History:
    """Of the stack of this project, and of no other; secrets are encrypted in it."""
    files = _files(backend / ".pulumi" / "history", project, stack)
    documents, broken, others = list[dict[str, Any]](), 0, 0
    for file in files[:MOST]:
        latest = _latest(file)
        if latest is None:
            broken += 1
        elif _is_of(latest, project, stack):
            documents.append({"deployment": latest})
        else:
            others += 1
    unread = {
        "that cannot be read": broken,
        "that tell of another project or stack": others,
        f"older than the {MOST} youngest": len(files[MOST:]),
    }
    said = (f"the states after earlier runs {why}: {count}" for why, count in unread.items() if count)
    return History(tuple(documents), (f"the states after earlier runs: {len(documents)}",), tuple(said))


def _files(history: Path, project: str, stack: str) -> list[Path]:
    """The youngest first."""
    named = re.compile(rf"{re.escape(stack)}-(\d+)\.checkpoint\.json(\.gz)?")
    found = {
        (int(match[1]), file)
        for folder in (history / project / stack, history / stack)
        for file in _inside(folder)
        if (match := named.fullmatch(file.name))
    }
    return [file for _, file in sorted(found, reverse=True)]


def _inside(folder: Path) -> Iterator[Path]:
    try:
        yield from folder.iterdir()
    except OSError:  # no such run was ever
        return


def _latest(file: Path) -> dict[str, Any] | None:
    try:
        text = file.read_bytes()
        found = json.loads(gzip.decompress(text) if file.suffix == ".gz" else text)["checkpoint"]["latest"]
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError):
        return None
    return found if isinstance(found, dict) else None


def _is_of(latest: dict[str, Any], project: str, stack: str) -> bool:
    listed = latest.get("resources") or ()
    ours = f"urn:pulumi:{stack}::{project}::"
    return isinstance(listed, list | tuple) and all(
        isinstance(each, dict) and str(each.get("urn", "")).startswith(ours) for each in listed
    )
