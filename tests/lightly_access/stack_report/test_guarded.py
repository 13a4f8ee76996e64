"""The guardrails, asked of a state: they find what is wrong there, and say what they cannot see."""

import copy
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from lightly_access.deployed.exported import exported
from lightly_access.stack_report.guarded import Guarded, guarded
from lightly_policies.guardrails.registry import RULES

from tests.lightly_access.stack_report.example import RECORDED, exempt

NOW = datetime(2026, 11, 29, tzinfo=UTC)
PUBLIC = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"


def asked(config: Mapping[str, str] | None = None, now: datetime = NOW, **changed: Any) -> Guarded:
    """Of the recorded deployment, with the public access blocks changed."""
    document = copy.deepcopy(RECORDED)
    for resource in document["deployment"]["resources"]:
        if resource["type"] == PUBLIC:
            resource["inputs"] |= changed
            resource["outputs"] |= changed
    return guarded(exported(document), config, now)


def test_every_rule_is_kept_broken_or_said_to_be_closed() -> None:
    found = asked()
    assert not found.broken
    assert {rule.name for rule in (*found.kept, *found.closed)} == {rule.name for rule in RULES}
    assert "trust-external-id" in {rule.name for rule in found.closed}, "a trust policy is secret in a state"
    assert "s3-block-public-access" in {rule.name for rule in found.kept}


def test_what_is_wrong_is_named_with_its_resource_and_the_way_out() -> None:
    found = asked(blockPublicAcls=False)
    assert {each.resource for each in found.broken} == {"footage-bucket", "results-bucket"}
    assert {each.rule.name for each in found.broken} == {"s3-block-public-access"}
    assert all(each.fix and "[" not in each.fix for each in found.broken)
    assert "s3-block-public-access" not in {rule.name for rule in found.kept}


def test_what_is_exempt_is_not_broken_and_the_exemption_is_used() -> None:
    entry = {"rule": "s3-block-public-access", "reason": "a test", "until": "2027-01-31"}
    found = asked(exempt(**entry, resource="footage-bucket"), blockPublicAcls=False)
    assert [(each.resource, each.exempt) for each in found.broken] == [
        ("results-bucket", False),
        ("footage-bucket", True),
    ]
    (standing,) = found.exemptions or ()
    assert standing.used
    assert not standing.expired


def test_a_key_that_is_too_old_is_found_at_the_time_of_the_report() -> None:
    old = asked(now=datetime(2027, 3, 1, tzinfo=UTC))
    assert "key-age" in {each.rule.name for each in old.broken}


def test_a_state_of_no_resources_breaks_no_rule() -> None:
    assert not guarded(exported({"deployment": {}}), None, NOW).broken
