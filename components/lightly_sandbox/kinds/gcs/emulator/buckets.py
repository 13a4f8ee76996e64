"""Buckets and objects in memory, with versions where a bucket keeps them."""

import base64
import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import google_crc32c

from lightly_sandbox.emulators.clock import Clock
from lightly_sandbox.kinds.gcs.emulator.errors import no_bucket
from lightly_sandbox.kinds.gcs.emulator.policy import Policy


@dataclass(slots=True)
class Stored:
    """One version of an object. `created` and `gone` (noncurrent since) are in seconds since the epoch."""

    name: str
    data: bytes = field(repr=False)
    generation: int
    created: float
    content_type: str
    headers: dict[str, str] = field(default_factory=dict)
    metadata: dict[str, str] = field(default_factory=dict)
    storage_class: str = "STANDARD"
    metageneration: int = 1
    updated: float = 0.0
    gone: float | None = None

    @property
    def md5(self) -> bytes:
        """The MD5 of the data."""
        return hashlib.md5(self.data, usedforsecurity=False).digest()

    @property
    def crc(self) -> str:
        """Base64 of the CRC32C: https://cloud.google.com/storage/docs/data-validation."""
        return base64.b64encode(google_crc32c.value(self.data).to_bytes(4)).decode()


@dataclass(slots=True)
class Upload:
    """An upload in parts. `wanted` is what the maker of a resumable one said; one over the XML API has none."""

    bucket: str
    name: str
    content_type: str
    metadata: dict[str, str]
    wanted: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    parts: dict[int, bytes] = field(default_factory=dict)
    data: bytearray = field(default_factory=bytearray)


@dataclass(slots=True)
class Bucket:
    """A bucket; `settings` is what the JSON API's resource says beside what is computed."""

    name: str
    project: str
    created: float
    settings: dict[str, Any]
    policy: Policy
    metageneration: int = 1
    updated: float = 0.0
    objects: dict[str, Stored] = field(default_factory=dict)
    noncurrent: dict[tuple[str, int], Stored] = field(default_factory=dict)

    @property
    def versioned(self) -> bool:
        return bool(self.settings.get("versioning", {}).get("enabled"))

    @property
    def _iam(self) -> dict[str, Any]:
        found: dict[str, Any] = self.settings.get("iamConfiguration", {})
        return found

    @property
    def uniform(self) -> bool:
        return bool(self._iam.get("uniformBucketLevelAccess", {}).get("enabled"))

    @property
    def prevented(self) -> bool:
        return bool(self._iam.get("publicAccessPrevention") == "enforced")

    def version(self, name: str, generation: int | None) -> Stored | None:
        """The live object, or the version with this generation."""
        live = self.objects.get(name)
        if generation is None or (live is not None and live.generation == generation):
            return live
        return self.noncurrent.get((name, generation))

    def put(self, stored: Stored) -> None:
        self._retire(stored.name, stored.created)
        self.objects[stored.name] = stored

    def remove(self, name: str, generation: int | None, now: float) -> None:
        """Delete the live object (it stays as an old version where versions are kept), or one version for good."""
        if generation is None:
            self._retire(name, now)
            self.objects.pop(name, None)
        elif self.noncurrent.pop((name, generation), None) is None:
            self.objects.pop(name, None)

    def _retire(self, name: str, now: float) -> None:
        live = self.objects.get(name)
        if live is not None and self.versioned:
            live.gone = now
            self.noncurrent[name, live.generation] = live

    def all(self, *, versions: bool) -> Iterator[Stored]:
        """In the order of names, then generations."""
        pool = [*self.objects.values(), *(self.noncurrent.values() if versions else ())]
        return iter(sorted(pool, key=lambda stored: (stored.name.encode(), stored.generation)))


class Store:
    """All buckets of all projects: their names are one space."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.buckets: dict[str, Bucket] = {}
        self.uploads: dict[str, Upload] = {}
        self._last = 0

    def bucket(self, name: str) -> Bucket:
        """Raises RefusedError when there is none."""
        bucket = self.buckets.get(name)
        if bucket is None:
            raise no_bucket()
        return bucket

    def generation(self) -> int:
        """Microseconds, always more than the last one."""
        self._last = max(self._last + 1, int(self.clock.now() * 1_000_000))
        return self._last

    def begin(self, upload: Upload) -> str:
        """The id of a new upload; whoever knows it may go on with a resumable one."""
        id = secrets.token_urlsafe(48)
        self.uploads[id] = upload
        return id
