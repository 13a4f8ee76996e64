"""Dataset: found, made, adopted, renamed, kept or deleted."""

from functools import partial

import pytest
from lightly_api.client import LightlyApi
from lightly_api.errors import RequestRefusedError, StoppedError, TokenMissingError
from lightly_core.pulumi_values import UNKNOWN, Properties
from lightly_provider.handlers.dataset import DatasetHandler
from lightly_provider.handlers.handler import Call, Diff

from tests.lightly_provider.fake_lightly import FakeLightly, Fault

HANDLER = DatasetHandler()
COWS: Properties = {"name": "cows", "type": "images", "adopt": False, "forceDestroy": False}


@pytest.fixture
def call(api: LightlyApi) -> Call:
    return Call(api=lambda: api)


def test_check_fills_in_defaults_and_names_every_fault() -> None:
    assert HANDLER.check({"name": "cows", "type": "images"}).inputs == COWS
    bad = HANDLER.check({"name": "-x", "type": "Crops", "adopt": "yes", "forcedestroy": True, "forceDestroy": None})
    faults = {failure.property: failure.reason for failure in bad.failures}
    assert set(faults) == {"name", "type", "adopt", "forcedestroy"}
    assert "did you mean 'forceDestroy'?" in faults["forcedestroy"]
    assert faults["adopt"] == "got 'yes', expected true or false"
    assert [failure.property for failure in HANDLER.check({}).failures] == ["name", "type"]


def test_check_takes_unknowns_on_trust() -> None:
    unknown: Properties = dict.fromkeys(COWS, UNKNOWN)
    checked = HANDLER.check(unknown)
    assert not checked.failures
    assert checked.inputs == unknown


def test_a_new_type_needs_a_new_dataset_and_a_new_name_does_not() -> None:
    assert HANDLER.diff(COWS, COWS, COWS) == Diff()
    assert HANDLER.diff(COWS, COWS, {**COWS, "type": "videos"}) == Diff(frozenset({"type"}), frozenset({"type"}))
    assert HANDLER.diff(COWS, COWS, {**COWS, "name": "calves"}) == Diff(frozenset({"name"}))


def test_create_looks_up_then_posts(lightly: FakeLightly, call: Call) -> None:
    made = HANDLER.create(call, COWS)
    assert lightly.calls() == ["GET /v1/datasets/query/name/cows", "POST /v1/datasets"]
    assert lightly.datasets[made.id]["type"] == "Images"
    assert made.properties == {**COWS, "adopted": False}


def test_an_existing_name_is_an_error_that_names_its_id_and_both_ways_out(lightly: FakeLightly, call: Call) -> None:
    dataset_id = lightly.add("cows", samples=0)
    with pytest.raises(RequestRefusedError, match=f"id {dataset_id}, which holds no samples") as caught:
        HANDLER.create(call, COWS)
    assert "adopt: true" in str(caught.value.hint)
    assert len(lightly.datasets) == 1
    assert lightly.calls() == ["GET /v1/datasets/query/name/cows"]


def test_a_run_killed_after_the_post_is_finished_by_adopting(lightly: FakeLightly, call: Call) -> None:
    first = HANDLER.create(call, COWS)  # and the state was never written
    with pytest.raises(RequestRefusedError):
        HANDLER.create(call, COWS)
    assert HANDLER.create(call, {**COWS, "adopt": True}).id == first.id
    assert len(lightly.datasets) == 1


def test_an_adopted_dataset_is_kept_on_destroy_and_that_is_said(lightly: FakeLightly, api: LightlyApi) -> None:
    lightly.add("cows", samples=7)
    said: list[str] = []
    call = Call(api=lambda: api, tell=said.append)
    made = HANDLER.create(call, {**COWS, "adopt": True, "forceDestroy": True})
    assert made.properties["adopted"] is True
    HANDLER.delete(call, made.id, COWS, made.properties)
    assert made.id in lightly.datasets
    assert "kept at Lightly" in said[0]


def test_a_dataset_of_another_type_is_not_adopted(lightly: FakeLightly, call: Call) -> None:
    lightly.add("cows", kind="Videos")
    with pytest.raises(RequestRefusedError, match="its type at Lightly is Videos, expected Images"):
        HANDLER.create(call, {**COWS, "adopt": True})


@pytest.mark.parametrize("adopted", [True, False])
def test_a_rename_is_one_put_and_keeps_what_adopted_says(lightly: FakeLightly, call: Call, adopted: bool) -> None:
    dataset_id = lightly.add("cows")
    state: Properties = {**COWS, "adopted": adopted}
    said: Properties = {"renameAdopted": True} if adopted else {}
    assert HANDLER.update(call, dataset_id, state, {**COWS, **said, "name": "calves"})["adopted"] is adopted
    assert lightly.datasets[dataset_id]["name"] == "calves"
    assert HANDLER.planned({**COWS, **said, "name": "calves"}, state)["name"] == "calves"
    assert HANDLER.diff(COWS, state, {**COWS, **said}) == Diff()
    lightly.seen.clear()
    HANDLER.update(call, dataset_id, state, {**COWS, "forceDestroy": True})
    assert lightly.seen == []


def test_an_adopted_dataset_is_renamed_by_nobody_who_does_not_say_so(lightly: FakeLightly, call: Call) -> None:
    dataset_id, state = lightly.add("cows"), {**COWS, "adopted": True}
    news = {**COWS, "adopt": True, "name": "calves"}
    for refused in (partial(HANDLER.planned, news, state), partial(HANDLER.update, call, dataset_id, state, news)):
        with pytest.raises(RequestRefusedError, match=r"'cows' was adopted.*`name: calves` would rename") as caught:
            refused()
        assert "`name: cows`" in str(caught.value.hint)
        assert "rename_adopted: true" in str(caught.value.hint)
    assert lightly.datasets[dataset_id]["name"] == "cows"


