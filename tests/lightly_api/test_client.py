"""Lightly's API over real HTTP against a fake server: requests, faults, sentences."""

import logging
import traceback
from collections.abc import Callable

import pytest
from lightly_api.client import LightlyApi
from lightly_api.datasets import Dataset
from lightly_api.datasources import Permissions
from lightly_api.errors import LightlyError, RefusedError, UnansweredError, UnreadableAnswerError
from lightly_core.capability import Capability, Purpose
from lightly_core.secret import Secret

from tests.lightly_provider.fake_lightly import TOKEN, FakeLightly, Fault
from tests.lightly_provider.fake_time import FakeTime

LOOKUP = "/v1/datasets/query/name/cows"
MISSING = f"{99:024x}"


def test_a_lookup_asks_as_lightlys_client_does(lightly: FakeLightly, api: LightlyApi) -> None:
    dataset_id = lightly.add("cows and calves", samples=3)
    assert api.datasets.named("cows and calves") == Dataset(dataset_id, "cows and calves", "Images", 3)
    (seen,) = lightly.seen
    assert (seen.method, seen.path) == ("GET", "/v1/datasets/query/name/cows%20and%20calves")
    assert seen.query == {"shared": "False", "exact": "True", "pageSize": "5000", "pageOffset": "0"}


def test_a_lookup_takes_only_the_exact_name(lightly: FakeLightly, api: LightlyApi) -> None:
    lightly.faults.append(Fault("GET", LOOKUP, 200, body=b'[{"id": "1", "name": "cows2"}, {"id": "2", "name": "cow"}]'))
    assert api.datasets.named("cows") is None


def test_create_posts_what_lightlys_client_posts(lightly: FakeLightly, api: LightlyApi) -> None:
    dataset_id = api.datasets.create("cows", "Images")
    assert lightly.calls() == ["POST /v1/datasets"]
    assert lightly.seen[0].body == {"name": "cows", "type": "Images", "creator": "USER_PIP"}
    assert lightly.datasets[dataset_id]["name"] == "cows"


@pytest.mark.parametrize(
    "fault",
    [
        Fault("POST", "/v1/datasets", drop=True, effect=True),
        Fault("POST", "/v1/datasets", 502, body=b"<html>bad gateway</html>", effect=True),
        Fault("POST", "/v1/datasets", 504, effect=True, times=3),
    ],
    ids=["dropped", "bad gateway", "timed out"],
)
def test_a_post_whose_answer_was_lost_makes_one_dataset(lightly: FakeLightly, api: LightlyApi, fault: Fault) -> None:
    lightly.faults.append(fault)
    dataset_id = api.datasets.create("cows", "Images")
    assert list(lightly.datasets) == [dataset_id]
    assert lightly.calls() == ["POST /v1/datasets", f"GET {LOOKUP}"]


def test_a_post_that_had_no_effect_is_sent_again_after_a_lookup(lightly: FakeLightly, api: LightlyApi) -> None:
    lightly.faults.append(Fault("POST", "/v1/datasets", drop=True))
    api.datasets.create("cows", "Images")
    assert len(lightly.datasets) == 1
    assert lightly.calls() == ["POST /v1/datasets", f"GET {LOOKUP}", "POST /v1/datasets"]


def test_a_failed_lookup_after_a_lost_post_never_leads_to_a_second_post(lightly: FakeLightly, api: LightlyApi) -> None:
    lightly.faults += [Fault("POST", "/v1/datasets", drop=True, effect=True), Fault("GET", LOOKUP, 503, times=2)]
    dataset_id = api.datasets.create("cows", "Images")
    assert list(lightly.datasets) == [dataset_id]
    assert lightly.calls().count("POST /v1/datasets") == 1


def test_a_lost_post_that_takes_effect_late_is_found_through_the_conflict(
    lightly: FakeLightly, api: LightlyApi
) -> None:
    lightly.faults += [Fault("POST", "/v1/datasets", drop=True, effect=True), Fault("GET", LOOKUP, 200, body=b"[]")]
    dataset_id = api.datasets.create("cows", "Images")
    assert list(lightly.datasets) == [dataset_id]


