"""Lightly's `fullPath` of a bucket, taken apart; refused where no such bucket can exist.

Source: https://docs.lightly.ai/docs/cloud-storage (schemes, one directory).
"""

import re
from dataclasses import dataclass

from lightly_sandbox.lightly.errors import ApiError, Code

_BUCKET = re.compile(r"[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]\Z")


@dataclass(frozen=True, slots=True)
class Directory:
    """A bucket and the prefix of all keys in the directory: empty, or ending in `/`."""

    scheme: str
    bucket: str
    prefix: str

    @property
    def url(self) -> str:
        """As a person would write it."""
        return f"{self.scheme}://{self.bucket}/{self.prefix}"


def directory(full_path: str, scheme: str) -> Directory:
    """`scheme://bucket/some/path[/]` -> Directory. Raises ApiError 400 DATASET_DATASOURCE_INVALID."""
    head = f"{scheme}://"
    if not full_path.startswith(head):
        raise invalid_path(full_path, f"{head}bucket/path/")
    bucket, _, path = full_path.removeprefix(head).partition("/")
    if not _BUCKET.match(bucket):
        raise invalid_path(full_path, f"{head}bucket/path/ with a valid bucket name")
    return Directory(scheme, bucket, path if not path or path.endswith("/") else f"{path}/")


def invalid_path(got: str, expected: str) -> ApiError:
    return ApiError(400, Code.DATASET_DATASOURCE_INVALID, f"fullPath: got {got!r}, expected {expected}")