def test_one_that_its_owner_has_renamed_is_called_what_it_is(lightly: FakeLightly, call: Call) -> None:
    dataset_id, state = lightly.add("calves"), {**COWS, "adopted": True}
    assert HANDLER.update(call, dataset_id, state, {**COWS, "name": "calves"})["name"] == "calves"
    with pytest.raises(RequestRefusedError, match="'calves' was adopted"):  # the state does not know it yet
        HANDLER.update(call, dataset_id, state, {**COWS, "name": "goats"})
    assert not [each for each in lightly.calls() if each.startswith("PUT")]


def test_read_shows_drift_and_a_dataset_that_is_gone(lightly: FakeLightly, call: Call) -> None:
    dataset_id = lightly.add("cows, renamed by hand")
    found = HANDLER.read(call, dataset_id, {**COWS, "forceDestroy": True}, {**COWS, "adopted": False})
    assert found is not None
    assert found.inputs == {**COWS, "name": "cows, renamed by hand", "forceDestroy": True}
    assert found.properties["adopted"] is False
    del lightly.datasets[dataset_id]
    assert HANDLER.read(call, dataset_id, COWS, COWS) is None


def test_an_imported_dataset_is_kept_on_destroy(lightly: FakeLightly, call: Call) -> None:
    found = HANDLER.read(call, lightly.add("cows"), {}, {})
    assert found is not None
    assert found.inputs == COWS
    assert found.properties == {**COWS, "adopted": True}


def test_an_id_of_another_form_is_refused_without_a_call(lightly: FakeLightly, call: Call) -> None:
    with pytest.raises(RequestRefusedError, match="24 characters"):
        HANDLER.read(call, "cows", {}, {})
    assert lightly.seen == []


STATE: Properties = {**COWS, "adopted": False}
GOES: Properties = {**STATE, "onRemove": "delete"}


def removed(api: LightlyApi, dataset_id: str, state: Properties) -> list[str]:
    """What is said when it is removed."""
    said: list[str] = []
    HANDLER.delete(Call(api=lambda: api, tell=said.append, warn=said.append), dataset_id, COWS, state)
    return said


def test_a_removed_dataset_stays_at_lightly_by_default_and_lightly_is_not_asked(
    lightly: FakeLightly, api: LightlyApi
) -> None:
    dataset_id = lightly.add("cows", samples=0)
    (said,) = removed(api, dataset_id, STATE)
    assert dataset_id in said
    assert "stays at Lightly" in said
    assert lightly.seen == []


def test_on_remove_delete_spares_samples_and_force_destroy_does_not(lightly: FakeLightly, api: LightlyApi) -> None:
    dataset_id = lightly.add("cows", samples=12)
    (said,) = removed(api, dataset_id, GOES)
    assert "holds 12 samples, and `force_destroy` is not set\nhint: " in said
    assert dataset_id in lightly.datasets
    assert removed(api, dataset_id, {**STATE, "forceDestroy": True}) == []
    assert lightly.datasets == {}


def test_delete_spares_a_dataset_of_which_lightly_does_not_say_how_much_it_holds(
    lightly: FakeLightly, api: LightlyApi
) -> None:
    dataset_id = lightly.add("cows")
    lightly.faults.append(Fault("GET", ".*", 200, body=b'{"id": "1", "name": "cows", "nSamples": "none"}'))
    assert "unknown number of samples" in removed(api, dataset_id, GOES)[0]
    assert dataset_id in lightly.datasets


def test_deleting_an_empty_or_missing_dataset_is_fine(lightly: FakeLightly, api: LightlyApi) -> None:
    dataset_id = lightly.add("cows")
    assert [removed(api, dataset_id, GOES) for _ in range(2)] == [[], []]
    assert lightly.datasets == {}


@pytest.mark.parametrize("state", [GOES, {**GOES, "forceDestroy": True}])
@pytest.mark.parametrize("status", [401, 403, 404, 409, 429, 500, 503])
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_removing_never_waits_for_lightlys_consent_and_names_what_stays(
    lightly: FakeLightly, api: LightlyApi, method: str, status: int, state: Properties
) -> None:
    dataset_id = lightly.add("cows")
    lightly.faults.append(Fault(method, ".*", status, times=9))
    said = removed(api, dataset_id, state)
    if dataset_id in lightly.datasets and status != 404:
        assert "stays at Lightly" in said[0]
        assert dataset_id in said[0]
        assert "app.lightly.ai" in said[0]


def test_removing_needs_no_token() -> None:
    def nobody() -> LightlyApi:
        raise TokenMissingError

    said: list[str] = []
    for state in (STATE, GOES, {**STATE, "forceDestroy": True}):
        HANDLER.delete(Call(api=nobody, tell=said.append, warn=said.append), f"{7:024x}", COWS, state)
    assert all("stays at Lightly" in text for text in said)
    assert len(said) == 3


def test_a_run_that_was_cancelled_is_no_reason_to_forget_the_dataset() -> None:
    def stopped() -> LightlyApi:
        raise StoppedError("delete")

    with pytest.raises(StoppedError):
        HANDLER.delete(Call(api=stopped), f"{7:024x}", COWS, GOES)
