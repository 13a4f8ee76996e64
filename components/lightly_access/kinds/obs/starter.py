"""The first dataset at an S3-compatible service, which knows no policy of ours: its keys are made by its owner."""

from lightly_core.capability import Purpose

from lightly_access.kinds.starter import Starter, Table


def _existing(project: str) -> Table:
    return {"kind": "obs", "bucket": f"{project}-images", "endpoint": "https://obs.eu-de.example.com"}


def _key(dataset: str, purpose: Purpose) -> Table:
    name = f"{dataset}_{purpose}".upper().replace("-", "_")
    return {"access_key_id": f"env:{name}_KEY_ID", "secret": f"env:{name}_SECRET"}


STARTER = Starter(
    access="key",
    existing=_existing,
    credential=_key,
)
