"""What the API knows: datasets with their datasources, workers, configurations and scheduled runs.

Frozen values; each change is a function from a State to the next one, with the time and the new id handed in, so that
two requests at once cannot see a half of anything. Times are Unix milliseconds, as `DatasetData` has them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from lightly_sandbox.lightly.errors import ApiError, Code
from lightly_sandbox.lightly.models import AnyDatasource, DatasetCreate, Purpose, RunSchedule, WorkerCreate
from lightly_sandbox.lightly.worker_config import WorkerConfigCreate

USER_ID = "user-rehearsal"
_V = TypeVar("_V")


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset; `datasources` holds at most one per purpose."""

    id: str
    request: DatasetCreate
    created: int
    modified: int
    samples: int = 0
    datasources: Mapping[Purpose, AnyDatasource] = field(default_factory=dict)

    def json_value(self) -> dict[str, Any]:
        """The client's `DatasetData`."""
        request = self.request.json_value()
        return {
            "id": self.id,
            "name": self.request.name,
            "userId": USER_ID,
            "type": self.request.type or "Images",
            "nSamples": self.samples,
            "sizeInBytes": 0,
            "datasources": [source.id for source in self.datasources.values()],
            "createdAt": self.created,
            "lastModifiedAt": self.modified,
        } | {name: request[name] for name in ("imgType", "parentDatasetId") if name in request}


@dataclass(frozen=True, slots=True)
class Worker:
    """A registered worker. No worker ever runs here, so it stays OFFLINE."""

    id: str
    request: WorkerCreate
    created: int

    def json_value(self) -> dict[str, Any]:
        """The client's `DockerWorkerRegistryEntryData`."""
        request = self.request.json_value()
        return {
            "id": self.id,
            "userId": USER_ID,
            "name": request["name"],
            "workerType": request["workerType"],
            "state": "OFFLINE",
            "createdAt": self.created,
            "lastModifiedAt": self.created,
            "labels": request.get("labels", []),
        } | {name: request[name] for name in ("dockerVersion",) if name in request}


@dataclass(frozen=True, slots=True)
class Run:
    """A scheduled run. Nothing takes it, so it stays OPEN."""

    id: str
    dataset_id: str
    request: RunSchedule
    created: int

    def json_value(self) -> dict[str, Any]:
        """The client's `DockerRunScheduledData`."""
        return {
            "id": self.id,
            "datasetId": self.dataset_id,
            "userId": USER_ID,
            "configId": self.request.config_id,
            "priority": self.request.priority,
            "runsOn": list(self.request.runs_on or ()),
            "state": "OPEN",
            "createdAt": self.created,
            "lastModifiedAt": self.created,
        }


@dataclass(frozen=True, slots=True)
class State:
    """Everything, by id, oldest first."""

    datasets: Mapping[str, Dataset] = field(default_factory=dict)
    workers: Mapping[str, Worker] = field(default_factory=dict)
    configs: Mapping[str, WorkerConfigCreate] = field(default_factory=dict)
    runs: Mapping[str, Run] = field(default_factory=dict)


def dataset(state: State, dataset_id: str) -> Dataset:
    """Raises ApiError 404 DATASET_UNKNOWN."""
    return _one(state.datasets, dataset_id, Code.DATASET_UNKNOWN, "dataset")


def worker(state: State, worker_id: str) -> Worker:
    """Raises ApiError 404 DOCKER_WORKER_UNKNOWN."""
    return _one(state.workers, worker_id, Code.DOCKER_WORKER_UNKNOWN, "worker")


def create_dataset(state: State, request: DatasetCreate, *, new_id: str, now: int) -> State:
    """A name is taken once per user: ApiError 409 DATASET_NAME_EXISTS. An unknown parent is 404."""
    _free(state, request.name)
    if request.parent_dataset_id:
        dataset(state, request.parent_dataset_id)
    return replace(state, datasets={**state.datasets, new_id: Dataset(new_id, request, now, now)})


