"""What is decided about everything that was in flight, and the state that comes of it."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lightly_access.recover.decision import Decision, Deed
from lightly_access.recover.edit import edited
from lightly_access.recover.operation import UNREAD, Known, Operation
from lightly_access.recover.planned import Plan, planned
from lightly_access.recover.survey import Asking, survey
from lightly_access.recover.way import Again, Inputs, Named, Place, Searched, UnaskedError, Way
from lightly_access.recover.ways import DATASET, ways

GOLDEN = Path(__file__).parents[2] / "stacks" / "golden"
STACK = "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev"
PROVIDER = "urn:pulumi:dev::p::pulumi:providers:farm::default"
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
WRITTEN = datetime(2026, 11, 28, 9, tzinfo=UTC)
WORDS = ("barn", "shed", "key", "fence")


def urn(word: str) -> str:
    return f"urn:pulumi:dev::p::farm:{word}::{word}"


def entry(word: str, **more: Any) -> dict[str, Any]:
    made = {"urn": urn(word), "custom": True, "type": f"farm:{word}", "parent": STACK, "provider": f"{PROVIDER}::1"}
    return {**made, "inputs": {"name": word}, **more}


class Farm:
    """A cloud: what is there by word, and a way of each sort. `shut` answers nobody."""

    def __init__(self, there: Mapping[str, list[str]], *, shut: bool = False, unused: tuple[str, ...] = ()) -> None:
        self.there, self.shut, self.unused = there, shut, unused
        self.made: dict[str, datetime] = {}

    def find(self, word: str) -> list[str]:
        if self.shut:
            raise UnaskedError("the farm is shut", "open it")
        return list(self.there.get(word, ()))

    def ways(self) -> dict[str, Way]:
        def id_(inputs: Inputs, _: Place) -> str:
            return f"{inputs['name']}-id"

        def named(*, ours: bool) -> Named:
            return Named(
                frozenset({"name"}),
                id_,
                ours=ours,
                there=lambda inputs, _: bool(self.find(str(inputs["name"]))),
                made=lambda inputs, _: self.made.get(str(inputs["name"])),
            )

        def searched(*, taken: bool) -> Searched:
            return Searched(
                frozenset({"name"}),
                "key",
                lambda inputs, _: self.find(str(inputs["name"])),
                lambda *_: None,
                lambda inputs, key: f"farm rm {key}",
                taken=taken,
                made=lambda _, __, key: self.made.get(key),
                unused=lambda _, __, key: key in self.unused,
            )

        return {
            "farm:barn": named(ours=False),
            "farm:shed": named(ours=True),
            "farm:key": searched(taken=False),
            "farm:lamp": searched(taken=True),
            "farm:fence": Again("a fence is a fence"),
        }


def decided(
    farm: Farm,
    pending: list[tuple[str, str]],
    known: list[dict[str, Any]],
    plan: list[str] | None = None,
    **more: Any,
) -> list[Decision]:
    written = {"time": WRITTEN.isoformat().replace("+00:00", ".123456789Z")}
    base = [{"urn": STACK, "type": "pulumi:pulumi:Stack"}, {"urn": PROVIDER, "id": "1", "custom": True}]
    deployment = {
        "manifest": written,
        "resources": [*base, *known],
        "pending_operations": [{"type": doing, "resource": entry(word)} for word, doing in pending],
    }

    def place(_: Mapping[str, Any], state: Known) -> Place:
        return Place({}, {}, frozenset(str(each.get("id")) for each in state.resources))

    def dataset(operation: Operation, _: Known) -> Decision:
        return Decision(operation, Deed.CLEAR, "")

    planning = [Operation("planned", entry(word)) for word in plan or ()]
    plan_ = Plan(tuple(planning), frozenset(each.urn for each in planning))
    return survey(deployment, plan_, Asking(farm.ways(), place, dataset, **more))


def deeds(found: list[Decision]) -> list[tuple[str, str, str]]:
    return [(each.operation.name, str(each.deed), each.id) for each in found]


def test_every_resource_that_a_stack_of_ours_has_says_how_it_is_found_again() -> None:
    named = [line.partition(" ")[0] for file in GOLDEN.glob("*.json") for line in json.loads(file.read_text())]
    custom = {each for each in named if not each.startswith(("lightly-access:", "pulumi:"))}
    assert len(custom) > 20
    assert custom - ways().keys() == {DATASET}


@pytest.mark.parametrize(
    ("word", "there", "deed"),
    [
        ("barn", ["barn-id"], "take over"),
        ("barn", [], "clear"),
        ("shed", ["shed-id"], "take over"),
        ("fence", [], "clear"),
        ("lamp", [], "clear"),
        ("lamp", ["l1"], "take over"),
    ],
)
def test_what_was_being_made_is_taken_over_where_it_is_and_cleared_where_it_is_not(
    word: str, there: list[str], deed: str
) -> None:
    (found,) = decided(Farm({word: there}), [(word, "creating")], [])
    assert found.deed == deed
    assert found.id in ("", *there)


def test_a_key_whose_secret_was_lost_is_removed_and_never_one_that_the_state_knows() -> None:
    live = entry("key", id="k1")
    old = entry("key", id="k0", delete=True)
    found = decided(Farm({"key": ["k0", "k1", "k2"]}), [("key", "creating")], [live, old])
    assert deeds(found) == [("key", "clear", ""), ("key", "remove", "k2")]


def test_more_keys_than_runs_were_killed_are_named_and_left_unless_they_are_meant() -> None:
    farm = Farm({"key": ["k1", "k2", "k3"]})
    found = decided(farm, [("key", "creating")], [entry("key", id="k1")])
    assert deeds(found)[1:] == [("key", "leave", "k2"), ("key", "leave", "k3")]
    assert "farm rm k2" in found[1].hint
    found = decided(farm, [("key", "creating")], [entry("key", id="k1")], strays=True)
    assert [each[1] for each in deeds(found)[1:]] == ["remove", "remove"]


def test_a_key_that_no_note_tells_of_is_named() -> None:
    assert deeds(decided(Farm({"key": ["k1", "k2"]}), [], [entry("key", id="k1")])) == [("key", "leave", "k2")]
    assert decided(Farm({"key": ["k1"]}), [], [entry("key", id="k1")]) == []


@pytest.mark.parametrize(
    ("minutes", "wanted", "deed"),
    [(-1, True, "remove"), (-59, True, "remove"), (-61, True, "leave"), (3, True, "leave"), (-1, False, "leave")],
)
def test_a_key_of_the_last_run_goes_when_the_next_one_would_make_it(minutes: int, wanted: bool, deed: str) -> None:
    farm = Farm({"key": ["k1", "k2"]})
    farm.made["k2"] = WRITTEN + timedelta(minutes=minutes)
    found = decided(farm, [], [entry("key", id="k1")], ["key"] if wanted else [])
    assert deeds(found)[-1:] == [("key", deed, "k2")]


@pytest.mark.parametrize(("minutes", "deed"), [(-1, "remove"), (-61, "leave"), (1, "leave"), (0, "leave")])
def test_a_key_goes_in_whose_place_a_later_run_made_another(minutes: int, deed: str) -> None:
    farm = Farm({"key": ["k1", "k2"]})
    farm.made = {"k1": WRITTEN - timedelta(days=9), "k2": WRITTEN - timedelta(days=9, minutes=-minutes)}
    assert deeds(decided(farm, [], [entry("key", id="k1")])) == [("key", deed, "k2")]


@pytest.mark.parametrize(
    ("registered", "deed"), [(frozenset({"other"}), "remove"), (frozenset({"k2"}), "leave"), (None, "leave")]
)
def test_a_key_that_nobody_used_goes_unless_lightly_has_it_or_cannot_be_asked(
    registered: frozenset[str] | None, deed: str
) -> None:
    farm = Farm({"key": ["k1", "k2"]}, unused=("k1", "k2"))
    found = decided(farm, [], [entry("key", id="k1")], registered=lambda: registered)
    assert deeds(found) == [("key", deed, "k2")]


def test_of_what_would_be_made_only_what_is_there_and_is_ours_or_is_meant_is_taken_over() -> None:
    everything = Farm({word: [f"{word}-id"] for word in (*WORDS, "lamp")})
    plan = [*WORDS, "lamp"]
    assert deeds(decided(everything, [], [], plan)) == [
        ("shed", "take over", "shed-id"),
        ("key", "leave", "key-id"),
        ("lamp", "take over", "lamp-id"),
    ]
    taken = decided(everything, [], [], plan, take=frozenset({"barn"}))
    assert ("barn", "take over", "barn-id") in deeds(taken)
    assert decided(Farm({}), [], [], plan) == []
    assert decided(Farm({}, shut=True), [], [], plan) == []


@pytest.mark.parametrize(("minutes", "taken"), [(-1, True), (-61, False), (3, False)])
def test_of_what_would_be_made_also_goes_into_the_state_what_the_last_run_made(minutes: int, taken: bool) -> None:
    farm = Farm({"barn": ["barn-id"]})
    farm.made["barn"] = WRITTEN + timedelta(minutes=minutes)
    assert deeds(decided(farm, [], [], ["barn"])) == ([("barn", "take over", "barn-id")] if taken else [])


def test_nothing_is_decided_about_what_nobody_can_be_asked_about() -> None:
    shut = Farm({}, shut=True)
    assert [each.deed for each in decided(shut, [("key", "creating")], [])] == ["hold"]
    theirs = decided(Farm({}), [("cow", "creating")], [])
    assert [each.deed for each in theirs] == ["hold"]
    assert "--import-pending-creates" in theirs[0].hint
    orphan = {**entry("barn"), "parent": "urn:gone"}
    document = {"resources": [], "pending_operations": [{"type": "creating", "resource": orphan}]}
    asking = Asking(Farm({"barn": ["x"]}).ways(), lambda *_: Place({}, {}), lambda o, _: Decision(o, Deed.CLEAR, ""))
    assert [each.deed for each in survey(document, Plan(), asking)] == ["hold"]


@given(
    pending=st.lists(
        st.tuples(st.sampled_from([*WORDS, "lamp"]), st.sampled_from(["creating", "updating", "deleting", "reading"]))
    ),
    live=st.sets(st.sampled_from([*WORDS, "lamp"])),
    there=st.sets(st.sampled_from([*WORDS, "lamp"])),
    strays=st.booleans(),
)
def test_whatever_was_in_flight_no_note_is_left_nothing_is_twice_and_nothing_that_is_known_goes(
    pending: list[tuple[str, str]], live: set[str], there: set[str], strays: bool
) -> None:
    known = [entry(word, id=f"{word}-live") for word in sorted(live)]
    farm = Farm({word: [f"{word}-lost", *([f"{word}-live"] if word in live else [])] for word in there})
    found = decided(farm, pending, known, strays=strays)
    urns = {urn(word) for word, _ in pending}
    assert {each.operation.urn for each in found} >= urns
    assert not [each for each in found if each.id.endswith("-live") and each.deed is Deed.REMOVE]
    document = edited({"version": 3, "deployment": {"resources": known, "pending_operations": [1]}}, found)
    resources = document["deployment"]["resources"]
    assert "pending_operations" not in document["deployment"]
    assert resources[: len(known)] == known
    assert len({each["urn"] for each in resources}) == len(resources)
    new = resources[len(known) :]
    assert all(each["id"] and each["outputs"] == {} and each["initErrors"] == [UNREAD] for each in new)
    assert set(Known.of(document["deployment"]).unread()) == {each["urn"] for each in new}


def test_a_preview_tells_what_would_be_made_without_what_it_hides() -> None:
    steps = [
        {"op": "create", "newState": {**entry("shed"), "inputs": {"name": "shed", "text": "[secret]"}}},
        {"op": "create", "newState": {**entry("barn"), "parent": "urn:that-is-made-too"}},
        {"op": "create", "newState": {**entry("fence"), "provider": f"{PROVIDER}::{UNKNOWN}"}},
        {"op": "same", "newState": entry("key")},
        {"op": "create-replacement", "newState": entry("key")},
        "nonsense",
    ]
    known = Known(({"urn": STACK}, {"urn": PROVIDER, "id": "1"}))
    (found,) = planned({"steps": steps}, known)
    assert (found.name, found.entry["inputs"]) == ("shed", {"name": "shed"})
    assert list(planned({}, known)) == []
