"""Something to look at in the adopted bucket: the user's own files, or a handful of small valid PNG images."""

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tiff", ".mov", ".mp4", ".avi"})
"""What Lightly reads: https://docs.lightly.ai/docs/cloud-storage, "Supported File Types"."""


class NoDataError(ValueError):
    """A folder without one file that Lightly reads."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"--data: got {folder}, expected a folder with images or videos ({', '.join(sorted(SUFFIXES))})\n"
            "hint: leave --data out and a few small images are made"
        )


def png(size: int, shade: int) -> bytes:
    """A valid grey PNG of size x size pixels (https://www.w3.org/TR/png-3/)."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", size, size, 8, 0, 0, 0, 0)
    rows = (b"\0" + bytes((shade + x * y) % 256 for x in range(size)) for y in range(size))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"".join(rows)))
        + chunk(b"IEND", b"")
    )


def files(folder: Path | None) -> Iterator[tuple[str, bytes]]:
    """Name and content of each file: from the folder, or made. Raises NoDataError."""
    if folder is None:
        for number in range(5):
            yield f"animal-{number}.png", png(16, 40 * number)
        return
    found = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix.lower() in SUFFIXES]
    if not found:
        raise NoDataError(folder)
    for path in found:
        yield path.relative_to(folder).as_posix(), path.read_bytes()
