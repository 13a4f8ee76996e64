"""The control plane, below `/_sandbox`: who this is, what it was asked, what it knows, and how it shall misbehave.

Only whoever knows the nonce of the settings line may use it.

    GET  /_sandbox                  {"name", "nonce"}
    GET  /_sandbox/calls            {"total", "by_principal", "by_action"}
    GET  /_sandbox/state            datasets, workers and runs; secrets only by whether they are set
    POST /_sandbox/faults           a list of faults, in place of the active ones
    POST /_sandbox/datasets/{id}    {"nSamples": n}: as if a run had added samples
"""

import hmac
import time
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError

from lightly_sandbox.lightly import store
from lightly_sandbox.lightly.calls import CALLS
from lightly_sandbox.lightly.counts import Counts
from lightly_sandbox.lightly.errors import ApiError, Code
from lightly_sandbox.lightly.faults import FAULTS, Faults
from lightly_sandbox.lightly.models import AnyDatasource
from lightly_sandbox.lightly.service import Answer, Service
from lightly_sandbox.lightly.wire import Message, refuse

NAME = "lightly"
PREFIX = "/_sandbox"


class Samples(Message):
    """The body of `POST /_sandbox/datasets/{id}`."""

    samples: Annotated[int, Field(ge=0, alias="nSamples")]


_SAMPLES = TypeAdapter(Samples)


class Control:
    """The control plane over a service, its faults and its counts."""

    def __init__(self, nonce: str, service: Service, faults: Faults, counts: Counts) -> None:
        self._nonce = nonce
        self._service = service
        self._faults = faults
        self._counts = counts

    def handle(self, method: str, path: str, nonce: str, body: bytes) -> Answer:
        """One request. Raises ApiError 403 without the nonce, 404 for anything that is not listed above."""
        if not hmac.compare_digest(nonce.encode(), self._nonce.encode()):
            raise ApiError(403, Code.FORBIDDEN, "the control plane needs the header X-Sandbox-Nonce")
        match method, path.removeprefix(PREFIX).strip("/").split("/"):
            case "GET", [""]:
                return 200, {"name": NAME, "nonce": self._nonce}
            case "GET", ["calls"]:
                return 200, self._counts.json_value()
            case "GET", ["state"]:
                return 200, seen(self._service.state)
            case "POST", ["faults"]:
                return 200, self._set_faults(body)
            case "POST", ["datasets", dataset_id]:
                return 200, self._set_samples(dataset_id, body)
        raise ApiError(404, Code.NOT_FOUND, f"the control plane has no {method} {path}")

    def _set_faults(self, body: bytes) -> dict[str, int]:
        try:
            faults = FAULTS.validate_json(body)
        except ValidationError as error:
            raise refuse(error) from None
        unknown = sorted({fault.call for fault in faults if fault.call} - {"*", *CALLS})
        if unknown:
            raise ApiError(
                400, Code.BAD_REQUEST, f"no such call: {', '.join(unknown)}; expected one of {', '.join(CALLS)}"
            )
        self._faults.replace(faults)
        return {"faults": len(faults)}

    def _set_samples(self, dataset_id: str, body: bytes) -> dict[str, Any]:
        try:
            wanted = _SAMPLES.validate_json(body)
        except ValidationError as error:
            raise refuse(error) from None
        now = time.time_ns() // 1_000_000
        self._service.change(lambda state: store.set_samples(state, dataset_id, wanted.samples, now=now))
        return store.dataset(self._service.state, dataset_id).json_value()


def seen(state: store.State) -> dict[str, Any]:
    """The state for a reader who must see no secret."""
    return {
        "datasets": {
            known.id: known.json_value()
            | {"datasources": {purpose.value: _without_secrets(it) for purpose, it in known.datasources.items()}}
            for known in state.datasets.values()
        },
        "workers": {known.id: known.json_value() for known in state.workers.values()},
        "runs": {known.id: known.json_value() for known in state.runs.values()},
    }


def _without_secrets(source: AnyDatasource) -> dict[str, Any]:
    value = source.json_value()
    return {name: "<set>" if name in source.SECRETS else field for name, field in value.items()}
