"""What AWS would not accept is refused, by document, statement and fault."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lightly_policies.evaluator.aws import Document, MalformedDocumentError
from lightly_policies.evaluator.document import Place

from tests.lightly_policies.evaluator.people import statement

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["Version", "Statement", "Effect", "Action", "Resource", "Principal", "Condition", "AWS"])
            | st.text(max_size=5),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("fault", "changes"),
    [
        ("Effect", {"Effect": "allow"}),
        ("Effect", {"Effect": None}),
        ("Action or NotAction", {"Action": None}),
        ("Action and NotAction", {"NotAction": "s3:*"}),
        ("Resource and NotResource", {"NotResource": "*"}),
        ("Principal and NotPrincipal", {"Principal": "*", "NotPrincipal": "*"}),
        ("service:action", {"Action": "GetObject"}),
        ("service:action", {"Action": ["s3:GetObject", "s3:Get Object"]}),
        ("at least one", {"Action": []}),
        ("expected text", {"Action": 5}),
        ("ARN", {"Resource": "data/*"}),
        ("ARN", {"Resource": "arn:aws:s3"}),
        ("expected '*' or an object", {"Principal": "123456789012"}),
        ("expected '*' or an object", {"Principal": {}}),
        ("expected '*' or an object", {"Principal": {"aws": "*"}}),
        ("role or session", {"Principal": {"AWS": "arn:aws:iam::123456789012:user/*"}}),
        ("role or session", {"Principal": {"AWS": ["*", "bob"]}}),
        ("elements of", {"Actions": "s3:*"}),
        ("Sid", {"Sid": 5}),
        ("operator", {"Condition": {"StringIs": {"a": "b"}}}),
        ("operator", {"Condition": {"NullIfExists": {"a": "true"}}}),
        ("true or false", {"Condition": {"Null": {"a": "maybe"}}}),
        ("expected an object", {"Condition": []}),
        ("object of keys", {"Condition": {"StringEquals": "x"}}),
        ("expected text", {"Condition": {"StringEquals": {"a": {"b": "c"}}}}),
        ("a number", {"Condition": {"NumericEquals": {"a": "ten"}}}),
        ("Date", {"Condition": {"DateLessThan": {"a": "tomorrow"}}}),
        ("does not appear", {"Condition": {"IpAddress": {"a": "10.0.0.0/99"}}}),
    ],
)
def test_a_faulty_statement_is_named(fault: str, changes: dict[str, Any]) -> None:
    faulty = statement(**{"Sid": "Faulty", **changes})
    text = json.dumps({"Version": "2012-10-17", "Statement": [statement(), faulty]})
    with pytest.raises(MalformedDocumentError) as caught:
        Document.parse("grant", text)
    assert fault in str(caught.value)
    assert caught.value.document == "grant"
    assert caught.value.where in ("statement Faulty", "statement 1")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"Statement": 5}',
        '{"Version": "2020-01-01", "Statement": []}',
        '{"Statement": [5]}',
        '{"Statement": [], "Extra": 1}',
        '{"Statement": [], "Statement": []}',
        "[" * 100_000,
    ],
)
def test_what_is_no_policy_is_refused(text: str) -> None:
    with pytest.raises(MalformedDocumentError, match="grant"):
        Document.parse("grant", text)


def test_an_element_written_twice_is_refused_even_deep_inside() -> None:
    twice = (
        '{"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": {"Bool": {}, "Bool": {}}}}'
    )
    with pytest.raises(MalformedDocumentError, match="written twice"):
        Document.parse("grant", twice)


def test_a_sid_used_twice_is_refused() -> None:
    with pytest.raises(MalformedDocumentError, match="twice"):
        Document("grant", {"Statement": [statement(Sid="A"), statement(Sid="A")]})


@given(_JSON)
def test_any_json_is_read_or_refused_as_malformed(body: Any) -> None:
    with contextlib.suppress(MalformedDocumentError):  # anything else fails the test
        for read in Document.parse("fuzz", json.dumps(body)).statements:
            assert read.name.startswith("fuzz/")


def test_a_single_statement_needs_no_list() -> None:
    assert len(Document("grant", {"Statement": statement()}).statements) == 1


@pytest.mark.parametrize(
    ("place", "changes", "fits"),
    [
        ("identity", {}, True),
        ("identity", {"Principal": "*"}, False),
        ("identity", {"Resource": None}, False),
        ("resource", {"Principal": "*"}, True),
        ("resource", {}, False),
        ("resource", {"Principal": "*", "Resource": None}, False),
        ("trust", {"Principal": "*", "Resource": None}, True),
        ("trust", {"Principal": "*"}, False),
        ("trust", {"Resource": None}, False),
    ],
)
def test_a_document_must_fit_its_place(place: Place, changes: dict[str, Any], fits: bool) -> None:
    document = Document("grant", {"Statement": statement(**changes)})
    if fits:
        assert document.require(place) is document
    else:
        with pytest.raises(MalformedDocumentError, match="grant: statement 0: expected"):
            document.require(place)


def test_a_document_does_not_change_with_what_it_was_made_of() -> None:
    body: dict[str, Any] = {"Statement": [statement()]}
    document = Document("grant", body)
    body["Statement"].append(statement("Deny"))
    assert len(document.body["Statement"]) == 1


def test_the_repr_holds_no_external_id() -> None:
    condition = {"StringEquals": {"sts:ExternalId": "very-secret-id"}}
    trust = Document("trust", {"Statement": statement(Resource=None, Principal="*", Condition=condition)})
    assert "very-secret-id" not in repr(trust)
