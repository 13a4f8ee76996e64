"""What the values of an S3-compatible store must be to each other."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from lightly_core.fault import Fault

from lightly_access.kinds.s3.protocol import endpoint
from lightly_access.kinds.s3.relations import dots
from lightly_access.tables.problem import Problem
from lightly_access.tables.written import Tables, table


def problems(tables: Tables) -> Iterator[Problem]:
    """An endpoint that holds the bucket's name already, to which every client adds it again."""
    for name, raw in tables.stores.items():
        store = table(raw)
        bucket, url = store.get("bucket"), store.get("endpoint")
        if store.get("kind") != "obs" or not isinstance(bucket, str) or not isinstance(url, str) or endpoint(url):
            continue
        parts = urlsplit(url)
        if bucket and (parts.hostname or "").startswith(f"{bucket.lower()}."):
            without = url.replace(f"//{parts.netloc[: len(bucket) + 1]}", "//", 1)
            fault = Fault("the service's URL without the bucket", f"did you mean {without!r}?")
            yield Problem.of(("stores", name, "endpoint"), url, fault)


def warnings(tables: Tables) -> Iterator[Problem]:
    """What is accepted and should be looked at."""
    return dots(tables, "obs")
