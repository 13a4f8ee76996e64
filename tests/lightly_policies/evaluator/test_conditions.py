"""Every condition operator, present and missing keys, one and many values."""

import pytest
from lightly_policies.evaluator.document import Document

from tests.lightly_policies.evaluator.people import holds

_TEAM, _WHO = "aws:PrincipalTag/team", "aws:PrincipalArn"
_BOB = "arn:aws:iam::123456789012:user/bob"


@pytest.mark.parametrize(
    ("operator", "wanted", "given", "expected"),
    [
        ("StringEquals", "red", "red", True),
        ("StringEquals", "red", "Red", False),
        ("StringEquals", "r*", "red", False),
        ("StringEquals", "${*}", "*", True),
        ("StringEquals", ["blue", "red"], "red", True),
        ("StringEqualsIgnoreCase", "RED", "red", True),
        ("StringLike", "r?d*", "red", True),
        ("StringLike", "r?d", "reed", False),
        ("StringNotEquals", ["blue", "red"], "red", False),
        ("StringNotEquals", ["blue", "green"], "red", True),
        ("StringNotEqualsIgnoreCase", "RED", "red", False),
        ("StringNotLike", "r*", "red", False),
        ("StringNotLike", "b*", "red", True),
        ("NumericEquals", "10", "10.0", True),
        ("NumericEquals", "10", "ten", False),
        ("NumericNotEquals", "10", "11", True),
        ("NumericLessThan", "10", "9", True),
        ("NumericLessThan", "10", "10", False),
        ("NumericLessThanEquals", 10, "10", True),
        ("NumericGreaterThan", "10", "9", False),
        ("NumericGreaterThanEquals", "10", "10", True),
        ("DateEquals", "2026-01-01T00:00:00Z", "2026-01-01T01:00:00+01:00", True),
        ("DateNotEquals", "2026-01-01T00:00:00Z", "2026-01-02", True),
        ("DateLessThan", "2026-01-01T00:00:00Z", "2025-12-31T23:59:59Z", True),
        ("DateLessThan", "2026", "2025-12-31", True),
        ("DateLessThanEquals", "2026-01", "1767225600", True),
        ("DateGreaterThan", "1767225600", "2026-01-01T00:00:00Z", False),
        ("DateGreaterThanEquals", "1767225600", "2026-01-01T00:00:00Z", True),
        ("Bool", "true", "TRUE", True),
        ("Bool", False, "false", True),
        ("Bool", "true", "yes", False),
        ("BinaryEquals", "QmluYXJ5", "QmluYXJ5", True),
        ("BinaryEquals", "QmluYXJ5", "binary", False),
        ("IpAddress", "10.0.0.0/8", "10.1.2.3", True),
        ("IpAddress", "10.0.0.1", "10.0.0.1", True),
        ("IpAddress", "10.0.0.0/8", "2001:db8::1", False),
        ("IpAddress", "2001:db8::/32", "2001:db8::1", True),
        ("IpAddress", "10.0.0.0/8", "not an address", False),
        ("NotIpAddress", "10.0.0.0/8", "10.1.2.3", False),
        ("NotIpAddress", ["10.0.0.0/8", "192.168.0.0/16"], "172.16.0.1", True),
        ("ArnEquals", "arn:aws:iam::*:user/b?b", _BOB, True),
        ("ArnLike", "arn:aws:iam::123456789012:user/*", _BOB, True),
        ("ArnLike", "arn:*:user/bob", _BOB, False),
        ("ArnNotEquals", "arn:aws:iam::*:role/*", _BOB, True),
        ("ArnNotLike", "arn:aws:iam::*:user/*", _BOB, False),
        ("stringequals", "red", "red", True),
    ],
)
def test_operators(operator: str, wanted: object, given: str, expected: bool) -> None:
    assert holds({operator: {"test:Key": wanted}}, test__Key=given) is expected


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        ("StringEquals", False),
        ("StringLike", False),
        ("StringNotEquals", True),
        ("StringNotLike", True),
        ("StringNotEqualsIgnoreCase", True),
        ("NumericEquals", False),
        ("NumericNotEquals", True),
        ("DateLessThan", False),
        ("DateNotEquals", True),
        ("Bool", False),
        ("BinaryEquals", False),
        ("IpAddress", False),
        ("NotIpAddress", True),
        ("ArnLike", False),
        ("ArnNotLike", True),
        ("StringEqualsIfExists", True),
        ("BoolIfExists", True),
        ("StringNotEqualsIfExists", True),
        ("ForAllValues:StringEquals", True),
        ("ForAnyValue:StringEquals", False),
        ("ForAnyValue:StringNotEquals", False),
        ("ForAllValues:StringNotEquals", True),
    ],
)
def test_a_missing_key(operator: str, expected: bool) -> None:
    wanted = {"Numeric": "1", "Date": "2026", "Bool": "true", "Binary": "QQ==", "Ip": "10.0.0.0/8", "NotIp": "::/0"}
    value = next((text for start, text in wanted.items() if operator.startswith(start)), "arn:aws:iam::1:user/x")
    assert holds({operator: {"test:Key": value}}) is expected


