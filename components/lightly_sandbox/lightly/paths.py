"""Where a datasource's data is: Lightly's `fullPath`, taken apart, and refused where no such place can exist.

Sources: https://docs.lightly.ai/docs/cloud-storage (schemes, one directory), and the descriptions of `fullPath` in
lightly 1.5.26 (`datasource_config_local.py`: not absolute, no scheme, no `.` or `..`; `datasource_config_azure.py`:
container and path without a scheme). Whether the real API checks schemes at registration is not known; what this file
refuses could never be listed.
"""

import json
import re
from dataclasses import dataclass

from lightly_sandbox.lightly.errors import ApiError, Code
from lightly_sandbox.lightly.models import S3, AnyDatasource, Azure, Gcs, Local, Obs, S3DelegatedAccess

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
        raise _invalid(full_path, f"{head}bucket/path/")
    bucket, _, path = full_path.removeprefix(head).partition("/")
    if not _BUCKET.match(bucket):
        raise _invalid(full_path, f"{head}bucket/path/ with a valid bucket name")
    return Directory(scheme, bucket, path if not path or path.endswith("/") else f"{path}/")


def check(datasource: AnyDatasource) -> None:
    """Raise ApiError 400 when the path or the credential can mean nothing for this type."""
    path = datasource.full_path
    match datasource:
        case S3() | S3DelegatedAccess():
            directory(path, "s3")
        case Gcs():
            directory(path, "gs")
            _check_key_file(datasource.gcs_credentials)
        case Obs():
            directory(path, "obs")
        case Azure():
            if "://" in path or not path.strip("/") or path.startswith("/"):
                raise _invalid(path, "container/path/ without a scheme")
        case Local():
            if path.startswith("/") or "://" in path or {".", ".."} & set(path.split("/")):
                raise _invalid(path, "a path relative to the mount, without '.' and '..'")


def _check_key_file(text: str) -> None:
    try:
        good = isinstance(json.loads(text), dict)
    except ValueError:
        good = False
    if not good:
        raise ApiError(400, Code.DATASET_DATASOURCE_INVALID, "gcsCredentials is not the JSON text of a key file")


def _invalid(got: str, expected: str) -> ApiError:
    return ApiError(400, Code.DATASET_DATASOURCE_INVALID, f"fullPath: got {got!r}, expected {expected}")
