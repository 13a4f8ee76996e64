"""Struct <-> values: whatever the engine may send comes back as it was."""

from typing import Any

import pytest
from google.protobuf.struct_pb2 import Struct
from hypothesis import given
from hypothesis import strategies as st
from lightly_core import pulumi_struct
from lightly_core.pulumi_struct import (
    SIGNATURE,
    UNKNOWN_TEXTS,
    UnsupportedValueError,
    from_struct,
    named,
    to_struct,
)
from lightly_core.pulumi_values import UNKNOWN, Properties, SecretValue, Value, has_unknown, leaves, plain, secret_texts

TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
LEAF = st.one_of(st.none(), st.booleans(), st.floats(allow_nan=False), TEXT, st.just(UNKNOWN))
OPEN = st.recursive(
    LEAF, lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXT, inner, max_size=4)), max_leaves=12
)
# A secret holds no further envelope: the outermost one covers all that is inside.
VALUES: st.SearchStrategy[Value] = st.recursive(
    st.one_of(OPEN, OPEN.map(SecretValue)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXT, inner, max_size=4)),
    max_leaves=12,
)


@given(st.dictionaries(TEXT, VALUES, max_size=5))
def test_every_value_survives_the_round_trip_through_bytes(properties: Properties) -> None:
    sent = to_struct(properties).SerializeToString()
    received = Struct()
    received.ParseFromString(sent)
    assert from_struct(received) == properties


@given(VALUES)
def test_no_repr_shows_a_secret(value: Value) -> None:
    marked: Value = {"outside": 1.0, "inside": SecretValue(["canary-7Qx", value])}
    assert "canary-7Qx" not in repr(marked)
    assert "canary-7Qx" in list(secret_texts(marked))


@given(VALUES)
def test_an_unknown_is_found_at_any_depth(value: Value) -> None:
    assert has_unknown([{"a": SecretValue([value, UNKNOWN])}])
    assert has_unknown(value) is ("<unknown>" in repr(plain(value)))


def test_an_unknown_inside_a_secret_inside_a_list_keeps_its_place() -> None:
    properties: Properties = {"a": [SecretValue({"b": [UNKNOWN, 1.0]})]}
    assert from_struct(to_struct(properties)) == properties


@pytest.mark.parametrize("sentinel", sorted(UNKNOWN_TEXTS))
def test_every_type_of_unknown_is_known(sentinel: str) -> None:
    struct = Struct()
    struct["x"] = sentinel
    assert from_struct(struct) == {"x": UNKNOWN}


def test_nested_secrets_become_one() -> None:
    assert from_struct(to_struct({"a": SecretValue(SecretValue("x"))})) == {"a": SecretValue("x")}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"value": "x", "secret": True}, SecretValue("x")),
        ({"value": "x"}, "x"),
        ({"secret": True}, SecretValue(UNKNOWN)),
        ({"dependencies": ["urn"]}, UNKNOWN),
    ],
)
def test_output_values_become_their_value(fields: dict[str, Any], expected: Value) -> None:
    struct = Struct()
    struct.update({"a": {SIGNATURE: "d0e6a833031e9bbcd3f4e8bde6ca49a4", **fields}})
    assert from_struct(struct) == {"a": expected}


@pytest.mark.parametrize(("signature", "kind"), [*pulumi_struct._FOREIGN.items(), ("?", "a kind that is not known")])
def test_what_no_resource_takes_is_refused_by_name_and_place(signature: str, kind: str) -> None:
    struct = Struct()
    struct.update({"a": {"b": [{SIGNATURE: signature}]}})
    with pytest.raises(UnsupportedValueError, match=rf"a\.b\[0\]: got .*{kind}"):
        from_struct(struct)


def test_what_stands_in_other_peoples_stacks_can_be_named() -> None:
    struct = Struct()
    reference = {SIGNATURE: pulumi_struct._REFERENCE, "urn": "urn:pulumi:a", "id": "x"}
    struct.update(
        {"a": [reference], "b": {SIGNATURE: "c44067f5952c0a294b673a41bacd8c17", "text": "x"}, "c": {SIGNATURE: "?"}}
    )
    assert from_struct(struct, named) == {"a": ["urn:pulumi:a"], "b": "<an asset>", "c": "<value of kind ?>"}


def test_leaves_say_where_they_stand_and_whether_they_are_secret() -> None:
    value: Value = {"a": [1.0, SecretValue({"b": ["x", UNKNOWN]})], "c": None, "d": []}
    assert list(leaves(value)) == [
        ("a[0]", 1.0, False),
        ("a[1].b[0]", "x", True),
        ("a[1].b[1]", UNKNOWN, True),
        ("c", None, False),
    ]


def test_what_the_wire_cannot_carry_is_refused_by_place() -> None:
    with pytest.raises(UnsupportedValueError, match=r"a\.b: got an integer"):
        to_struct({"a": {"b": 2**53 + 1}})
    with pytest.raises(UnsupportedValueError, match="a: got a map with the engine's own"):
        to_struct({"a": {SIGNATURE: "x"}})


def test_integers_arrive_as_floats_and_nothing_is_no_properties() -> None:
    (number,) = from_struct(to_struct({"n": 3})).values()
    assert number == 3.0
    assert type(number) is float
    assert from_struct(None) == {}


def test_an_unknown_has_no_truth() -> None:
    with pytest.raises(TypeError):
        bool(UNKNOWN)
