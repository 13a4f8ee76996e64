"""The calls of the API: a request's values in, a status and a JSON value out. No HTTP in here.

Source of paths, statuses and shapes: lightly 1.5.26, `openapi_generated/swagger_client/api/*.py`.
"""

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from lightly_sandbox.lightly import query, storage, store
from lightly_sandbox.lightly.errors import ApiError, Code
from lightly_sandbox.lightly.models import (
    DATASOURCE,
    AnyDatasource,
    DatasetCreate,
    DatasetUpdate,
    RunSchedule,
    WorkerCreate,
)
from lightly_sandbox.lightly.storage import Storages
from lightly_sandbox.lightly.store import State
from lightly_sandbox.lightly.verify import verify
from lightly_sandbox.lightly.wire import refuse
from lightly_sandbox.lightly.worker_config import WORKER_CONFIG

LATEST_VERSION = "1.5.26"  # the last release with an API client
MINIMUM_VERSION = "1.2.1"
# Shown in place of a secret when secrets are masked: accepted by the client's patterns for each such field.
MASK = "MASKED-BY-LIGHTLY"

_CREATE = TypeAdapter(DatasetCreate)
_UPDATE = TypeAdapter(DatasetUpdate)
_WORKER = TypeAdapter(WorkerCreate)
_SCHEDULE = TypeAdapter(RunSchedule)
_M = TypeVar("_M")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, read: ids of the path, parameters of the query without the token, the raw body."""

    path: dict[str, str]
    query: dict[str, list[str]]
    body: bytes = b""
    mask_secrets: bool = False


Answer = tuple[int, Any]


class Service:
    """The API over one State; changes happen one after another, verifications side by side."""

    def __init__(self, storages: Storages) -> None:
        self._storages = storages
        self._lock = threading.Lock()
        self._state = State()

    @property
    def state(self) -> State:
        """What is known now; the value never changes."""
        return self._state

    def change(self, step: Callable[[State], State]) -> None:
        """Replace the state by the next one; an ApiError leaves it as it was."""
        with self._lock:
            self._state = step(self._state)

    def latest_version(self, asked: Asked) -> Answer:
        query.parse(query.Version, asked.query)
        return 200, LATEST_VERSION

    def minimum_version(self, asked: Asked) -> Answer:
        query.parse(query.Query, asked.query)
        return 200, MINIMUM_VERSION

    def create_dataset(self, asked: Asked) -> Answer:
        query.parse(query.Query, asked.query)
        request, new = _body(_CREATE, asked), _new_id()
        self.change(lambda state: store.create_dataset(state, request, new_id=new, now=_now()))
        return 201, {"id": new}

    def list_datasets(self, asked: Asked) -> Answer:
        page = query.parse(query.Listing, asked.query)
        return 200, _page(page, [known.json_value() for known in self.state.datasets.values()])

    def query_datasets(self, asked: Asked) -> Answer:
        page = query.parse(query.ByName, asked.query)
        name = asked.path["dataset_name"]
        found = [
            known.json_value()
            for known in self.state.datasets.values()
            if known.request.name == name or (not page.exact and known.request.name.startswith(name))
        ]
        return 200, _page(page, found)

    def get_dataset(self, asked: Asked) -> Answer:
        query.parse(query.Query, asked.query)
        return 200, store.dataset(self.state, asked.path["dataset_id"]).json_value()

    def rename_dataset(self, asked: Asked) -> Answer:
        query.parse(query.Query, asked.query)
        request = _body(_UPDATE, asked)
        self.change(lambda state: store.rename_dataset(state, asked.path["dataset_id"], request.name, now=_now()))
        return 200, None

    def delete_dataset(self, asked: Asked) -> Answer:
        query.parse(query.Removal, asked.query)
        self.change(lambda state: store.delete_dataset(state, asked.path["dataset_id"]))
        return 200, None

    def put_datasource(self, asked: Asked) -> Answer:
        query.parse(query.Query, asked.query)
        source, owner, new = _body(DATASOURCE, asked), asked.path["dataset_id"], _new_id()
        store.dataset(self.state, owner)
        storage.check(source)
        self.change(lambda state: store.put_datasource(state, owner, source, new_id=new, now=_now()))
        return 200, None

    def get_datasource(self, asked: Asked) -> Answer:
        purpose = query.parse(query.ByPurpose, asked.query).purpose
        return 200, _shown(store.datasource(self.state, asked.path["dataset_id"], purpose), asked.mask_secrets)

    def get_datasources(self, asked: Asked) -> Answer:
        query.parse(query.Query, asked.query)
        owner = store.dataset(self.state, asked.path["dataset_id"])
        return 200, [_shown(source, asked.mask_secrets) for source in owner.datasources.values()]

    def verify(self, asked: Asked) -> Answer:
        query.parse(query.Query, asked.query)
        return 200, verify(store.dataset(self.state, asked.path["dataset_id"]), self._storages)

    def register_worker(self, asked: Asked) -> Answer:
        query.parse(query.ForUser, asked.query)
        request, new = _body(_WORKER, asked), _new_id()
        with self._lock:
            self._state, worker_id = store.register_worker(self._state, request, new_id=new, now=_now())
        return 201, {"id": worker_id}

    def list_workers(self, asked: Asked) -> Answer:
        query.parse(query.OfTeam, asked.query)
        return 200, [known.json_value() for known in self.state.workers.values()]

    def get_worker(self, asked: Asked) -> Answer:
        query.parse(query.Query, asked.query)
        return 200, store.worker(self.state, asked.path["worker_id"]).json_value()

    def create_worker_config(self, asked: Asked) -> Answer:
        query.parse(query.Query, asked.query)
        request, new = _body(WORKER_CONFIG, asked), _new_id()
        self.change(lambda state: store.add_config(state, request, new_id=new))
        return 201, {"id": new}

    def schedule_run(self, asked: Asked) -> Answer:
        query.parse(query.Scheduling, asked.query)
        request, new = _body(_SCHEDULE, asked), _new_id()
        owner = asked.path["dataset_id"]
        self.change(lambda state: store.schedule_run(state, owner, request, new_id=new, now=_now()))
        return 201, {"id": new}

    def list_scheduled_runs(self, asked: Asked) -> Answer:
        wanted = query.parse(query.ByState, asked.query)
        owner = store.dataset(self.state, asked.path["dataset_id"])
        states = {*wanted.states, *([wanted.state] if wanted.state else [])}
        found = [run.json_value() for run in self.state.runs.values() if run.dataset_id == owner.id]
        return 200, [run for run in found if not states or run["state"] in states]


def _body(model: TypeAdapter[_M], asked: Asked) -> _M:
    try:
        return model.validate_json(asked.body)
    except ValidationError as error:
        raise refuse(error) from None


def _page(page: query.Listing, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """`pageOffset` counts datasets, not pages (the client's `paginate_endpoint`)."""
    return [] if page.only_of_others else found[page.page_offset : page.page_offset + page.page_size]


def _shown(source: AnyDatasource, mask: bool) -> dict[str, Any]:
    value = source.json_value()
    return {name: MASK if mask and name in source.SECRETS else field for name, field in value.items()}


def _new_id() -> str:
    return secrets.token_hex(12)


def _now() -> int:
    return time.time_ns() // 1_000_000


def id_of(noun: str, text: str) -> str:
    """An ObjectId of the path. Raises ApiError 400 when it cannot be one."""
    if len(text) != 24 or set(text) - set("0123456789abcdef"):
        raise ApiError(400, Code.MALFORMED_REQUEST, f"{noun}: must match ^[a-f0-9]{{24}}$")
    return text
