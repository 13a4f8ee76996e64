"""What the handlers of one dataset ask of Lightly together, and which of it may not be left out."""

from collections.abc import Callable
from typing import Any

import pytest
from lightly_api.client import LightlyApi
from lightly_api.errors import RequestRefusedError
from lightly_core.capability import Purpose, expected
from lightly_core.pulumi_values import Properties, Value
from lightly_provider.handlers.dataset import DatasetHandler
from lightly_provider.handlers.datasource import DatasourceHandler
from lightly_provider.handlers.handler import Call, UnhealthyError
from lightly_provider.handlers.verification import VerificationHandler

from tests.lightly_provider.fake_lightly import FakeLightly
from tests.lightly_provider.fake_time import FakeTime

DATASET, DATASOURCE, VERIFICATION = DatasetHandler(), DatasourceHandler(), VerificationHandler()
COWS: Properties = {"name": "cows", "type": "images", "adopt": False, "forceDestroy": False}
THEIRS = {"type": "S3", "fullPath": "s3://theirs/", "s3AccessKeyId": "AKIATHEIRS0000000000"}


@pytest.fixture
def call(api: LightlyApi, time: FakeTime) -> Call:
    return Call(api=lambda: api, clock=time.clock, pause=time.sleep)


def source(dataset_id: str, purpose: Purpose) -> Properties:
    key = {"accessKeyId": f"AKIA{purpose}", "secretAccessKey": "canary", "region": "eu-central-1"}
    return {"datasetId": dataset_id, "purpose": purpose, "kind": "s3", "access": "user", "path": "s3://lake/", **key}


def verification(dataset_id: str) -> Properties:
    datasources: dict[str, Value] = {}
    for purpose in Purpose:
        proof: dict[str, Value] = {str(name): wanted for name, wanted in expected(purpose).items()}
        names = {"kind": "s3", "access": "user", "path": "s3://lake/", "identity": f"AKIA{purpose}"}
        datasources[purpose] = {**names, "fingerprint": "ab", "proof": proof}
    checked = VERIFICATION.check({"datasetId": dataset_id, "dataset": "cows", "datasources": datasources})
    assert not checked.failures
    return checked.inputs


def deployed(call: Call) -> str:
    dataset_id = DATASET.create(call, COWS).id
    for purpose in Purpose:
        DATASOURCE.create(call, source(dataset_id, purpose))
    VERIFICATION.create(call, verification(dataset_id))
    return dataset_id


def refresh(call: Call, dataset_id: str, between: Callable[[], object] = lambda: None) -> None:
    assert DATASET.read(call, dataset_id, COWS, COWS)
    for purpose in Purpose:
        old = source(dataset_id, purpose)
        found = DATASOURCE.read(call, f"{dataset_id}/{purpose}", old, old)
        assert found
        assert found.inputs == old
    between()
    news = verification(dataset_id)
    assert VERIFICATION.read(call, dataset_id, news, news)


def test_a_deployment_asks_nine_times_and_a_refresh_four_times(lightly: FakeLightly, call: Call) -> None:
    dataset_id = deployed(call)
    of_it = f"/v1/datasets/{dataset_id}"
    both = [f"{method} {of_it}/datasource" for method in ("GET", "PUT")] * 2
    read, verify = f"GET {of_it}/datasource/all", f"GET {of_it}/datasource/verify"
    made = ["GET /v1/datasets/query/name/cows", "POST /v1/datasets"]
    assert lightly.calls() == [*made, *both, read, verify, verify]
    lightly.seen.clear()
    refresh(call, dataset_id)
    assert lightly.calls() == [f"GET {of_it}", read, read, verify]


@pytest.mark.parametrize("purpose", Purpose)
def test_what_somebody_registers_in_the_middle_of_a_refresh_is_no_green(
    lightly: FakeLightly, call: Call, purpose: Purpose
) -> None:
    dataset_id = deployed(call)
    theirs: Any = {(dataset_id, purpose): THEIRS}
    with pytest.raises(UnhealthyError, match=f"{purpose}: somebody registered another one: s3://theirs/"):
        refresh(call, dataset_id, lambda: lightly.datasources.update(theirs))


@pytest.mark.parametrize("purpose", Purpose)
def test_what_somebody_registers_with_a_dataset_that_was_just_made_is_not_overwritten(
    lightly: FakeLightly, call: Call, purpose: Purpose
) -> None:
    dataset_id = DATASET.create(call, COWS).id
    for other in set(Purpose) - {purpose}:
        DATASOURCE.create(call, source(dataset_id, other))
        DATASOURCE.read(call, f"{dataset_id}/{other}", {}, {})  # its answer is of both, and no leave to write
    lightly.datasources[dataset_id, purpose] = THEIRS
    with pytest.raises(RequestRefusedError, match="somebody registered another one: s3://theirs/"):
        DATASOURCE.create(call, source(dataset_id, purpose))
    assert lightly.datasources[dataset_id, purpose] is THEIRS