def test_if_exists_does_not_soften_a_present_key() -> None:
    assert not holds({"StringEqualsIfExists": {"test:Key": "red"}}, test__Key="blue")


@pytest.mark.parametrize(
    ("operator", "given", "expected"),
    [
        ("ForAllValues:StringEquals", ("a", "b"), True),
        ("ForAllValues:StringEquals", ("a", "x"), False),
        ("ForAnyValue:StringEquals", ("a", "x"), True),
        ("ForAnyValue:StringEquals", ("x", "y"), False),
        ("ForAllValues:StringNotEquals", ("x", "y"), True),
        ("ForAllValues:StringNotEquals", ("x", "a"), False),
        ("ForAnyValue:StringNotEquals", ("x", "a"), True),
        ("ForAnyValue:StringNotEquals", ("a", "b"), False),
        ("StringNotEquals", ("x", "a"), False),
    ],
)
def test_many_values(operator: str, given: tuple[str, ...], expected: bool) -> None:
    assert holds({operator: {"aws:TagKeys": ["a", "b"]}}, aws__TagKeys=given) is expected


def test_null_asks_whether_a_key_is_missing() -> None:
    assert holds({"Null": {_TEAM: "true"}})
    assert not holds({"Null": {_TEAM: "true"}}, aws__PrincipalTag___team="red")
    assert holds({"Null": {_TEAM: False}}, aws__PrincipalTag___team="red")
    assert not holds({"Null": {_TEAM: "false"}})


def test_keys_are_compared_in_any_case() -> None:
    assert holds({"StringEquals": {"AWS:principaltag/TEAM": "red"}}, aws__PrincipalTag___team="red")


def test_all_operators_and_all_keys_must_hold() -> None:
    block = {"StringEquals": {_TEAM: "red", "aws:SourceVpc": "vpc-1"}, "Bool": {"aws:SecureTransport": "true"}}
    given = {"aws__PrincipalTag___team": "red", "aws__SourceVpc": "vpc-1", "aws__SecureTransport": "true"}
    assert holds(block, **given)
    for missing in given:
        assert not holds(block, **{name: value for name, value in given.items() if name != missing})


def test_a_variable_without_value_fails_equality_and_satisfies_its_negation() -> None:
    given = {"s3__ExistingObjectTag___team": "red"}
    assert not holds({"StringEquals": {"s3:ExistingObjectTag/team": "${aws:PrincipalTag/team}"}}, **given)
    assert holds({"StringNotEquals": {"s3:ExistingObjectTag/team": "${aws:PrincipalTag/team}"}}, **given)
    both = {**given, "aws__PrincipalTag___team": "red"}
    assert holds({"StringEquals": {"s3:ExistingObjectTag/team": "${aws:PrincipalTag/team}"}}, **both)


def test_a_variable_of_several_values_has_none() -> None:
    assert not holds({"StringEquals": {"test:Key": "${aws:TagKeys}"}}, test__Key="a", aws__TagKeys=("a", "b"))


def test_the_identity_gives_its_own_keys() -> None:
    assert holds({"ArnEquals": {_WHO: _BOB}, "StringEquals": {"aws:PrincipalAccount": "123456789012"}})
    assert holds({"StringEquals": {"aws:PrincipalType": "User", "aws:ResourceAccount": "123456789012"}})


@pytest.mark.parametrize(
    ("written", "key", "values", "bound"),
    [
        ("StringEquals", "sts:ExternalId", ("one",), True),
        ("stringequals", "STS:externalid", ("one",), True),
        ("StringEquals", "sts:ExternalId", ("one", "two"), False),
        ("StringEquals", "sts:ExternalId", ("${sts:ExternalId}",), False),
        ("StringEqualsIfExists", "sts:ExternalId", ("one",), False),
        ("ForAllValues:StringEquals", "sts:ExternalId", ("one",), False),
        ("StringLike", "sts:ExternalId", ("one",), False),
        ("StringEquals", "aws:PrincipalArn", ("one",), False),
    ],
)
def test_a_statement_is_bound_to_one_value_of_a_key(
    written: str, key: str, values: tuple[str, ...], bound: bool
) -> None:
    body = {"Effect": "Allow", "Action": "sts:AssumeRole", "Condition": {written: {key: list(values)}}}
    (statement,) = Document("trust", {"Version": "2012-10-17", "Statement": body}).statements
    assert statement.bound_to_one("sts:ExternalId") is bound
