"""Placeholder values that are used before the first deployment, so that documents can be proved without it."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lightly_access.kinds.s3.store import S3Store

EXTERNAL_ID = "known-only-after-the-first-deployment-000000"
"""As long as the ones that lightly:index:ExternalId makes, 43 characters."""


EXTERNAL_ID_OF_BUNDLE = "EXTERNAL-ID-PUT-IN-BY-APPLY-SH"
"""Stands in a trust policy that is handed over where the external ID goes: a bundle holds no secret."""


def kms_key_arn(region: str, number: int = 0) -> str:
    """A key of a bucket's region that is known only when something is deployed."""
    return f"arn:aws:kms:{region}:123456789012:key/00000000-0000-0000-0000-{number:012}"


def known_keys(store: "S3Store") -> tuple[str | None, tuple[str, ...]]:
    """The key of a store and those that it had before, as far as the manifest knows them."""

    def arn(key: str) -> str:
        return kms_key_arn(store.region) if key == "create" else key

    return store.kms_key and arn(store.kms_key), tuple(map(arn, store.old_kms_keys))