def test_a_conflict_at_the_first_post_is_an_error(lightly: FakeLightly, api: LightlyApi) -> None:
    lightly.add("cows")
    with pytest.raises(
        RefusedError, match=r"could not create dataset 'cows': Lightly answered 409 .DATASET_NAME_EXISTS"
    ):
        api.datasets.create("cows", "Images")
    assert lightly.calls() == ["POST /v1/datasets"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 302])
def test_what_asking_again_cannot_change_is_asked_once(lightly: FakeLightly, api: LightlyApi, status: int) -> None:
    headers = {"Location": "http://127.0.0.1:9/elsewhere"}
    lightly.faults.append(Fault("PUT", ".*", status, headers, b'{"code": "NO_CODE", "error": "no, because"}', times=9))
    with pytest.raises(
        RefusedError, match=f"datasource of dataset {MISSING}: Lightly answered {status} .*because"
    ) as caught:
        api.datasources.put(MISSING, Purpose.INPUT, {})
    assert len(lightly.seen) == 1
    assert caught.value.status == status
    assert caught.value.hint


@pytest.mark.parametrize("fault", [*(Fault("GET", ".*", code) for code in (408, 429, 500, 502, 503, 504)), None])
def test_a_passing_failure_is_asked_again(
    lightly: FakeLightly, api: LightlyApi, time: FakeTime, fault: Fault | None
) -> None:
    fault = fault or Fault("GET", ".*", drop=True)
    fault.times = 4
    lightly.faults.append(fault)
    assert api.datasets.named("cows") is None
    assert len(lightly.seen) == 5
    assert time.slept == [0.25, 0.5, 1.0, 2.0]  # half of 0.5, doubling: chance is 0.5 here


def test_after_five_tries_there_is_one_clear_sentence(lightly: FakeLightly, api: LightlyApi) -> None:
    lightly.faults.append(Fault("PUT", ".*", 503, body=b"<html><h1>down</h1>\n</html>", times=99))
    with pytest.raises(UnansweredError) as caught:
        api.datasources.put(MISSING, Purpose.LIGHTLY, {})
    assert len(lightly.seen) == 5
    assert str(caught.value) == (
        f"could not register the LIGHTLY datasource of dataset {MISSING}: Lightly answered 503 (an HTML page), "
        "after 5 tries in 4 s\nhint: run it again later"
    )


@pytest.mark.parametrize("header", ["7", "Sun, 09 Sep 2001 01:46:47 GMT"])
def test_retry_after_is_obeyed_in_both_forms(
    lightly: FakeLightly, api: LightlyApi, time: FakeTime, header: str
) -> None:
    lightly.faults.append(Fault("GET", ".*", 429, {"Retry-After": header}))
    assert api.datasets.named("cows") is None
    (pause,) = time.slept
    assert 7 <= pause <= 8


def test_a_wait_that_is_longer_than_the_budget_ends_at_once_and_says_so(
    lightly: FakeLightly, api: LightlyApi, time: FakeTime
) -> None:
    lightly.faults.append(Fault("GET", ".*", 429, {"Retry-After": "3600"}))
    with pytest.raises(UnansweredError, match="asks to wait 3600 s"):
        api.datasets.named("cows")
    assert time.slept == []
    assert len(lightly.seen) == 1


@pytest.mark.parametrize("header", ["soon", "-3", "", "Sun, 99 Sep 2001"])
def test_a_retry_after_that_cannot_be_read_is_no_reason_to_fail(
    lightly: FakeLightly, api: LightlyApi, time: FakeTime, header: str
) -> None:
    lightly.faults.append(Fault("GET", ".*", 503, {"Retry-After": header}))
    assert api.datasets.named("cows") is None
    assert len(time.slept) == 1


def test_a_server_that_is_not_there_is_named_without_any_url(time: FakeTime) -> None:
    api = LightlyApi(Secret(TOKEN), "http://127.0.0.1:9", retry_policy=time.retry_policy())
    with pytest.raises(UnansweredError, match=r"no connection to 127.0.0.1:9, after 5 tries") as caught:
        api.datasets.named("cows")
    assert "token" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_deleted_dataset_may_be_deleted_again(lightly: FakeLightly, api: LightlyApi) -> None:
    dataset_id = lightly.add("cows")
    api.datasets.delete(dataset_id)
    api.datasets.delete(dataset_id)
    assert lightly.datasets == {}
    assert api.datasets.get(dataset_id) is None


