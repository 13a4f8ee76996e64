"""Lightly refuses, is slow, hangs up, or says what nobody expects, in the middle of a deployment."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.lightly_sandbox.faults.chain import Chain


def test_a_request_to_wait_is_obeyed(chain: Callable[..., Chain]) -> None:
    cows = chain()
    before, began = cows.calls("lightly").get("create_dataset", 0), time.monotonic()
    fault = {"call": "create_dataset", "status": 429, "retry_after": 2, "times": 1}
    with cows.sandbox.faults(cows.sandbox.lightly, fault):
        cows.must(cows.up())
    assert cows.calls("lightly")["create_dataset"] == before + 2
    assert time.monotonic() - began >= 2


def test_what_passes_is_outlasted(chain: Callable[..., Chain]) -> None:
    cows = chain()
    faults: list[dict[str, Any]] = [
        {"call": "query_datasets", "status": 502, "times": 1},
        {"call": "put_datasource", "status": 503, "times": 1},
        {"call": "put_datasource", "drop": True, "times": 1},
        {"call": "verify", "status": 504, "times": 1},
    ]
    with cows.sandbox.faults(cows.sandbox.lightly, *faults):
        cows.must(cows.up())
    assert len(cows.at_lightly()) == 1
    assert all(cows.verify().values())


def test_what_does_not_pass_ends_after_five_tries_and_the_next_run_finishes(chain: Callable[..., Chain]) -> None:
    cows = chain()
    before = cows.calls("lightly").get("verify", 0)
    with cows.sandbox.faults(cows.sandbox.lightly, {"call": "verify", "status": 503}):
        refused = cows.up()
    assert not refused.ok
    assert cows.calls("lightly")["verify"] == before + 5, "one layer of tries, no more"
    (said,) = refused.diagnostics
    assert "503" in said
    assert "5 tries" in said
    cows.must(cows.up())
    assert len(cows.at_lightly()) == 1


@pytest.mark.parametrize(
    ("call", "status"), [("query_datasets", 401), ("create_dataset", 403), ("put_datasource", 422)]
)
def test_what_asking_again_cannot_change_is_asked_once(chain: Callable[..., Chain], call: str, status: int) -> None:
    cows = chain(lightly_access="delegated")
    before = cows.calls("lightly").get(call, 0)
    with cows.sandbox.faults(cows.sandbox.lightly, {"call": call, "status": status}):
        refused = cows.up()
    assert not refused.ok
    sources = 2 if call == "put_datasource" else 1
    assert cows.calls("lightly")[call] <= before + sources, "each once"
    assert any(str(status) in text for text in refused.diagnostics)
    cows.must(cows.up())
    assert len(cows.at_lightly()) == 1


def test_a_creation_whose_answer_is_lost_makes_one_dataset(chain: Callable[..., Chain]) -> None:
    cows = chain()
    with cows.sandbox.faults(cows.sandbox.lightly, {"call": "create_dataset", "drop": True, "times": 1}):
        cows.must(cows.up())
    (dataset,) = cows.at_lightly()
    (known,) = [resource for resource in cows.resources() if resource["type"] == "lightly:index:Dataset"]
    assert known["id"] == dataset["id"]
    assert known["outputs"]["adopted"] is False, "it is ours, so destroy deletes it"
    cows.must(cows.stack().destroy())
    assert cows.nothing_is_left()


def test_a_name_that_is_taken_is_named_with_its_id_and_adopted_only_on_request(chain: Callable[..., Chain]) -> None:
    cows = chain()
    theirs = cows.make_dataset(samples=7)
    refused = cows.up()
    assert any(theirs in text and "adopt" in text for text in refused.diagnostics)
    (untouched,) = cows.at_lightly()
    assert untouched["datasources"] == {}
    cows.dataset = {"adopt": True}
    cows.must(cows.up())
    (adopted,) = cows.at_lightly()
    assert (adopted["id"], adopted["nSamples"]) == (theirs, 7)
    cows.must(cows.stack().destroy())
    assert cows.nothing_is_left(but_the_dataset=True)


def test_a_refused_write_fails_the_deployment_and_stays_in_the_state(chain: Callable[..., Chain]) -> None:
    cows = chain(retry_policy={"deadline": 1, "confirmations": 1})
    words = "because the moon is full"
    no = {"canList": True, "canRead": True, "canWrite": False, "canOverwrite": True, "errors": {"canWrite": words}}
    with cows.sandbox.faults(cows.sandbox.lightly, {"call": "verify", "answer": no}):
        refused = cows.up()
    assert not refused.ok
    assert any(words in text for text in refused.diagnostics)
    assert [(str(red_light.purpose), str(red_light.capability)) for red_light in cows.red()] == [("LIGHTLY", "write")]
    cows.must(cows.up())
    assert not cows.red()


def test_answers_that_flap_are_not_taken_for_good(chain: Callable[..., Chain]) -> None:
    cows = chain(retry_policy={"deadline": 20, "confirmations": 2})
    good = dict.fromkeys(("canList", "canRead", "canWrite", "canOverwrite"), True)
    bad = {**good, "canWrite": False}
    before = cows.calls("lightly").get("verify", 0)
    faults = [{"call": "verify", "answer": answer, "times": 1} for answer in (good, bad)]
    with cows.sandbox.faults(cows.sandbox.lightly, *faults):
        cows.must(cows.up())
    assert cows.calls("lightly")["verify"] == before + 4, "good, bad, then two good ones in a row"


@pytest.mark.parametrize("answer", ["<html>hello</html>", {"canList": "yes", "surprise": [1]}])
def test_an_answer_that_nobody_expects_is_never_green_and_no_traceback(
    chain: Callable[..., Chain], answer: object
) -> None:
    cows = chain(retry_policy={"deadline": 1, "confirmations": 1})
    with cows.sandbox.faults(cows.sandbox.lightly, {"call": "verify", "answer": answer}):
        refused = cows.up()
    assert not refused.ok
    said = "\n".join(refused.diagnostics)
    assert cows.name in said or "verify dataset" in said
    assert "Traceback" not in said
    assert "defect" not in said


def test_what_an_answer_says_beside_is_overlooked(chain: Callable[..., Chain]) -> None:
    cows = chain()
    good = dict.fromkeys(("canList", "canRead", "canWrite", "canOverwrite"), True)
    with cows.sandbox.faults(cows.sandbox.lightly, {"call": "verify", "answer": {**good, "canFly": False}}):
        cows.must(cows.up())
