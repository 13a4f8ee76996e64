"""A bucket that was made here and is let go of: with its key, which the manifest must name then."""

from collections.abc import Mapping
from typing import Any

from lightly_core.hint import with_hint

from lightly_access.kinds.s3.store import S3Store


class ReleaseError(ValueError):
    """Letting go of a store would take something from Lightly."""


def as_made(where: str, store: S3Store, made: Mapping[str, Mapping[str, Any]]) -> S3Store:
    """The store as it was made; its own key is the one that the manifest names by its ARN now. Raises ReleaseError."""
    arn = made.get("key", {}).get("arn")
    if arn and arn not in (store.kms_key, *store.old_kms_keys):
        raise ReleaseError(
            with_hint(
                f"{where}: it is let go of, and so is the KMS key {arn} that was made for it: what is "
                "under it could not be read any more",
                f"name it, `kms_key: {arn}`, or among `old_kms_keys` where the bucket has another one by now",
            )
        )

    def own(key: str | None) -> str | None:
        return "create" if key and key == arn else key

    update = {"create": True, "versioning": "versioning" in made, "kms_key": own(store.kms_key)}
    return store.model_copy(update={**update, "old_kms_keys": tuple(map(own, store.old_kms_keys))})
