"""What stores of Google Cloud and the projects that own them must be to each other."""

from collections.abc import Iterator

from lightly_core.fault import Fault

from lightly_access.kinds.gcs import names, quotas
from lightly_access.tables.overlaps import DatasourcePath
from lightly_access.tables.problem import Problem
from lightly_access.tables.written import Tables, table


def problems(tables: Tables, paths: list[DatasourcePath]) -> Iterator[Problem]:
    """What cannot be deployed."""
    yield from _projects(tables)
    yield from quotas.problems(paths)


def _projects(tables: Tables) -> Iterator[Problem]:
    """A store and the project that owns it are one project."""
    for name, raw in tables.stores.items():
        store = table(raw)
        project, owned = store.get("project"), (tables.owner(store) or {}).get("project")
        if store.get("kind") == "gcs" and isinstance(project, str) and isinstance(owned, str) and project != owned:
            whose = f"accounts.{store.get('owner')}"
            fault = Fault(f"{owned}, the project of {whose}", "the service accounts are made where the bucket is")
            yield Problem.of(("stores", name, "project"), project, fault)


def warnings(tables: Tables, paths: list[DatasourcePath]) -> Iterator[Problem]:
    """What is accepted and should be looked at."""
    yield from _unusual(tables)
    yield from quotas.warnings(paths)


def _unusual(tables: Tables) -> Iterator[Problem]:
    """A location that we do not know, and a name that Google gives to the owner of a domain only."""
    for name, raw in tables.stores.items():
        store = table(raw)
        location, bucket = store.get("location"), store.get("bucket")
        if store.get("kind") != "gcs":
            continue
        if isinstance(location, str) and (hint := names.unusual_location(location)):
            yield Problem.of(("stores", name, "location"), location, Fault("a location that we know", hint))
        if store.get("create") is True and isinstance(bucket, str) and "." in bucket:
            hint = "Google makes a bucket with periods only for the verified owner of that domain"
            yield Problem.of(("stores", name, "bucket"), bucket, Fault("a name without periods", hint))
