"""The control plane, and each fault: it strikes the call it names, as often as it says, before or after the effect."""

import time
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

import pytest
import urllib3
from lightly_sandbox.lightly.calls import CALLS

from tests.lightly_sandbox.lightly.caller import DELEGATED, NONCE, S3_INPUT, Api


def names(api: Api) -> list[str]:
    return [found["name"] for found in api("GET", "/v1/datasets").json()]


def test_a_status_strikes_before_the_effect_and_counts_down(api: Api) -> None:
    api.faults({"call": "create_dataset", "status": 503, "times": 2, "retry_after": 3})
    for _ in range(2):
        answer = api("POST", "/v1/datasets", {"name": "first"})
        assert (answer.status, answer.headers["Retry-After"]) == (503, "3")
        assert answer.headers["Content-Type"].startswith("text/html")
    assert names(api) == []
    assert api("POST", "/v1/datasets", {"name": "first"}).status == 201


def test_a_status_below_500_has_the_apis_body(api: Api) -> None:
    api.faults({"call": "list_datasets", "status": 403})
    for _ in range(2):
        assert api("GET", "/v1/datasets").json()["code"] == "FORBIDDEN"
    api.faults()
    assert api("GET", "/v1/datasets").status == 200


def test_a_dropped_answer_comes_after_the_effect(api: Api) -> None:
    api.faults({"call": "create_dataset", "drop": True, "times": 1})
    with pytest.raises(urllib3.exceptions.ProtocolError):
        api("POST", "/v1/datasets", {"name": "lost"})
    assert names(api) == ["lost"]
    assert api("POST", "/v1/datasets", {"name": "lost"}).status == 409


def test_a_dropped_refusal_is_dropped_too(api: Api) -> None:
    api.faults({"call": "get_dataset", "drop": True, "times": 1})
    with pytest.raises(urllib3.exceptions.ProtocolError):
        api("GET", f"/v1/datasets/{'0' * 24}")


def test_a_forced_answer_replaces_the_real_one(api: Api) -> None:
    forced = {"canList": True, "canRead": True, "canWrite": False, "canOverwrite": False}
    api.faults({"call": "verify", "answer": forced, "times": 1}, {"call": "verify", "answer": None, "status": 500})
    here = f"/v1/datasets/{'0' * 24}/datasource/verify"
    first, second = api("GET", here), api("GET", here)
    assert (first.status, first.json()) == (200, forced)
    assert second.status == 500


def test_a_delay_is_of_one_call_and_latency_of_all(api: Api) -> None:
    def seconds(path: str) -> float:
        start = time.monotonic()
        assert api("GET", path).status == 200
        return time.monotonic() - start

    api.faults({"call": "list_workers", "delay_ms": 120, "times": 1}, {"latency_ms": 40})
    assert seconds("/v1/docker/worker") >= 0.16
    assert seconds("/v1/docker/worker") >= 0.04


def test_calls_that_are_late_together_are_answered_when_the_last_one_came(api: Api) -> None:
    api.faults({"call": "list_workers", "times": 3, "status": 403, "together": True, "delay_ms": 60_000})
    with ThreadPoolExecutor(3) as callers:
        first = [callers.submit(Api(api.url), "GET", "/v1/docker/worker") for _ in range(2)]
        assert not wait(first, timeout=0.2).done
        assert api("GET", "/v1/docker/worker").status == 403
        assert [call.result().status for call in first] == [403, 403]
    assert api("GET", "/v1/docker/worker").status == 200


def test_a_call_that_waits_for_others_in_vain_is_answered_too(api: Api) -> None:
    api.faults({"call": "list_workers", "times": 2, "status": 403, "together": True, "delay_ms": 10})
    assert api("GET", "/v1/docker/worker").status == 403


def test_a_fault_of_every_call(api: Api) -> None:
    api.faults({"call": "*", "status": 429, "retry_after": "Wed, 21 Oct 2026 07:28:00 GMT"})
    answer = api("GET", "/v1/versions/pip/minimum")
    assert (answer.status, answer.headers["Retry-After"]) == (429, "Wed, 21 Oct 2026 07:28:00 GMT")


@pytest.mark.parametrize(
    "fault",
    [
        {},
        {"call": "verify"},
        {"status": 500},
        {"call": "no_such_call", "status": 500},
        {"call": "verify", "status": 200},
        {"call": "verify", "drop": True, "status": 500},
        {"call": "verify", "retry_after": 1},
        {"call": "verify", "latency_ms": 1},
        {"call": "verify", "status": 500, "times": 0},
        {"call": "verify", "status": 500, "together": True},
        {"call": "verify", "status": 500, "surprise": 1},
    ],
)
def test_a_fault_that_means_nothing_is_refused(api: Api, fault: dict[str, Any]) -> None:
    api.faults({"call": "list_datasets", "status": 500})
    with pytest.raises(AssertionError):
        api.faults(fault)
    assert api("GET", "/v1/datasets").status == 500


def test_the_control_plane_needs_the_nonce(api: Api) -> None:
    for path, nonce in (("", ""), ("/calls", "x"), ("/state", NONCE + "0")):
        with pytest.raises(AssertionError, match="FORBIDDEN"):
            api.control("GET", path, nonce=nonce)
    assert api.control("GET", "") == {"name": "lightly", "nonce": NONCE}


def test_calls_are_counted_by_name_and_control_calls_are_not(api: Api) -> None:
    dataset = api.new_dataset()
    api("GET", f"/v1/datasets/{dataset}")
    Api(api.url, None)("GET", f"/v1/datasets/{dataset}")
    api.faults({"call": "verify", "status": 500})
    api("GET", f"/v1/datasets/{dataset}/datasource/verify")
    assert api.control("GET", "/calls") == {
        "total": 4,
        "by_principal": {"user": 3, "anonymous": 1},
        "by_action": {"create_dataset": 1, "get_dataset": 2, "verify": 1},
        "asked": {},
    }


def test_the_state_shows_which_secrets_are_set_and_not_their_values(api: Api) -> None:
    dataset = api.new_dataset()
    for source in (S3_INPUT, DELEGATED):
        assert api("PUT", f"/v1/datasets/{dataset}/datasource", source).status == 200
    state = api.control("GET", "/state")
    sources = state["datasets"][dataset]["datasources"]
    assert sources["INPUT"]["s3SecretAccessKey"] == "<set>"
    assert sources["INPUT"]["s3AccessKeyId"] == "AKIAEXAMPLE"
    assert sources["LIGHTLY"]["s3ExternalId"] == "<set>"
    assert sources["LIGHTLY"]["s3ARN"] == DELEGATED["s3ARN"]
    assert "the-secret-key" not in str(state)
    assert "the-external-id" not in str(state)


def test_samples_can_be_pretended(api: Api) -> None:
    dataset = api.new_dataset()
    api.control("POST", f"/datasets/{dataset}", {"nSamples": 7})
    assert api("GET", f"/v1/datasets/{dataset}").json()["nSamples"] == 7


def test_each_call_has_a_name_of_its_own_and_a_path_of_its_own() -> None:
    assert len({(call.method, call.path) for call in CALLS.values()}) == len(CALLS)
