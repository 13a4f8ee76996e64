"""Verification: polls until it stands, the deadline, or a cause that waiting cannot mend."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from lightly_api.client import LightlyApi
from lightly_api.errors import RefusedError, RequestRefusedError, StoppedError
from lightly_core.capability import Purpose, expected
from lightly_core.pulumi_values import UNKNOWN, Properties, SecretValue, Value, plain
from lightly_provider.handlers.handler import Call, UnhealthyError
from lightly_provider.handlers.verification import VerificationHandler

from tests.lightly_provider.fake_lightly import GREEN, FakeLightly, Fault
from tests.lightly_provider.fake_time import FakeTime

HANDLER = VerificationHandler()
NOW = datetime(2026, 11, 28, 16, 25, 7, 123456, UTC)
DENIED = {**GREEN, "canWrite": False, "canOverwrite": False, "errors": {"canWrite": "(AccessDenied) Access Denied"}}
NO_BUCKET = {
    **GREEN,
    "canList": False,
    "errors": {"canList": "(NoSuchBucket) The specified bucket does not exist: out"},
}


def entry(purpose: Purpose, **more: Value) -> dict[str, Value]:
    proof: dict[str, Value] = {str(name): wanted for name, wanted in expected(purpose).items()}
    names = {
        "kind": "s3",
        "access": "user",
        "path": f"s3://{'in' if purpose == 'INPUT' else 'out'}/",
        "identity": purpose,
    }
    return {**names, "fingerprint": "ab", "proof": proof, **more}


def registered(lightly: FakeLightly) -> str:
    """A dataset with what `entry` says of both purposes; its id."""
    dataset_id = lightly.add("cows")
    lightly.register(dataset_id, {str(purpose): entry(purpose) for purpose in Purpose})
    return dataset_id


def verified(lightly: FakeLightly) -> int:
    """How often Lightly was asked to verify."""
    return sum(seen.path.endswith("/verify") for seen in lightly.seen)


@pytest.fixture
def news(lightly: FakeLightly) -> Properties:
    datasources: dict[str, Value] = {str(purpose): entry(purpose) for purpose in Purpose}
    checked = HANDLER.check({"datasetId": registered(lightly), "dataset": "cows", "datasources": datasources})
    assert not checked.failures
    return checked.inputs


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def call(api: LightlyApi, time: FakeTime, said: list[str]) -> Call:
    return Call(
        api=lambda: api, clock=time.clock, pause=time.sleep, status=said.append, tell=said.append, now=lambda: NOW
    )


def lights(properties: Properties, purpose: str = "LIGHTLY") -> dict[str, dict[str, Value]]:
    found = plain(properties["lights"])
    assert isinstance(found, dict)
    return found[purpose]  # type: ignore[return-value]  # as the handler builds it


def test_defaults_are_those_of_the_contract(news: Properties) -> None:
    assert (news["deadline"], news["confirmations"]) == (120.0, 2)


def test_two_good_answers_in_a_row_are_verified(lightly: FakeLightly, call: Call, news: Properties) -> None:
    made = HANDLER.create(call, news)
    assert made.id == news["datasetId"]
    assert made.properties["verified"] is True
    assert made.properties["verifiedAt"] == "2026-11-28T16:25:07Z"
    assert verified(lightly) == 2
    assert lights(made.properties)["write"] == {
        "expected": True,
        "actual": True,
        "ok": True,
        "evidence": ["lightly", "proof"],
    }
    assert lights(made.properties, "INPUT")["write"]["actual"] is False


def test_it_waits_for_new_permissions_with_growing_pauses(
    lightly: FakeLightly, call: Call, news: Properties, time: FakeTime, said: list[str]
) -> None:
    invalid = dict.fromkeys(GREEN, False) | {"errors": {"canList": "InvalidAccessKeyId"}}
    lightly.on_verify = lambda: lightly.verdicts.__setitem__(
        0, invalid if time.seconds < 10 else DENIED if time.seconds < 25 else GREEN
    )
    lightly.verdicts = [GREEN]
    assert HANDLER.create(call, news).properties["verified"] is True
    assert 25 <= time.seconds <= 50  # the longest pause, 12.5 s, fits into each of the two spells
    waits = time.slept[:5]
    assert waits[-1] > waits[0]
    assert any(line.startswith("0/120 s INPUT list, read; LIGHTLY list, read, write, overwrite red: ") for line in said)
    assert any(re.match(r"\d+/120 s LIGHTLY write[a-z, ]* red: the documents", line) for line in said)
    assert [line for line in said if "all lights as expected after" in line]


def test_answers_that_flap_are_not_verified_until_they_stand(
    lightly: FakeLightly, call: Call, news: Properties
) -> None:
    lightly.verdicts = [GREEN, DENIED, GREEN, DENIED, GREEN, GREEN]
    assert HANDLER.create(call, news).properties["verified"] is True
    assert verified(lightly) == 6


def test_at_the_deadline_it_is_there_and_not_healthy(
    lightly: FakeLightly, call: Call, news: Properties, time: FakeTime
) -> None:
    lightly.verdicts = [DENIED]
    with pytest.raises(UnhealthyError) as caught:
        HANDLER.create(call, {**news, "deadline": 30.0})
    assert time.seconds <= 30
    failure = caught.value
    assert failure.id == news["datasetId"]
    assert failure.properties["verified"] is False
    (reason,) = failure.reasons  # one line for what is red for one cause, its fix and its runbook entry below
    assert reason.startswith("dataset 'cows', LIGHTLY: write and overwrite should be possible: the documents we render")
    assert reason.count("\n") == 2
    write = lights(failure.properties)["write"]
    assert (write["actual"], write["ok"]) == (False, False)
    assert "pulumi up --refresh" in str(write["fix"])


def test_the_users_own_timeout_is_kept(lightly: FakeLightly, call: Call, news: Properties, time: FakeTime) -> None:
    lightly.verdicts = [DENIED]
    hurried = Call(api=call.api, clock=call.clock, pause=call.pause, timeout=5.0)
    with pytest.raises(UnhealthyError):
        HANDLER.create(hurried, news)
    assert time.seconds <= 5


def test_a_cause_that_waiting_cannot_mend_ends_it_early(
    lightly: FakeLightly, call: Call, news: Properties, time: FakeTime
) -> None:
    lightly.verdicts = [NO_BUCKET]
    with pytest.raises(UnhealthyError, match="there is no bucket out"):
        HANDLER.create(call, news)
    assert verified(lightly) == 2
    assert time.seconds < 2


def test_a_single_lasting_looking_answer_among_good_ones_is_overlooked(
    lightly: FakeLightly, call: Call, news: Properties
) -> None:
    lightly.verdicts = [NO_BUCKET, GREEN, GREEN]
    assert HANDLER.create(call, news).properties["verified"] is True


def test_green_that_never_stands_is_not_verified(
    lightly: FakeLightly, call: Call, news: Properties, time: FakeTime
) -> None:
    with pytest.raises(UnhealthyError, match="only 1 of 2 good answers"):
        HANDLER.create(call, {**news, "deadline": 0.0})


def test_a_proof_of_too_much_is_red_at_once(lightly: FakeLightly, call: Call, news: Properties) -> None:
    proof: dict[str, Value] = {"list": True, "read": True, "write": True, "overwrite": False, "delete": False}
    wide: dict[str, Value] = {"INPUT": entry(Purpose.INPUT, proof=proof)}
    lightly.verdicts = [{**GREEN, "canWrite": False, "canOverwrite": False}]
    with pytest.raises(UnhealthyError, match=r"INPUT: write should be refused: more rights than needed"):
        HANDLER.create(call, {**news, "datasources": wide})
    assert verified(lightly) == 2


def test_a_cancelled_run_ends_the_polling(lightly: FakeLightly, call: Call, news: Properties) -> None:
    lightly.verdicts = [DENIED]

    def pause(seconds: float) -> None:
        raise StoppedError("waiting for Lightly")

    with pytest.raises(StoppedError):
        HANDLER.create(Call(api=call.api, pause=pause), news)
    assert verified(lightly) == 1


def test_an_api_that_refuses_is_an_error_and_no_light(lightly: FakeLightly, call: Call, news: Properties) -> None:
    lightly.faults.append(Fault("GET", ".*/verify", 403))
    with pytest.raises(RefusedError):
        HANDLER.create(call, news)


def test_read_verifies_once(lightly: FakeLightly, call: Call, news: Properties) -> None:
    state: Properties = {**news, "verified": True}
    found = HANDLER.read(call, str(news["datasetId"]), news, state)
    assert found is not None
    assert found.properties["verified"] is True
    assert found.inputs == news
    lightly.verdicts = [DENIED]
    with pytest.raises(UnhealthyError) as caught:
        HANDLER.read(call, str(news["datasetId"]), news, state)
    assert caught.value.inputs == news
    assert verified(lightly) == 2


def test_without_its_dataset_or_any_datasource_it_is_gone(lightly: FakeLightly, call: Call, news: Properties) -> None:
    lightly.faults = [Fault("GET", ".*/verify", 404, body=b'{"code": "DATASET_UNKNOWN", "error": "not found"}')]
    assert HANDLER.read(call, str(news["datasetId"]), news, {**news, "verified": True}) is None
    lightly.faults = [Fault("GET", ".*/verify", 403)]
    with pytest.raises(RefusedError):
        HANDLER.read(call, str(news["datasetId"]), news, {**news, "verified": True})


def test_there_is_nothing_to_import(call: Call) -> None:
    with pytest.raises(RequestRefusedError, match="nothing to import"):
        HANDLER.read(call, f"{1:024x}", {}, {})


def test_diff_verifies_again_what_changed_or_ended_red(news: Properties) -> None:
    good: Properties = {**news, "verified": True}
    assert not HANDLER.diff(news, good, dict(news)).changes
    assert HANDLER.diff(news, {**news, "verified": False}, dict(news)).changes == {"verified"}
    changed: dict[str, Value] = {"INPUT": entry(Purpose.INPUT, fingerprint="cd")}
    assert HANDLER.diff(news, good, {**news, "datasources": changed}).changes == {"datasources"}
    assert HANDLER.diff(news, good, {**news, "datasetId": UNKNOWN}).replaces == {"datasetId"}


def test_check_names_every_bad_property() -> None:
    proof: dict[str, Value] = {"list": "yes", "read": True, "write": True, "overwrite": False, "delete": UNKNOWN}
    datasources: dict[str, Value] = {
        "OUTPUT": entry(Purpose.INPUT),
        "INPUT": entry(Purpose.INPUT, identity="", secret="x", proof={"list": True}),
        "LIGHTLY": entry(Purpose.LIGHTLY, proof=proof),
    }
    checked = HANDLER.check({"dataset": 3.0, "datasources": datasources, "deadline": -1.0, "confirmations": 0.0})
    assert {failure.property for failure in checked.failures} == {
        *("datasetId", "dataset", "deadline", "confirmations", "datasources.OUTPUT", "datasources.INPUT.secret"),
        *("datasources.INPUT.identity", "datasources.INPUT.proof", "datasources.LIGHTLY.proof.list"),
    }
    assert [failure.property for failure in HANDLER.check({"datasetId": "a" * 24, "dataset": "c"}).failures] == [
        "datasources"
    ]


@pytest.mark.parametrize("place", ["datasources", "entry", "proof", "field"])
def test_check_takes_unknowns_on_trust_at_any_depth(place: str) -> None:
    unknown: Value = SecretValue(UNKNOWN)
    inner = {"proof": {"proof": unknown}, "field": {"identity": unknown}}.get(place, {})
    datasources: Value = {"INPUT": unknown if place == "entry" else entry(Purpose.INPUT, **inner)}
    news: Properties = {"datasetId": UNKNOWN, "dataset": "cows", "datasources": datasources}
    if place == "datasources":
        news["datasources"] = unknown
    assert not HANDLER.check(news).failures


LISTING: dict[str, Value] = {str(name): wanted for name, wanted in expected(Purpose.INPUT, hardened=True).items()}
OUTSIDE = {**GREEN, "canRead": False, "canWrite": False, "canOverwrite": False}


def restricted(lightly: FakeLightly, **lights: Value) -> Properties:
    fenced = {**LISTING, **lights}
    datasources: dict[str, Value] = {
        str(purpose): entry(purpose, proof=dict(LISTING), expected=fenced) for purpose in Purpose
    }
    return {"datasetId": registered(lightly), "dataset": "cows", "datasources": datasources, "deadline": 1}


def test_what_is_expected_comes_from_the_datasource(lightly: FakeLightly, call: Call) -> None:
    lightly.verdicts = [OUTSIDE]
    checked = HANDLER.check(restricted(lightly))
    assert not checked.failures
    made = HANDLER.create(call, checked.inputs)
    assert made.properties["verified"] is True
    read = lights(made.properties, "INPUT")["read"]
    assert (read["expected"], read["actual"], read["ok"]) == (False, False, True)


def test_a_hardening_that_does_not_hold_is_red(lightly: FakeLightly, call: Call) -> None:
    lightly.verdicts = [GREEN]
    with pytest.raises(UnhealthyError) as red:
        HANDLER.create(call, HANDLER.check(restricted(lightly)).inputs)
    assert any("INPUT: read should be refused: the hardening does not hold" in reason for reason in red.value.reasons)
    assert lights(red.value.properties, "LIGHTLY")["write"]["ok"] is False


@pytest.mark.parametrize(
    ("lights_", "said"),
    [
        ({"write": True}, "expected false, because INPUT does not have it"),
        ({"read": "no"}, "expected true or false"),
        ({"copy": True}, "expected true or false for each of list, read, write, overwrite, delete"),
    ],
)
def test_what_is_expected_is_less_than_the_purpose_and_never_more(
    lightly: FakeLightly, lights_: dict[str, Value], said: str
) -> None:
    failures = HANDLER.check(restricted(lightly, **lights_)).failures
    assert any(said in failure.reason and ".expected" in failure.property for failure in failures)


ANOTHER = [
    ({"fullPath": "s3://theirs/"}, "s3://theirs/ with key LIGHTLY"),
    ({"s3AccessKeyId": "AKIATHEIRS0000000000"}, "s3://out/ with key AKIATHEIRS0000000000"),
    ({"type": "S3DelegatedAccess", "s3ARN": "arn:aws:iam::1:role/x"}, "s3://out/ with role arn:aws:iam::1:role/x"),
    ({"type": "GCS", "fullPath": "gs://out/"}, "gs://out/ (access: service_account)"),
    ({"type": "HDFS", "fullPath": "hdfs://out/"}, "hdfs://out/"),
]


def read(call: Call, news: Properties) -> object:
    return HANDLER.read(call, str(news["datasetId"]), news, {**news, "verified": True})


@pytest.mark.parametrize(("theirs", "named"), ANOTHER)
@pytest.mark.parametrize("look", [HANDLER.create, read])
def test_a_green_answer_about_another_registration_is_red_and_names_it(
    lightly: FakeLightly, call: Call, news: Properties, look: Any, theirs: dict[str, str], named: str
) -> None:
    lightly.datasources[str(news["datasetId"]), "LIGHTLY"] |= theirs
    with pytest.raises(UnhealthyError) as red:
        look(call, news)
    (reason,) = red.value.reasons
    assert f"LIGHTLY: somebody registered another one: {named}" in reason
    assert "pulumi up --refresh" in reason
    assert {light["ok"] for light in lights(red.value.properties).values()} == {False}
    assert {light["ok"] for light in lights(red.value.properties, "INPUT").values()} == {True}
    assert lights(red.value.properties, "INPUT")["read"]["evidence"] == ["proof"], "Lightly does not speak of ours"


def test_what_somebody_registers_while_a_refusal_is_asked_again_is_found_before_a_green_counts(
    lightly: FakeLightly, call: Call, news: Properties
) -> None:
    good = lightly.verdicts[0]
    lightly.verdicts = [dict.fromkeys(good, False), good]
    asked: list[object] = []

    def on_verify() -> None:
        asked.append(1)
        if len(asked) == 2:  # the first look found ours
            lightly.datasources[str(news["datasetId"]), "LIGHTLY"]["fullPath"] = "s3://theirs/"

    lightly.on_verify = on_verify
    with pytest.raises(UnhealthyError, match="LIGHTLY: somebody registered another one: s3://theirs/"):
        HANDLER.create(call, news)


def test_nothing_registered_is_red(lightly: FakeLightly, call: Call, news: Properties) -> None:
    del lightly.datasources[str(news["datasetId"]), "INPUT"]  # as after a PUT without effect
    with pytest.raises(UnhealthyError, match="INPUT: nothing is registered at Lightly, expected s3://in/"):
        HANDLER.create(call, news)


def test_what_lightly_masks_is_no_other_registration(lightly: FakeLightly, call: Call, news: Properties) -> None:
    for purpose in Purpose:
        found = lightly.datasources[str(news["datasetId"]), str(purpose)]
        found |= {"s3AccessKeyId": "AKIA****", "fullPath": found["fullPath"].rstrip("/")}
    assert HANDLER.create(call, news).properties["verified"] is True
