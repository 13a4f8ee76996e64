"""Whose error is it? As AWS words it."""

import pytest
from lightly_access.kinds.registry import verified_access
from lightly_core.capability import Purpose
from lightly_provider.verification.attribution import attribute

ROLE = "arn:aws:iam::123456789012:role/lightly/cows"
INPUT = verified_access("s3", "delegated", "s3://lake/projects/cows/", f"{ROLE}-input")
LIGHTLY = verified_access("s3", "delegated", "s3://results/cows/", f"{ROLE}-lightly")
BOTH = {Purpose.INPUT: INPUT, Purpose.LIGHTLY: LIGHTLY}
SESSION = "User: arn:aws:sts::123456789012:assumed-role/cows-{}/lightly is not authorized to perform: s3:PutObject"


@pytest.mark.parametrize(
    ("error", "purpose"),
    [
        (SESSION.format("input"), Purpose.INPUT),
        (SESSION.format("lightly"), Purpose.LIGHTLY),
        (f"not authorized to perform: sts:AssumeRole on resource: {ROLE}-lightly", Purpose.LIGHTLY),
        ('on resource: "arn:aws:s3:::lake/projects/cows/a.png" because', Purpose.INPUT),
        ("NoSuchBucket: The specified bucket does not exist: results", Purpose.LIGHTLY),
        ("Access Denied (s3://lake/projects/cows/)", Purpose.INPUT),
    ],
)
def test_a_name_in_the_text_tells(error: str, purpose: Purpose) -> None:
    found = attribute(error, BOTH)
    assert found.purposes == (purpose,)
    assert found.certain


def test_a_role_whose_name_is_the_start_of_another_is_not_meant() -> None:
    longer = {Purpose.INPUT: verified_access("s3", "delegated", "s3://a/", ROLE), Purpose.LIGHTLY: LIGHTLY}
    assert attribute(SESSION.format("lightly"), longer).purposes == (Purpose.LIGHTLY,)


def test_the_same_role_name_in_another_account_is_not_meant() -> None:
    other = verified_access("s3", "delegated", "s3://b/x/", "arn:aws:iam::999999999999:role/lightly/cows-input")
    found = attribute(SESSION.format("input"), {Purpose.INPUT: INPUT, Purpose.LIGHTLY: other})
    assert found.purposes == (Purpose.INPUT,)


def test_an_access_key_in_the_text_tells() -> None:
    keys = {
        Purpose.INPUT: verified_access("s3", "user", "s3://b/", "AKIAIOSFODNN7EXAMPLE"),
        Purpose.LIGHTLY: verified_access("s3", "user", "s3://b/", "AKIAI44QH8DHBEXAMPLE"),
    }
    found = attribute("InvalidAccessKeyId: AKIAI44QH8DHBEXAMPLE", keys)
    assert found.purposes == (Purpose.LIGHTLY,)


def test_of_directories_inside_each_other_the_innermost_is_meant() -> None:
    nested = {
        Purpose.INPUT: verified_access("s3", "user", "s3://b/cows/", "AKIA1"),
        Purpose.LIGHTLY: verified_access("s3", "user", "s3://b/cows/lightly/", "AKIA2"),
    }
    assert attribute("on arn:aws:s3:::b/cows/lightly/x", nested).purposes == (Purpose.LIGHTLY,)
    assert attribute("on arn:aws:s3:::b/cows/x", nested).purposes == (Purpose.INPUT,)


@pytest.mark.parametrize(
    "error", ["", "AccessDenied", "The AWS Access Key Id you provided does not exist in our records."]
)
def test_when_nothing_tells_both_are_meant_and_that_is_said(error: str) -> None:
    found = attribute(error, BOTH)
    assert found.purposes == (Purpose.INPUT, Purpose.LIGHTLY)
    assert not found.certain


def test_one_datasource_is_always_meant() -> None:
    assert attribute("AccessDenied", {Purpose.INPUT: INPUT}).certain
