"""Red first, what is urgent first, and a sentence for each thing."""

import json

import pytest
from lightly_access.kinds.said import parted, said
from lightly_access.stack_report.report import report
from lightly_access.stack_report.view import When, view
from lightly_core.capability import Capability

from tests.lightly_access.deployed.states import dataset, key, light_row, state
from tests.lightly_access.stack_report.example import NOW, RECORDED, deployed, exempt, mixed


def test_lights_that_one_fix_mends_are_told_together_and_apart_from_the_words_of_the_service() -> None:
    cows, goats = view(mixed()).red
    assert (cows.dataset, cows.purpose, cows.fix) == ("cows", "LIGHTLY", "make it")
    assert cows.causes == (("read", "no bucket"), ("write, overwrite", "the policy denies it"))
    assert cows.said == ("Lightly says: An error occurred (AccessDenied) when it tried",)
    assert goats.causes == (("all", "it was never verified"),)


@pytest.mark.parametrize("certain", [True, False])
@pytest.mark.parametrize("words", ["", "x", "(Code) of (it)) ("])
def test_a_cause_and_its_words_come_apart_as_they_were_put_together(words: str, certain: bool) -> None:
    for by_probe in (True, False):
        cause, spoken = parted(said("the key (a new one) is off", words, by_probe=by_probe, certain=certain))
        assert cause.startswith("the key (a new one) is off")
        assert cause.endswith("both are marked") is not certain
        assert spoken.partition(": ")[2] == words


def test_red_datasets_come_first_and_one_that_is_revoked_is_named() -> None:
    shown = view(mixed())
    assert [row.dataset for row in shown.rows] == ["cows", "cows", "goats", "hens", "pigs"]
    assert shown.revoked == ("bulls",)
    assert shown.summary == "2 of 5 datasets not as expected; a credential has ended"


def test_the_most_urgent_credential_is_first_and_says_what_to_do() -> None:
    held = view(mixed()).credentials
    assert [(each.dataset, each.when) for each in held] == [
        ("pigs", When.OVER),
        ("hens", When.SOON),
        ("cows", When.SOON),
        ("cows", When.SOON),
        ("goats", When.SOON),
    ]
    assert held[0].state == "ended: Lightly is locked out"
    assert held[1].state == "ends in 1 day: ask its owner for another"
    assert held[2].state == "deploy within 7 days"


def test_a_report_is_well_only_when_lights_grants_and_credentials_are() -> None:
    assert deployed().ok
    assert not mixed().ok
    ended = dataset("pigs", INPUT=({"kind": "SAS token", "expires": "2026-12-01"}, light_row()))
    assert not report(state(ended), None, NOW).ok
    wider = json.loads(json.dumps(RECORDED).replace("s3:GetObject", "s3:*"))
    assert not report(wider, None, NOW).ok
    assert "granted more or less than needed" in view(report(wider, None, NOW)).summary


def test_a_stack_without_a_dataset_says_so() -> None:
    shown = view(report(state(), None, NOW))
    assert shown.summary == "no dataset is deployed here"
    assert shown.ok
    assert (
        view(report(state(dataset("cows", INPUT=(key(), light_row()))), None, NOW)).summary == "1 dataset as expected"
    )


def test_every_capability_of_every_datasource_has_a_cell() -> None:
    shown = view(deployed())
    assert len(shown.rows) == 20
    assert all(len(row.cells) == len(Capability) for row in shown.rows)
    assert {name for group in shown.groups for name in (member.dataset for member in group.members)} == {
        row.dataset for row in shown.rows
    }


@pytest.mark.parametrize(
    ("until", "when", "state_"),
    [
        ("2026-11-20", When.OVER, "expired"),
        ("2026-12-02", When.SOON, "ends in 4 days"),
        ("2027-03-31", When.LATER, "stands, and covers nothing that is deployed"),
    ],
)
def test_an_exemption_is_shown_with_its_end(until: str, when: When, state_: str) -> None:
    (shown,) = view(deployed(exempt(rule="s3-versioning", reason="made again", until=until))).exemptions
    assert (shown.until, shown.when, shown.state, shown.resource) == (until, when, state_, "every resource")


def test_without_the_configuration_it_is_said_that_exemptions_are_not_known() -> None:
    assert "could not be read here" in view(deployed()).exemptions_note
    assert view(deployed({})).exemptions_note == "nothing is exempt"
    assert "expected the name of a rule" in view(deployed(exempt(rule="x"))).exemptions_note
