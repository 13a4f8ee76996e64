"""What a bucket of Cloud Storage holds, and the removal of what we left in it.

Google deletes no bucket that has an object or an old version of one
(https://cloud.google.com/storage/docs/deleting-buckets); HashiCorp's provider does not even ask then
(resource_storage_bucket.go, `force_destroy`).
"""

import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import urllib3

from lightly_access.kinds.contents import PAGES, BucketUnreadableError, Contents, Version, contents, data, ours
from lightly_access.kinds.gcs.rest import READ_WRITE, STORAGE, NoLoginError, Rest

PLACEHOLDER = " "
"""What the placeholder of a directory holds: the provider takes no empty content ("Must be defined if `source` is
not")."""


class Project:
    """Cloud Storage, as whoever deploys may use it. Its methods raise BucketUnreadableError."""

    def __init__(self, login: Mapping[str, str]) -> None:
        self._rest = Rest(os.environ, READ_WRITE, login)

    def clean(self, bucket: str) -> Contents:
        """Remove what we left, and say what else there is. Nothing, when the bucket itself is not there."""
        found, more = self._versions(bucket)
        for each in ours(found, len(PLACEHOLDER)):
            # With its generation it is gone for good: https://cloud.google.com/storage/docs/deleting-objects.
            path = f"{_path(bucket)}/o/{quote(each.key, safe='')}"
            self._ask("storage.objects.delete", "DELETE", path, {"generation": each.id})
        return contents(found, len(PLACEHOLDER), more=more)

    def data(self, bucket: str) -> Contents:
        """What would be lost with it."""
        found, more = self._versions(bucket)
        return data(found, len(PLACEHOLDER), more=more)

    def _versions(self, bucket: str) -> tuple[list[Version], bool]:
        """As many as are looked at, and whether there are more."""
        fields = "nextPageToken,items(name,generation,size,timeDeleted)"
        asked, found = {"versions": "true", "fields": fields}, list[Version]()
        for _ in range(PAGES):
            page = self._ask("storage.objects.list", "GET", f"{_path(bucket)}/o", asked)
            for each in page.get("items", ()):
                live = "timeDeleted" not in each  # https://cloud.google.com/storage/docs/json_api/v1/objects
                found.append(Version(each["name"], str(each["generation"]), live, size=int(each["size"])))
            if "nextPageToken" not in page:
                return found, False
            asked["pageToken"] = page["nextPageToken"]
        return found, True

    def _ask(self, right: str, method: str, path: str, query: Mapping[str, str]) -> Mapping[str, Any]:
        try:
            status, answer = self._rest.ask(method, STORAGE, path, query)
        except NoLoginError as error:
            raise BucketUnreadableError(f"no login: {error}") from None
        except urllib3.exceptions.HTTPError as error:
            raise BucketUnreadableError(type(error).__name__) from None
        if status >= 300 and status != 404:
            raise BucketUnreadableError(f"HTTP {status} ({right})")
        return answer if status < 300 and isinstance(answer, dict) else {}


def _path(bucket: str) -> str:
    return f"/storage/v1/b/{quote(bucket, safe='')}"