def test_a_datasource_is_read_by_its_purpose(lightly: FakeLightly, api: LightlyApi) -> None:
    dataset_id = lightly.add("cows")
    api.datasources.put(dataset_id, Purpose.INPUT, {"type": "S3"})
    assert api.datasources.get(dataset_id, Purpose.LIGHTLY) is None
    found = api.datasources.get(dataset_id, Purpose.INPUT)
    assert found is not None
    assert found["type"] == "S3"
    assert lightly.seen[-1].query == {"purpose": "INPUT"}


def test_all_datasources_are_read_at_once(lightly: FakeLightly, api: LightlyApi) -> None:
    dataset_id = lightly.add("cows")
    assert api.datasources.all(dataset_id) == {}
    for purpose in Purpose:
        api.datasources.put(dataset_id, purpose, {"type": "S3", "fullPath": f"s3://acme/{purpose}/"})
    lightly.datasources[dataset_id, "INPUT_OUTPUT"] = {"type": "S3"}  # a purpose of older times
    found = {purpose: each["fullPath"] for purpose, each in api.datasources.all(dataset_id).items()}
    assert found == {purpose: f"s3://acme/{purpose}/" for purpose in Purpose}
    assert api.datasources.all("f" * 24) == {}


def test_verify_gives_permissions_and_words_and_overlooks_what_it_does_not_know(
    lightly: FakeLightly, api: LightlyApi
) -> None:
    dataset_id = lightly.add("cows")
    lightly.verdicts = [{"canList": True, "canWrite": False, "canFly": True, "errors": {"canWrite": "no\nway", "x": 1}}]
    can = {Capability.LIST: True, Capability.READ: None, Capability.WRITE: False, Capability.OVERWRITE: None}
    assert api.datasources.verify(dataset_id) == Permissions(can, {Capability.WRITE: "no way"})


def test_refused_credentials_at_verify_are_lights_and_not_a_failure(lightly: FakeLightly, api: LightlyApi) -> None:
    dataset_id = lightly.add("cows")
    body = b'{"code": "DATASET_DATASOURCE_CREDENTIALS_ERROR", "error": "InvalidAccessKeyId"}'
    lightly.faults.append(Fault("GET", ".*/verify", 400, body=body))
    found = api.datasources.verify(dataset_id)
    assert set(found.can.values()) == {False}
    assert "InvalidAccessKeyId" in found.errors[Capability.LIST]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<html>\n<body>login</body>", "with an HTML page"),
        (b"{'a': 1}", "with something that is no JSON"),
        (b"[]", "without permissions"),
        (b"", "without permissions"),
        (b'"ok"', "without permissions"),
    ],
)
def test_an_answer_of_another_kind_is_one_line(lightly: FakeLightly, api: LightlyApi, body: bytes, said: str) -> None:
    lightly.faults.append(Fault("GET", ".*", 200, body=body))
    with pytest.raises(UnreadableAnswerError, match=said) as caught:
        api.datasources.verify(MISSING)
    _, hint = str(caught.value).splitlines()
    assert hint.startswith("hint: ")


@pytest.mark.parametrize("body", [b"", b"null", b"<html>ok</html>", b'{"what": "ever"}'])
def test_what_a_put_answers_does_not_matter(lightly: FakeLightly, api: LightlyApi, body: bytes) -> None:
    lightly.faults.append(Fault("PUT", ".*", 200, body=body))
    api.datasources.put(MISSING, Purpose.INPUT, {})


FAULTS = [
    Fault("GET", ".*", 401, body=b'{"code": "TOKEN_INVALID", "error": "token ' + TOKEN.encode() + b' is bad"}'),
    Fault("GET", ".*", 500, body=b"at /v1/x?token=tok%2Bcanary%2F4711%3D%3D", times=9),
    Fault("GET", ".*", 400, body=b"<html>tok+canary/4711==</html>"),
    Fault("GET", ".*", drop=True, times=9),
    Fault("GET", ".*", 302, {"Location": "http://127.0.0.1:9/?token=tok%2Bcanary%2F4711%3D%3D"}),
    Fault("GET", ".*", 200, {"Content-Encoding": "gzip"}, b"tok+canary/4711=="),
]


