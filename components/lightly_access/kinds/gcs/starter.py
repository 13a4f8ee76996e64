"""The first dataset on Google Cloud."""

from lightly_access.kinds.starter import Starter, Table


def _existing(project: str) -> Table:
    """The id of a project of Google's has 6 to 30 characters."""
    return {"kind": "gcs", "bucket": f"{project}-images", "project": f"{project[:24].rstrip('-')}-cloud"}


def _made(project: str) -> Table:
    return {**_existing(project), "bucket": f"{project}-lightly", "create": True, "location": "europe-west3"}


STARTER = Starter(
    access="service_account",
    existing=_existing,
    made=_made,
    login="`gcloud auth application-default login`.",
)
