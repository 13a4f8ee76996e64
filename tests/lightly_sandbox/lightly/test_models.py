"""The local Lightly takes nothing that Lightly's own models refuse, and all that the client can send."""

import importlib
import json
import os
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lightly_sandbox.lightly import models, worker_config
from lightly_sandbox.lightly.wire import Message
from pydantic import TypeAdapter, ValidationError

from tests.lightly_sandbox.lightly.caller import DELEGATED, S3_INPUT

os.environ.setdefault("LIGHTLY_DID_VERSION_CHECK", "True")

OTHERS = [
    {"purpose": "INPUT", "type": "AZURE", "fullPath": "c/in/", "accountName": "a", "accountKey": "?sig=x"},
    {"purpose": "LIGHTLY", "type": "GCS", "fullPath": "gs://b/o/", "gcsProjectId": "p", "gcsCredentials": "{}"},
    {
        "purpose": "INPUT",
        "type": "OBS",
        "fullPath": "obs://b/",
        "obsEndpoint": "https://o",
        "obsAccessKeyId": "a",
        "obsSecretAccessKey": "s",
    },
    {"purpose": "INPUT_OUTPUT", "type": "LOCAL", "fullPath": "cam1", "webServerLocation": "http://localhost:3456"},
    {"purpose": "INPUT", "type": "LIGHTLY", "fullPath": "x"},
]
WORKER = {"name": "Default", "workerType": "FULL", "labels": ["gpu"], "creator": "USER_PIP", "dockerVersion": "2.9"}
RUN = {"configId": "0" * 24, "priority": "MID", "runsOn": ["gpu"], "creator": "USER_PIP"}
DATASET = {
    "name": "farm animals",
    "type": "Images",
    "imgType": "full",
    "creator": "USER_PIP",
    "parentDatasetId": "a" * 24,
}
CONFIG = {
    "version": "V4",
    "creator": "USER_PIP",
    "config": {
        "workerType": "FULL",
        "docker": {"numProcesses": -1, "corruptnessCheck": {"corruptionThreshold": 0.5}, "training": {"taskName": "t"}},
        "lightly": {"trainer": {"precision": 32}, "collate": {"sigmas": [0.1, 2]}, "model": {"name": "resnet-18"}},
        "selection": {
            "nSamples": 3,
            "strategies": [
                {
                    "input": {"type": "PREDICTIONS", "categories": ["cat", "dog"], "name": "CATEGORY_COUNT"},
                    "strategy": {"type": "BALANCE", "target": {"cat": 0.5}, "distribution": "TARGET", "strength": 2},
                }
            ],
            "autoTasks": [
                {"type": "TILING", "name": "tiles", "numRows": 2, "numCols": 3},
                {"type": "CROP", "name": "crops", "bboxs": [[0, 0, 1, 0.5]]},
            ],
        },
    },
}
SHAPES: list[tuple[str, TypeAdapter[Any], list[dict[str, Any]]]] = [
    ("DatasetCreateRequest", TypeAdapter(models.DatasetCreate), [DATASET]),
    ("DatasetUpdateRequest", TypeAdapter(models.DatasetUpdate), [{"name": "farm-animals"}]),
    ("DatasourceConfig", models.DATASOURCE, [S3_INPUT, DELEGATED, *OTHERS]),
    ("CreateDockerWorkerRegistryEntryRequest", TypeAdapter(models.WorkerCreate), [WORKER]),
    ("DockerRunScheduledCreateRequest", TypeAdapter(models.RunSchedule), [RUN]),
    ("DockerWorkerConfigOmniVXCreateRequest", worker_config.WORKER_CONFIG, [CONFIG]),
]
CASES = [(name, ours, example) for name, ours, examples in SHAPES for example in examples]

ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 200),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=30),
    st.sampled_from(
        [
            "",
            "ab",
            "abc",
            "a" * 24,
            "0" * 24 + "\n",
            "S3",
            "INPUT",
            "us-gov-west-1",
            "il-central-1",
            "arn:aws-cn:iam::123456789012:role/x",
            "arn:aws:iam::123456789012:role",
            "arn:aws:iam::123456789012:role/x\n",
            "https://",
            "EXT ID 123456",
            "ext-id-12",
            "-x-",
        ]
    ),
    st.lists(st.text(max_size=3), max_size=2),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)


def theirs(model: str, text: str) -> bool:
    """Whether the client's model takes this body."""
    module = importlib.import_module("lightly.openapi_generated.swagger_client.models")
    try:
        getattr(module, model).from_json(text)
    except Exception:
        return False
    return True


def accepts(ours: TypeAdapter[Any], text: str) -> bool:
    try:
        ours.validate_json(text)
    except ValidationError:
        return False
    return True


def spots(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(spot for key, child in inner for spot in spots(child, (*at, key)))]


def leaves(value: Any) -> list[tuple[Any, ...]]:
    """The places that hold neither an object nor a list."""
    every = spots(value)
    return [at for at in every if not any(other[:-1] == at for other in every if other)]


def put(value: Any, at: tuple[Any, ...], new: Any) -> Any:
    if not at:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[at[0]] = put(copy[at[0]], at[1:], new)
    return copy


