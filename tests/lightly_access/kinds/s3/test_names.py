"""AWS's naming rules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lightly_access.kinds.s3 import names as s3_names
from lightly_core.aws import GROUP_NAME_LIMIT


@pytest.mark.parametrize("name", ["abc", "acme-datalake", "docexamplewebsite.com", "a1" * 31 + "a", "123"])
def test_aws_example_bucket_names_are_accepted(name: str) -> None:
    assert s3_names.bucket_name(name) is None


@pytest.mark.parametrize(
    "name",
    [
        *(
            "ab",
            "a" * 64,
            "Acme",
            "acme_lake",
            "acme-",
            "-acme",
            ".acme",
            "acme.",
            "ac..me",
            "192.168.5.4",
            "acme lake",
            "",
        ),
        *("xn--acme", "sthree-acme", "amzn-s3-demo-acme", "acme-s3alias", "acme--ol-s3", "acme.mrap", "acme--x-s3"),
        *("acme--table-s3", "acme\n", "acmé", "acme*", "acme?"),
    ],
)
def test_names_that_aws_refuses_are_refused(name: str) -> None:
    assert s3_names.bucket_name(name) is not None


@pytest.mark.parametrize("name", ["s3://acme/cows/", "https://acme.s3.amazonaws.com", "arn:aws:s3:::acme", "acme/cows"])
def test_a_place_where_a_bucket_name_is_expected_is_explained(name: str) -> None:
    fault = s3_names.bucket_name(name)
    assert fault is not None
    assert fault.expected == "the bucket's name alone"


@given(st.text(max_size=70))
def test_an_accepted_bucket_name_holds_nothing_that_iam_reads_as_a_pattern(name: str) -> None:
    if s3_names.bucket_name(name) is None:
        assert 3 <= len(name) <= 63
        assert not set(name) - set("abcdefghijklmnopqrstuvwxyz0123456789.-")


def test_iam_names_have_a_limit_and_an_alphabet() -> None:
    assert s3_names.iam_name("a" * 64) is None
    assert s3_names.iam_name("a" * 65) is not None
    assert s3_names.iam_name("a" * 128, GROUP_NAME_LIMIT) is None
    assert s3_names.iam_name("a b") is not None
    assert s3_names.iam_name("") is not None


@pytest.mark.parametrize(
    ("arn", "good"),
    [
        ("arn:aws:iam::123456789012:policy/boundaries/third-party", True),
        ("arn:aws:iam::aws:policy/ReadOnlyAccess", True),
        ("arn:aws-cn:iam::123456789012:policy/x", True),
        ("arn:aws:iam::123456789012:role/x", False),
        ("boundary", False),
        ("arn:aws:iam::123456789012:policy/x y", False),
    ],
)
def test_a_boundary_is_the_arn_of_a_policy(arn: str, good: bool) -> None:
    assert (s3_names.policy_arn(arn) is None) is good


def test_tags_follow_awss_limits() -> None:
    assert s3_names.tag_key("cost-centre") is None
    assert s3_names.tag_key("Kostenstelle für Kühe") is None
    assert s3_names.tag_key("AWS:x") is not None
    assert s3_names.tag_key("") is not None
    assert s3_names.tag_key("a" * 129) is not None
    assert s3_names.tag_key("a\nb") is not None
    assert s3_names.tag_value("") is None
    assert s3_names.tag_value("a" * 257) is not None
    assert s3_names.tag_value("what?") is not None
    assert s3_names.tags({str(n): "" for n in range(45)}) is None
    assert s3_names.tags({str(n): "" for n in range(46)}) is not None
