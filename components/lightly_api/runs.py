"""Runs of the Lightly Worker: `docker_api.py` of Lightly's client 1.5.26."""

from collections.abc import Mapping, Sequence
from typing import Any

from lightly_api.connection import CREATOR, Connection, dataset_path, id_of, listed


class Runs:
    """What workers shall do."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def store_config(
        self, selection: Mapping[str, Any], *, process_all: bool = False, bypass_verify: bool = False
    ) -> str:
        """Store what a run of the worker shall select, version 4 as Lightly's client sends it; its id.

        `bypass_verify`: the worker does not first ask Lightly's servers whether they can read and write.

        One that nobody schedules does nothing, so a lost answer is asked for again.
        """
        what = "store the configuration of a run"
        options = {"processAll": process_all, "bypassVerify": bypass_verify}
        chosen = {name: True for name, value in options.items() if value}
        docker = {"docker": {"datasource": chosen}} if chosen else {}
        config = {"workerType": "FULL", **docker, "selection": {**selection, "autoTasks": []}}
        body = {"version": "V4", "creator": CREATOR, "config": config}
        return id_of(what, self._connection.call(what, "POST", "/v1/docker/worker/config/vX", body))

    def schedule(self, dataset_id: str, config_id: str, runs_on: Sequence[str] = ()) -> str:
        """Put a run of the worker into the queue of a dataset, for workers with all these labels; its id.

        A configuration is scheduled once: it is looked for in the queue where an answer is lost.
        """
        what = f"schedule a run for dataset {dataset_id}"
        path = f"{dataset_path(dataset_id)}/docker/worker/schedule"
        body = {"configId": config_id, "priority": "MID", "runsOn": [*runs_on], "creator": CREATOR}

        def send(left: float) -> str:
            return id_of(what, self._connection.send(what, "POST", path, left, body))

        def find(left: float) -> str | None:
            queue = listed(what, self._connection.send(what, "GET", path, left), "runs")
            ours = (run for run in queue if isinstance(run, dict) and run.get("configId") == config_id)
            return next((id_of(what, run) for run in ours), None)

        return self._connection.make_once(what, send, find)