@pytest.mark.parametrize(("name", "ours", "example"), CASES)
def test_a_full_example_is_taken_by_both(name: str, ours: TypeAdapter[Any], example: dict[str, Any]) -> None:
    assert accepts(ours, json.dumps(example))
    assert theirs(name, json.dumps(example))


@pytest.mark.parametrize(("name", "ours", "example"), CASES)
@given(data=st.data())
def test_what_theirs_refuses_ours_refuses(
    name: str, ours: TypeAdapter[Any], example: dict[str, Any], data: st.DataObject
) -> None:
    body = put(example, data.draw(st.sampled_from(spots(example)[1:])), data.draw(ODD))
    text = json.dumps(body)
    if accepts(ours, text):
        assert theirs(name, text)


@pytest.mark.parametrize(("name", "ours", "example"), CASES)
@given(data=st.data())
def test_what_the_client_would_send_ours_takes(
    name: str, ours: TypeAdapter[Any], example: dict[str, Any], data: st.DataObject
) -> None:
    """Ours is stricter in four things only: nulls, a line end where the pattern says the end, the discriminators, for
    which the client's classes take any text once they are chosen, and text where an object should be."""
    chosen = [spot for spot in leaves(example) if spot[-1] not in ("type", "version")]
    body = put(example, data.draw(st.sampled_from(chosen)), data.draw(ODD))
    text = json.dumps(body)
    if theirs(name, text) and "null" not in text and "\\n" not in text:
        assert accepts(ours, text)


@pytest.mark.parametrize(("name", "ours", "example"), CASES)
def test_an_unknown_field_and_a_null_are_refused(name: str, ours: TypeAdapter[Any], example: dict[str, Any]) -> None:
    assert not accepts(ours, json.dumps(example | {"surprise": 1}))
    for field in example:
        assert not accepts(ours, json.dumps(example | {field: None}))


TWINS = {
    "InputExpiration": "DockerWorkerConfigV3DatasourceInputExpiration",
    "WorkerDatasource": "DockerWorkerConfigV3DockerDatasource",
    "CorruptnessCheck": "DockerWorkerConfigV3DockerCorruptnessCheck",
    "Crops": "DockerWorkerConfigV4DockerCrops",
    "Training": "DockerWorkerConfigV3DockerTraining",
    "Docker": "DockerWorkerConfigV4Docker",
    "CheckpointCallback": "DockerWorkerConfigV3LightlyCheckpointCallback",
    "Loader": "DockerWorkerConfigV3LightlyLoader",
    "Model": "DockerWorkerConfigV3LightlyModel",
    "Trainer": "DockerWorkerConfigV3LightlyTrainer",
    "Criterion": "DockerWorkerConfigV3LightlyCriterion",
    "Optimizer": "DockerWorkerConfigV3LightlyOptimizer",
    "Collate": "DockerWorkerConfigV3LightlyCollate",
    "Training3": "DockerWorkerConfigV3Lightly",
    "SelectionInput": "SelectionConfigV4EntryInput",
    "TargetRange": "SelectionConfigV3EntryStrategyAllOfTargetRange",
    "SelectionStrategy": "SelectionConfigV4EntryStrategy",
    "SelectionEntry": "SelectionConfigV4Entry",
    "TilingTask": "AutoTaskTiling",
    "CropTask": "AutoTaskCrop",
    "Selection": "SelectionConfigV4",
    "WorkerConfig": "DockerWorkerConfigV4",
    "WorkerConfigCreate": "DockerWorkerConfigOmniV4CreateRequest",
    "S3": "DatasourceConfigS3",
    "S3DelegatedAccess": "DatasourceConfigS3DelegatedAccess",
    "Azure": "DatasourceConfigAzure",
    "Gcs": "DatasourceConfigGCS",
    "Obs": "DatasourceConfigOBS",
    "Local": "DatasourceConfigLOCAL",
    "Managed": "DatasourceConfigLIGHTLY",
}


@pytest.mark.parametrize(("ours", "twin"), TWINS.items())
def test_each_model_has_the_fields_of_its_twin(ours: str, twin: str) -> None:
    module = importlib.import_module("lightly.openapi_generated.swagger_client.models")
    mine: type[Message] = getattr(models, ours, None) or getattr(worker_config, ours)
    fields = {field.alias or name: field.is_required() for name, field in mine.model_fields.items()}
    expected = {field.alias: field.required for field in getattr(module, twin).__fields__.values()}
    assert fields == expected


def test_every_model_of_the_worker_configuration_has_a_twin() -> None:
    mine = {
        name
        for name, value in vars(worker_config).items()
        if isinstance(value, type) and issubclass(value, Message) and value is not Message
    }
    assert mine <= set(TWINS)


def test_the_regions_are_the_clients() -> None:
    module = importlib.import_module("lightly.openapi_generated.swagger_client.models")
    assert set(models.S3Region.__args__) == {region.value for region in module.S3Region}  # type: ignore[attr-defined]


def test_a_secret_is_in_no_repr() -> None:
    text = repr(models.DATASOURCE.validate_json(json.dumps(S3_INPUT))) + repr(
        models.DATASOURCE.validate_json(json.dumps(DELEGATED))
    )
    assert "the-secret-key" not in text
    assert "the-external-id" not in text