@pytest.mark.parametrize("fault", FAULTS, ids=["json", "url", "html", "dropped", "redirect", "not gzip"])
@pytest.mark.parametrize("ask", [lambda api: api.datasets.named("cows"), lambda api: api.datasets.get(MISSING)])
def test_no_message_and_no_log_line_holds_the_token(
    lightly: FakeLightly,
    api: LightlyApi,
    caplog: pytest.LogCaptureFixture,
    fault: Fault,
    ask: Callable[[LightlyApi], object],
) -> None:
    caplog.set_level(logging.DEBUG)
    fault.times = 9
    lightly.faults.append(fault)
    with pytest.raises(LightlyError) as caught:
        ask(api)
    trace = "".join(traceback.format_exception(caught.value))
    assert "canary" not in f"{caught.value!r} {caught.value} {trace} {caplog.text} {api!r}"


def test_the_request_itself_is_logged_without_its_query(
    lightly: FakeLightly, api: LightlyApi, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    api.datasets.named("cows")
    assert LOOKUP in caplog.text  # so the filter was at work, not a silent logger
    assert "token" not in caplog.text


SCHEDULE = f"/v1/datasets/{7:024x}/docker/worker/schedule"
SELECTION = {"nSamples": 10, "strategies": [{"input": {"type": "EMBEDDINGS"}, "strategy": {"type": "DIVERSITY"}}]}


def test_a_run_is_what_lightlys_client_sends(lightly: FakeLightly, api: LightlyApi) -> None:
    lightly.faults.append(Fault("POST", "/v1/docker/worker/config/vX", 201, body=b'{"id": "c1"}'))
    lightly.faults.append(Fault("POST", SCHEDULE, 201, body=b'{"id": "r1"}'))
    config = api.runs.store_config(SELECTION, process_all=True)
    assert api.runs.schedule(f"{7:024x}", config, ["gpu"]) == "r1"
    assert [seen.body for seen in lightly.seen] == [
        {
            "version": "V4",
            "creator": "USER_PIP",
            "config": {
                "workerType": "FULL",
                "docker": {"datasource": {"processAll": True}},
                "selection": {**SELECTION, "autoTasks": []},
            },
        },
        {"configId": "c1", "priority": "MID", "runsOn": ["gpu"], "creator": "USER_PIP"},
    ]


def test_the_options_of_a_run_are_named_only_where_they_are_chosen(lightly: FakeLightly, api: LightlyApi) -> None:
    for options, sent in (
        ({}, None),
        ({"bypass_verify": True}, {"bypassVerify": True}),
        ({"process_all": True, "bypass_verify": True}, {"processAll": True, "bypassVerify": True}),
    ):
        lightly.faults.append(Fault("POST", "/v1/docker/worker/config/vX", 201, body=b'{"id": "c1"}'))
        api.runs.store_config(SELECTION, **options)
        assert lightly.seen[-1].body["config"].get("docker", {}).get("datasource") == sent


def test_a_run_whose_answer_was_lost_is_looked_for_before_it_is_sent_again(
    lightly: FakeLightly, api: LightlyApi
) -> None:
    lightly.faults.append(Fault("POST", SCHEDULE, drop=True))
    queue = b'[{"id": "r0", "configId": "other"}, {"id": "r1", "configId": "c1"}]'
    lightly.faults.append(Fault("GET", SCHEDULE, 200, body=queue))
    assert api.runs.schedule(f"{7:024x}", "c1") == "r1"
    assert lightly.calls() == [f"POST {SCHEDULE}", f"GET {SCHEDULE}"]


def test_a_run_that_is_not_in_the_queue_is_sent_again(lightly: FakeLightly, api: LightlyApi) -> None:
    lightly.faults.append(Fault("POST", SCHEDULE, 502))
    lightly.faults.append(Fault("GET", SCHEDULE, 200, body=b'[{"id": "r0", "configId": "other"}]'))
    lightly.faults.append(Fault("POST", SCHEDULE, 201, body=b'{"id": "r1"}'))
    assert api.runs.schedule(f"{7:024x}", "c1") == "r1"
    assert lightly.calls() == [f"POST {SCHEDULE}", f"GET {SCHEDULE}", f"POST {SCHEDULE}"]
