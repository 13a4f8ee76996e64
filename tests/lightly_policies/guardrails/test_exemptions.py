"""Exemptions are named, reasoned and expire; whatever is wrong with one is a violation itself."""

import json
from datetime import date
from typing import Any

import pytest
from lightly_policies.guardrails.exemptions import CONFIG_KEY, Exemptions, read
from lightly_policies.guardrails.registry import BY_NAME
from lightly_policies.guardrails.runner import Verdict

from tests.lightly_policies.guardrails.examples_aws import bucket
from tests.lightly_policies.guardrails.given import asked, stack

TODAY = date(2026, 11, 21)
GOOD = {"rule": "s3-versioning", "reason": "can be made again", "until": "2027-03-31", "resource": "lake"}


def configured(*entries: Any) -> Exemptions:
    return read({CONFIG_KEY: json.dumps(list(entries))}, {}, BY_NAME)


def test_what_is_exempt_is_said_as_advice_with_the_reason() -> None:
    (verdict,) = asked("s3-versioning", stack(bucket()), exemptions=configured(GOOD))
    assert isinstance(verdict, Verdict)
    assert (verdict.level, verdict.exempt) == ("advisory", True)
    assert verdict.message == (
        "exempt until 2027-03-31 (can be made again): what is overwritten or deleted in it is gone"
    )


def test_an_exemption_is_of_one_rule_and_of_one_resource_by_name_or_urn() -> None:
    others = [{**GOOD, "resource": "pond"}, {**GOOD, "rule": "s3-ownership"}]
    (verdict,) = asked("s3-versioning", stack(bucket()), exemptions=configured(*others))
    assert isinstance(verdict, Verdict)
    assert not verdict.exempt
    everything = {key: value for key, value in GOOD.items() if key != "resource"}
    for entry in ({**GOOD, "resource": bucket().urn}, everything):
        (verdict,) = asked("s3-versioning", stack(bucket()), exemptions=configured(entry))
        assert isinstance(verdict, Verdict)
        assert verdict.exempt


def test_an_exemption_holds_on_its_last_day_and_no_longer() -> None:
    last = configured({**GOOD, "until": "2026-11-21"})
    assert last.standing("s3-versioning", bucket(), TODAY)
    assert list(last.problems(TODAY)) == []
    over = configured({**GOOD, "until": "2026-11-20"})
    assert not over.standing("s3-versioning", bucket(), TODAY)
    assert list(over.problems(TODAY)) == [
        "the exemption of lake from s3-versioning (can be made again) expired on 2026-11-20"
    ]


def test_a_day_that_yaml_and_pulumi_made_a_time_of_is_the_same_day() -> None:
    assert configured({**GOOD, "until": "2027-03-31 00:00:00 +0000 UTC"}) == configured(GOOD)


def test_an_exemption_lasts_a_year_at_most() -> None:
    assert list(configured({**GOOD, "until": "2099-01-01"}).problems(TODAY)) == [
        "the exemption of lake from s3-versioning lasts until 2099-01-01, expected a day within a year"
    ]


def test_the_packs_configuration_exempts_under_the_name_of_the_rule() -> None:
    entry = {key: value for key, value in GOOD.items() if key != "rule"}
    found = read({}, {"s3-versioning": {"exempt": [entry]}}, BY_NAME)
    assert found == configured(GOOD)


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ("s3-versioning", "got str, expected {rule, reason, until: YYYY-MM-DD, resource?}"),
        ({**GOOD, "rule": "s3-versionin"}, "rule: got 's3-versionin', expected the name of a rule"),
        ({**GOOD, "reason": " "}, "reason: got ' ', expected why s3-versioning need not be kept"),
        ({**GOOD, "until": "soon"}, "until: got 'soon', expected a day such as 2027-03-31"),
        ({**GOOD, "until": None}, "until: got None, expected a day such as 2027-03-31"),
        ({**GOOD, "resource": 1}, "resource: got 1, expected the name or the URN of a resource"),
        ({**GOOD, "forever": True}, "got forever, expected {rule, reason, until: YYYY-MM-DD, resource?}"),
    ],
)
def test_an_exemption_that_is_written_wrongly_exempts_nothing_and_is_a_fault(entry: Any, fault: str) -> None:
    found = configured(entry)
    assert found.accepted == ()
    assert list(found.problems(TODAY)) == [f"{CONFIG_KEY}[0]: {fault}"]


@pytest.mark.parametrize("text", ["{", '{"rule": "s3-versioning"}', '"s3-versioning"'])
def test_configuration_that_is_no_list_is_a_fault(text: str) -> None:
    assert list(read({CONFIG_KEY: text}, {}, BY_NAME).problems(TODAY)) == [
        f"{CONFIG_KEY}: got no list, expected a list of {{rule, reason, until: YYYY-MM-DD, resource?}}"
    ]
