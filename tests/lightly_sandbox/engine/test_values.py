"""Values on the wire, in the state, and along property paths."""

from typing import Any

import pytest
from google.protobuf import struct_pb2
from hypothesis import given
from hypothesis import strategies as st
from lightly_sandbox.engine import diffs, paths, state, values, wire
from lightly_sandbox.engine.values import SIGNATURE, UNKNOWN, ResourceReference, SecretValue

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
LEAVES = st.none() | st.booleans() | NUMBERS | st.text() | st.just(UNKNOWN)
REFERENCES = st.builds(ResourceReference, st.text(min_size=1), st.none() | st.text())
KEYS = st.text().filter(lambda key: key != SIGNATURE)


def _more(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    secrets = inner.filter(lambda value: not isinstance(value, SecretValue)).map(SecretValue)
    return st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3) | secrets


VALUES = st.recursive(LEAVES | REFERENCES, _more, max_leaves=8)
PROPERTIES = st.dictionaries(KEYS, VALUES, max_size=4)


@given(PROPERTIES)
def test_the_wire_gives_back_what_it_was_given(properties: dict[str, Any]) -> None:
    assert values.same(wire.from_struct(wire.to_struct(properties, wire.ALL)), properties)


@given(PROPERTIES)
def test_a_provider_that_does_not_know_secrets_and_unknowns_gets_none(properties: dict[str, Any]) -> None:
    sent = wire.from_struct(wire.to_struct(properties, wire.Options()))
    assert not values.has_secrets(sent)
    assert not values.has_unknowns(sent) or any(
        isinstance(item, ResourceReference) and item.id == "" for item in values.walk(properties)
    )


@given(PROPERTIES)
def test_the_state_gives_back_what_it_was_given(properties: dict[str, Any]) -> None:
    resource = state.Resource("urn:pulumi:s::p::a:b:C::n", "a:b:C", custom=True, id="i", inputs=properties)
    sealed: dict[str, SecretValue] = {}

    def encrypt(secret: SecretValue) -> str:
        sealed[str(len(sealed))] = secret
        return str(len(sealed) - 1)

    written = state.to_json(resource, encrypt)
    read = state.from_json(written, lambda text: state.decode_secret(state.secret_text(sealed[text])))
    assert values.same(read.inputs, properties)


def test_a_secret_is_never_shown() -> None:
    assert "hunter2" not in repr(SecretValue("hunter2"))
    assert "hunter2" not in repr(state.Resource("urn", "t", custom=True, inputs={"a": SecretValue("hunter2")}))


def test_output_values_become_plain_ones_and_tell_their_dependencies() -> None:
    message = struct_pb2.Struct()
    message.update({
        "a": {SIGNATURE: values.OUTPUT_SIGNATURE, "value": "v", "secret": True, "dependencies": ["urn:1"]},
        "b": [{SIGNATURE: values.OUTPUT_SIGNATURE, "dependencies": ["urn:2"]}],
        "c": 1,
    })  # fmt: skip
    dependencies: dict[str, set[str]] = {}
    read = wire.Reader(dependencies=dependencies).properties(message)
    assert read == {"a": SecretValue("v"), "b": [UNKNOWN], "c": 1.0}
    assert dependencies == {"a": {"urn:1"}, "b": {"urn:2"}, "c": set()}


def test_assets_are_refused_by_name() -> None:
    message = struct_pb2.Struct()
    message.update({"file": {SIGNATURE: next(iter(values.ASSET_SIGNATURES)), "text": "x"}})
    with pytest.raises(wire.WireError, match="'file' is an asset, which the local engine does not support"):
        wire.from_struct(message)


def test_an_unknown_is_refused_where_a_value_is_needed() -> None:
    message = wire.to_struct({"a": [UNKNOWN]}, wire.ALL)
    with pytest.raises(wire.WireError, match="'a' is unknown"):
        wire.from_struct(message, reject_unknowns=True)


@pytest.mark.parametrize(("left", "right"), [(True, 1.0), (False, 0.0), ("1", 1.0), ("a", SecretValue("a")), ([], {})])
def test_what_python_may_take_for_the_same_is_not(left: object, right: object) -> None:
    assert not values.same(left, right)
    assert not values.same({"k": [left]}, {"k": [right]})


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("a", ("a",)),
        ("a.b[0].c", ("a", "b", 0, "c")),
        ('a["b.c"]["d\\"e"]', ("a", "b.c", 'd"e')),
        ("[*].x", ("*", "x")),
        ("a.*", ("a", "*")),
    ],
)
def test_property_paths(text: str, path: paths.Path) -> None:
    assert paths.parse(text) == path


@pytest.mark.parametrize("text", ["a.", "a..b", "a[", "a[x]", 'a["b', "a[-1]"])
def test_malformed_property_paths(text: str) -> None:
    with pytest.raises(paths.MalformedPath, match="expected something like"):
        paths.parse(text)


@pytest.mark.parametrize(
    ("ignore", "old", "new", "expected", "impossible"),
    [
        ("a", {"a": 1.0}, {"a": 2.0, "b": 3.0}, {"a": 1.0, "b": 3.0}, False),
        ("a", {}, {"a": 2.0}, {}, False),
        ("t.x", {"t": {"x": "o", "y": "o"}}, {"t": {"x": "n", "y": "n"}}, {"t": {"x": "o", "y": "n"}}, False),
        ("l[0]", {"l": [1.0]}, {"l": [2.0, 3.0]}, {"l": [1.0, 3.0]}, False),
        ("l[1]", {"l": [1.0]}, {"l": [2.0, 3.0]}, {"l": [2.0, 3.0]}, True),
        ("l[*].n", {"l": [{"n": 1.0}]}, {"l": [{"n": 2.0}]}, {"l": [{"n": 1.0}]}, False),
        ("t.*", {"t": {"x": 1.0}}, {"t": {"y": 2.0}}, {"t": {"x": 1.0}}, False),
        ("t.x", {"t": {"x": 1.0}}, {}, {}, True),
        ("s.x", {"s": SecretValue({"x": 1.0})}, {"s": {"x": 2.0}}, {"s": {"x": SecretValue(1.0)}}, False),
    ],
)
def test_ignore_changes(ignore: str, old: Any, new: Any, expected: Any, impossible: bool) -> None:
    before = values.copy(new)
    found, failed = diffs.ignore_changes(old, new, [ignore])
    assert values.same(found, expected)
    assert bool(failed) is impossible
    assert values.same(new, before), "what the program gave is not changed"


def test_the_structural_diff_opens_secrets_and_names_what_changed() -> None:
    old = {"a": SecretValue("x"), "t": {"k": 1.0, "gone": True}, "l": [1.0]}
    new = {"a": "x", "t": {"k": 2.0}, "l": [1.0, 2.0]}
    found = diffs.structural(diffs.Diff("unknown"), old, new, [])
    assert found.changes == "some"
    assert found.detail == {"l[1]": "add", "t.gone": "delete", "t.k": "update"}
    assert found.diffs == ("l", "t")
    assert diffs.structural(diffs.Diff("unknown"), old, {**old, "a": "x"}, []).changes == "none"
