"""What the local Lightly's control plane knows beside what every server's does (`emulators.control`).

GET  /_sandbox/state            datasets, workers and runs; secrets only by whether they are set
POST /_sandbox/datasets/{id}    {"nSamples": n}: as if a run had added samples
"""

import time
from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from lightly_sandbox.emulators import control
from lightly_sandbox.emulators.counts import Counts
from lightly_sandbox.lightly import store
from lightly_sandbox.lightly.faults import Faults
from lightly_sandbox.lightly.models import AnyDatasource
from lightly_sandbox.lightly.service import Service
from lightly_sandbox.lightly.wire import Message


class Samples(Message):
    """The body of `POST /_sandbox/datasets/{id}`."""

    samples: Annotated[int, Field(ge=0, alias="nSamples")]


_SAMPLES = TypeAdapter(Samples)


class Control(control.Control):
    """The control plane over a service, its faults and its counts."""

    def __init__(self, nonce: str, service: Service, faults: Faults, counts: Counts) -> None:
        super().__init__("lightly", nonce, counts, faults)
        self._service = service

    def handle(self, method: str, path: str, body: bytes) -> object | None:
        """What a call answers, or None when there is no such call."""
        match method, path.split("/"):
            case "GET", ["state"]:
                return seen(self._service.state)
            case "POST", ["datasets", dataset_id]:
                wanted, now = _SAMPLES.validate_json(body), time.time_ns() // 1_000_000
                self._service.change(lambda state: store.set_samples(state, dataset_id, wanted.samples, now=now))
                return store.dataset(self._service.state, dataset_id).json_value()
        return super().handle(method, path, body)


def seen(state: store.State) -> dict[str, Any]:
    """The state for a reader who must see no secret."""
    return {
        "datasets": {
            known.id: known.json_value()
            | {"datasources": {purpose.value: _without_secrets(s3) for purpose, s3 in known.datasources.items()}}
            for known in state.datasets.values()
        },
        "workers": {known.id: known.json_value() for known in state.workers.values()},
        "runs": {known.id: known.json_value() for known in state.runs.values()},
    }


def _without_secrets(source: AnyDatasource) -> dict[str, Any]:
    value = source.json_value()
    return {name: "<set>" if name in source.SECRETS else field for name, field in value.items()}