def rename_dataset(state: State, dataset_id: str, name: str, *, now: int) -> State:
    """Another name, which must be free: ApiError 409; 404 when there is no such dataset."""
    known = dataset(state, dataset_id)
    _free(state, name, but=dataset_id)
    changed = replace(known, request=known.request.model_copy(update={"name": name}), modified=now)
    return replace(state, datasets={**state.datasets, dataset_id: changed})


def _free(state: State, name: str, but: str = "") -> None:
    if any(known.request.name == name for known_id, known in state.datasets.items() if known_id != but):
        raise ApiError(409, Code.DATASET_NAME_EXISTS, f"a dataset named {name!r} exists already")


def delete_dataset(state: State, dataset_id: str) -> State:
    """The dataset with its datasources and scheduled runs; ApiError 404 when there is none."""
    dataset(state, dataset_id)
    return replace(
        state,
        datasets={known: value for known, value in state.datasets.items() if known != dataset_id},
        runs={known: run for known, run in state.runs.items() if run.dataset_id != dataset_id},
    )


def set_samples(state: State, dataset_id: str, samples: int, *, now: int) -> State:
    """As if a run had added that many samples."""
    changed = replace(dataset(state, dataset_id), samples=samples, modified=now)
    return replace(state, datasets={**state.datasets, dataset_id: changed})


def put_datasource(state: State, dataset_id: str, source: AnyDatasource, *, new_id: str, now: int) -> State:
    """Register for its purpose, in place of what was there; the id of a purpose's datasource stays the same."""
    owner = dataset(state, dataset_id)
    known = owner.datasources.get(source.purpose)
    if source.id is not None and (known is None or known.id != source.id):
        raise ApiError(
            404, Code.DATASET_DATASOURCE_UNKNOWN, f"no {source.purpose} datasource {source.id} on dataset {dataset_id}"
        )
    stored = source.model_copy(update={"id": known.id if known else new_id})
    changed = replace(owner, datasources={**owner.datasources, source.purpose: stored}, modified=now)
    return replace(state, datasets={**state.datasets, dataset_id: changed})


def datasource(state: State, dataset_id: str, purpose: Purpose | None) -> AnyDatasource:
    """The datasource for a purpose. Without one: INPUT_OUTPUT, as the API documents, or else INPUT. ApiError 404."""
    sources = dataset(state, dataset_id).datasources
    for wanted in (purpose,) if purpose else (Purpose.INPUT_OUTPUT, Purpose.INPUT):
        if wanted in sources:
            return sources[wanted]
    raise ApiError(
        404, Code.DATASET_DATASOURCE_UNKNOWN, f"dataset {dataset_id} has no {purpose or Purpose.INPUT} datasource"
    )


def register_worker(state: State, request: WorkerCreate, *, new_id: str, now: int) -> tuple[State, str]:
    """The worker's id; that of the existing one when the name is known, as the client's documentation says."""
    for known in state.workers.values():
        if known.request.name == request.name:
            return state, known.id
    return replace(state, workers={**state.workers, new_id: Worker(new_id, request, now)}), new_id


def add_config(state: State, request: WorkerConfigCreate, *, new_id: str) -> State:
    """Keep a configuration for runs to come."""
    return replace(state, configs={**state.configs, new_id: request})


def schedule_run(state: State, dataset_id: str, request: RunSchedule, *, new_id: str, now: int) -> State:
    """ApiError 404 when the dataset or the configuration is unknown."""
    dataset(state, dataset_id)
    _one(state.configs, request.config_id, Code.DOCKER_WORKER_CONFIG_UNKNOWN, "worker configuration")
    return replace(state, runs={**state.runs, new_id: Run(new_id, dataset_id, request, now)})


def _one(values: Mapping[str, _V], wanted: str, code: Code, noun: str) -> _V:
    if wanted not in values:
        raise ApiError(404, code, f"{noun} {wanted} not found")
    return values[wanted]
