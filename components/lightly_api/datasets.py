"""Datasets at Lightly: `datasets_api.py` of its client 1.5.26."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from lightly_api.connection import CREATOR, Connection, dataset_path, id_of, listed, text_in


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset as Lightly describes it: `type` is Lightly's word (`Images`), `samples` None when it did not say.

    `owner` is the id of a user (`userId` in dataset_data.py of the client), empty when it did not say. `created` is in
    seconds of Unix time (`createdAt` there, in milliseconds), None when it did not say.
    """

    id: str
    name: str
    type: str
    samples: int | None
    owner: str = ""
    created: float | None = None


class Datasets:
    """Those that the token's owner has; `gone` is told the id of one that was deleted."""

    def __init__(self, connection: Connection, gone: Callable[[str], None]) -> None:
        self._connection, self._gone = connection, gone

    def named(self, name: str) -> Dataset | None:
        """The dataset of exactly this name."""
        what = f"look up dataset {name!r}"
        return self._connection.keep_trying(what, lambda left: self._named(what, name, left))

    def get(self, dataset_id: str) -> Dataset | None:
        """The dataset of this id; None when it is gone."""
        what = f"read dataset {dataset_id}"
        found = self._connection.unless_missing(what, "GET", dataset_path(dataset_id))
        return _dataset(what, found) if found else None

    def first(self, most: int) -> tuple[Dataset, ...]:
        """In Lightly's order, at most so many of them."""
        what = "list the datasets"
        query = {"shared": "False", "pageSize": str(most), "pageOffset": "0"}
        found = self._connection.call(what, "GET", "/v1/datasets", query=query)
        return tuple(_dataset(what, item) for item in listed(what, found, "datasets"))[:most]

    def create(self, name: str, kind: str) -> str:
        """Make a dataset of Lightly's type `kind` and return its id. The caller has looked up the name before."""
        what = f"create dataset {name!r}"
        body = {"name": name, "type": kind, "creator": CREATOR}

        def send(left: float) -> str:
            return id_of(what, self._connection.send(what, "POST", "/v1/datasets", left, body))

        def find(left: float) -> str | None:
            found = self._named(what, name, left)
            return found.id if found else None

        return self._connection.make_once(what, send, find)

    def rename(self, dataset_id: str, name: str) -> None:
        """Give a dataset another name."""
        what = f"rename dataset {dataset_id} to {name!r}"
        self._connection.call(what, "PUT", dataset_path(dataset_id), {"name": name})

    def delete(self, dataset_id: str) -> None:
        """Delete a dataset; one that is gone already is deleted."""
        try:
            self._connection.unless_missing(f"delete dataset {dataset_id}", "DELETE", dataset_path(dataset_id))
        finally:  # also where no answer came, and it may have been carried out
            self._gone(dataset_id)

    def _named(self, what: str, name: str, left: float) -> Dataset | None:
        query = {"shared": "False", "exact": "True", "pageSize": "5000", "pageOffset": "0"}
        path = f"/v1/datasets/query/name/{quote(name, safe='')}"
        found = listed(what, self._connection.send(what, "GET", path, left, query=query), "datasets")
        return next((dataset for item in found if (dataset := _dataset(what, item)).name == name), None)


def _dataset(what: str, found: object) -> Dataset:
    dataset_id = id_of(what, found)
    assert isinstance(found, dict)
    samples = found.get("nSamples")
    counted = samples if isinstance(samples, int) and not isinstance(samples, bool) else None
    at = found.get("createdAt")
    created = at / 1000 if isinstance(at, int | float) and not isinstance(at, bool) else None
    name, kind, owner = (text_in(found, field) for field in ("name", "type", "userId"))
    return Dataset(dataset_id, name, kind, counted, owner, created)
