"""The table of calls: name, method, path, whether a token is asked for.

The names are ours; faults and counts use them. Paths are those of lightly 1.5.26.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from lightly_sandbox.emulators.routes import Routes
from lightly_sandbox.lightly.service import Answer, Asked, Service


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the API."""

    name: str
    method: str
    path: str
    run: Callable[[Service, Asked], Answer]
    token: bool = True

    def names(self, values: tuple[str, ...]) -> dict[str, str]:
        """The names in its path with their values."""
        return dict(zip(re.findall(r"{(\w+)}", self.path), values, strict=True))


CALLS = {
    call.name: call
    for call in (
        Call("latest_version", "GET", "/v1/versions/pip/latest", Service.latest_version, token=False),
        Call("minimum_version", "GET", "/v1/versions/pip/minimum", Service.minimum_version, token=False),
        Call("create_dataset", "POST", "/v1/datasets", Service.create_dataset),
        Call("list_datasets", "GET", "/v1/datasets", Service.list_datasets),
        Call("query_datasets", "GET", "/v1/datasets/query/name/{dataset_name}", Service.query_datasets),
        Call("get_dataset", "GET", "/v1/datasets/{dataset_id}", Service.get_dataset),
        Call("rename_dataset", "PUT", "/v1/datasets/{dataset_id}", Service.rename_dataset),
        Call("delete_dataset", "DELETE", "/v1/datasets/{dataset_id}", Service.delete_dataset),
        Call("put_datasource", "PUT", "/v1/datasets/{dataset_id}/datasource", Service.put_datasource),
        Call("get_datasource", "GET", "/v1/datasets/{dataset_id}/datasource", Service.get_datasource),
        Call("get_datasources", "GET", "/v1/datasets/{dataset_id}/datasource/all", Service.get_datasources),
        Call("verify", "GET", "/v1/datasets/{dataset_id}/datasource/verify", Service.verify),
        Call("register_worker", "POST", "/v1/docker/worker", Service.register_worker),
        Call("list_workers", "GET", "/v1/docker/worker", Service.list_workers),
        Call("get_worker", "GET", "/v1/docker/worker/{worker_id}", Service.get_worker),
        Call("create_worker_config", "POST", "/v1/docker/worker/config/vX", Service.create_worker_config),
        Call("schedule_run", "POST", "/v1/datasets/{dataset_id}/docker/worker/schedule", Service.schedule_run),
        Call(
            "list_scheduled_runs",
            "GET",
            "/v1/datasets/{dataset_id}/docker/worker/schedule",
            Service.list_scheduled_runs,
        ),
    )
}

ROUTES: Routes[Call] = Routes((call.method, call.path, call) for call in CALLS.values())
