"""S3-compatible services as a kind of store."""

from typing import TYPE_CHECKING, Any

from lightly_core.capability import Purpose
from lightly_core.fault import Fault

from lightly_access.kinds.access_kind import AccessKind
from lightly_access.kinds.bucket_path import bucket_path
from lightly_access.kinds.kind import Kind, Written
from lightly_access.kinds.obs import names, registration

if TYPE_CHECKING:
    from lightly_access.kinds.causes import Causes
    from lightly_access.kinds.obs.store import ObsStore
    from lightly_access.kinds.probe_credential import ProbeCredential

KEY = AccessKind(
    name="key",
    meaning="a key that you give, for obs",
    registration=registration.KEY,
    credential="key",
    options=frozenset({"access_key_id", "secret"}),
    needed=frozenset({"access_key_id", "secret"}),
    no_policy="you gave this key: its owner bounds it",
)


class ObsKind(Kind):
    """Buckets of Huawei's OBS and every other service that speaks like S3, by a key that somebody else made."""

    name = "obs"
    other_names = ("minio",)
    accesses = (KEY,)
    no_other_access = "Lightly has no role for S3-compatible stores: keys are given"

    def table(self) -> "type[ObsStore]":
        from lightly_access.kinds.obs.store import ObsStore

        return ObsStore

    def path_fault(self, path: str, purpose: str | None = None) -> Fault | None:
        return bucket_path(path, names.SCHEME, names.bucket)

    def registered_path(self, store: Any, path: str, purpose: Purpose) -> str:
        return f"{names.SCHEME}{store.bucket}/{path}"

    def store_identity(self, store: Written, purpose: str | None = None) -> str | None:
        """A bucket's name is unique at each service."""
        name = store.get("bucket")
        return f"obs {str(store.get('endpoint')).rstrip('/')} {name}" if isinstance(name, str) else None

    def causes(self) -> "Causes":
        from lightly_access.kinds.obs.causes import TREE

        return TREE

    def probe(self) -> "ProbeCredential":
        from lightly_access.kinds.obs.probe import OBS

        return OBS
