"""Inputs that HashiCorp's provider refuses before it makes anything, and rules that it reads whole."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lightly_sandbox.kinds.s3.mock_provider.lifecycle import from_rules, to_rules
from lightly_sandbox.kinds.s3.mock_provider.table import TYPES
from lightly_sandbox.mock_providers.resource import Input, Kind

from tests.lightly_sandbox.mock_providers.client import Plugin

KEY, ROLE, ALIAS = "aws:kms/key:Key", "aws:iam/role:Role", "aws:kms/alias:Alias"
LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"


@pytest.mark.parametrize(
    ("token", "inputs", "bad", "reason"),
    [
        (KEY, {"rotationPeriodInDays": 30}, "rotationPeriodInDays", "got 30, expected 90 to 2560"),
        (KEY, {"deletionWindowInDays": 3}, "deletionWindowInDays", "got 3, expected 7 to 30"),
        (ROLE, {"maxSessionDuration": 60}, "maxSessionDuration", "got 60, expected 3600 to 43200"),
        (ROLE, {"description": "in \u2192 out"}, "description", "got 'in \u2192 out', expected text of the form"),
        (ROLE, {"name": "a b"}, "name", "got 'a b', expected text of the form"),
        (ALIAS, {"name": "results", "targetKeyId": "k"}, "name", "got 'results', expected text of the form alias/"),
        (
            LIFECYCLE,
            {"bucket": "b", "rules": [{"id": "a", "status": "Enabled", "expiration": {"days": -1}}]},
            "rules[0].expiration.days",
            "got -1, expected at least 0",
        ),
    ],
)  # fmt: skip
def test_a_value_out_of_bounds_is_refused_before_anything_is_made(
    plugin: Plugin, token: str, inputs: dict[str, Any], bad: str, reason: str
) -> None:
    trust = {"assumeRolePolicy": '{"Version": "2012-10-17", "Statement": []}'} if token == ROLE else {}
    _, failures = plugin.check(token, "it", {**trust, **inputs})
    assert failures.keys() == {bad}
    assert failures[bad].startswith(reason)


def _of(prop: Input) -> st.SearchStrategy[Any]:
    match prop.kind:
        case Kind.INTEGER:
            return st.integers(max(prop.least or 1, 1), prop.most or 4000)
        case Kind.BOOLEAN:
            return st.just(True)
        case Kind.STRING_MAP:
            return st.dictionaries(st.text("abc", min_size=1), st.text("abc"), min_size=1, max_size=2)
        case Kind.RECORD:
            return _record(prop.fields)
        case Kind.RECORDS:
            return st.lists(_record(prop.fields), min_size=1, max_size=2)
    return st.sampled_from(prop.allowed) if prop.allowed else st.text("abc/", min_size=1)


def _record(fields: tuple[Input, ...]) -> st.SearchStrategy[dict[str, Any]]:
    required = {field.name: _of(field) for field in fields if field.required}
    others = {field.name: _of(field) for field in fields if not field.required}
    return st.fixed_dictionaries(required, optional=others).filter(bool)


_RULES = TYPES[LIFECYCLE].input("rules")
assert _RULES is not None


@given(st.lists(_record(_RULES.fields), min_size=1, max_size=3))
def test_a_lifecycle_that_s3_was_told_is_read_as_it_was_written(rules: list[dict[str, Any]]) -> None:
    assert from_rules(to_rules(rules)) == rules
