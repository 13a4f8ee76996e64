"""One answer about a dataset for both of its purposes, each once, and never one from before a write or of long ago."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from lightly_api.client import LightlyApi
from lightly_api.errors import LightlyError, RefusedError
from lightly_api.shared_readings import SECONDS, Found, SharedReadings
from lightly_core.capability import Purpose

from tests.lightly_provider.fake_lightly import FakeLightly, Fault
from tests.lightly_provider.fake_time import FakeTime

INPUT, LIGHTLY = Purpose.INPUT, Purpose.LIGHTLY


@pytest.fixture
def dataset(lightly: FakeLightly) -> str:
    dataset_id = lightly.add("cows")
    for purpose in Purpose:
        lightly.datasources[dataset_id, purpose] = {"type": "S3", "fullPath": f"s3://{purpose.lower()}/"}
    return dataset_id


def path(api: LightlyApi, dataset_id: str, purpose: Purpose) -> object:
    return (api.datasources.seen(dataset_id, purpose) or {}).get("fullPath")


def test_both_purposes_of_a_dataset_are_read_in_one_call(lightly: FakeLightly, api: LightlyApi, dataset: str) -> None:
    assert [path(api, dataset, purpose) for purpose in (LIGHTLY, INPUT)] == ["s3://lightly/", "s3://input/"]
    assert lightly.calls() == [f"GET /v1/datasets/{dataset}/datasource/all"]


def test_a_purpose_that_is_read_again_is_asked_for_again_and_so_is_another_dataset(
    lightly: FakeLightly, api: LightlyApi, dataset: str
) -> None:
    path(api, dataset, INPUT)
    lightly.datasources.clear()
    assert [path(api, dataset, purpose) for purpose in (INPUT, LIGHTLY)] == [None, None]
    assert path(api, lightly.add("calves"), LIGHTLY) is None
    assert len(lightly.seen) == 3


def test_an_answer_is_thrown_away_by_a_write_even_one_whose_answer_is_lost(
    lightly: FakeLightly, api: LightlyApi, dataset: str
) -> None:
    def lost_write() -> None:
        lightly.faults.append(Fault("PUT", ".*", 504, effect=True, times=99))
        with pytest.raises(LightlyError):
            api.datasources.put(dataset, LIGHTLY, {"fullPath": "s3://lost/"})

    writes: dict[object, Callable[[], object]] = {
        "s3://new/": lambda: api.datasources.put(dataset, LIGHTLY, {"fullPath": "s3://new/"}),
        "s3://lost/": lost_write,
        None: lambda: api.datasets.delete(dataset),
    }
    for now, write in writes.items():
        path(api, dataset, INPUT)
        write()
        assert path(api, dataset, LIGHTLY) == now


@pytest.mark.parametrize(("age", "now"), [(SECONDS, "s3://lightly/"), (SECONDS + 1, "s3://theirs/")])
def test_an_answer_of_more_than_a_few_seconds_ago_counts_no_more(
    lightly: FakeLightly, api: LightlyApi, dataset: str, time: FakeTime, age: float, now: str
) -> None:
    path(api, dataset, INPUT)
    lightly.datasources[dataset, LIGHTLY] = {"fullPath": "s3://theirs/"}
    time.sleep(age)
    assert path(api, dataset, LIGHTLY) == now


def test_a_failure_is_kept_for_nobody_who_comes_later(lightly: FakeLightly, api: LightlyApi, dataset: str) -> None:
    lightly.faults.append(Fault("GET", ".*", 403))
    with pytest.raises(RefusedError):
        path(api, dataset, INPUT)
    assert path(api, dataset, LIGHTLY) == "s3://lightly/"


def test_what_overwrites_or_verifies_reads_for_itself(lightly: FakeLightly, api: LightlyApi, dataset: str) -> None:
    path(api, dataset, INPUT)
    lightly.datasources[dataset, LIGHTLY] = {"fullPath": "s3://theirs/"}
    found = (api.datasources.get(dataset, LIGHTLY) or {}, api.datasources.all(dataset)[LIGHTLY])
    assert [each["fullPath"] for each in found] == ["s3://theirs/"] * 2


@pytest.mark.parametrize("failure", [None, RefusedError("read", 403, "FORBIDDEN", "no")])
def test_who_comes_while_it_is_asked_waits_for_the_answer_or_its_failure(failure: RefusedError | None) -> None:
    came, both, asked = list[float](), threading.Event(), list[str]()

    def clock() -> float:  # everyone who comes looks at it
        came.append(0.0)
        if len(came) == 2:
            both.set()
        return 0.0

    def ask(dataset_id: str) -> Found:
        asked.append(dataset_id)
        assert both.wait(10)
        if failure:
            raise failure
        return {purpose: {"is": purpose} for purpose in Purpose}

    readings = SharedReadings(ask, clock)
    with ThreadPoolExecutor(2) as pool:
        waiting = {purpose: pool.submit(readings.take, "a", purpose) for purpose in Purpose}
    assert len(asked) == 1
    for purpose, future in waiting.items():
        assert future.exception() is failure
        assert failure or future.result() == {"is": purpose}
