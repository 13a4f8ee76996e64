"""YAML as Pulumi reads it or refused, with lines; any text gives a value or a problem."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from lightly_access.manifest import yaml_text
from lightly_access.manifest.yaml_plain import is_plain
from lightly_access.manifest.yaml_text import Document, read
from lightly_access.tables.problem import Place

from tests.bench.fleet import config

RECORDED = Path(__file__).parent / "recorded_yaml"


def recorded(name: str) -> list[list[object]]:
    return [json.loads(line) for line in (RECORDED / name).read_text().splitlines()]


def test_a_scalar_is_what_pulumi_gives_to_a_program_or_refused() -> None:
    read_as, refused = 0, []
    for text, value, *key in recorded("scalars.jsonl"):
        item, entry = read(f"- {text}", "f.yaml"), read(f"? {text}\n: 1", "f.yaml")
        if item.problems:
            refused.append(text)
        else:
            assert key, text
            assert (item.value, type(item.value)) == ([value], list), text
            assert json.dumps(item.value) == json.dumps([value]), text
            read_as += 1
        if not entry.problems:
            assert entry.value == {key[0]: 1}, text
            assert key[0] == text, "a key is what is written, or refused"
    assert read_as > 1000
    assert len(refused) < 30, refused


def test_a_document_is_what_pulumi_gives_to_a_program_or_refused() -> None:
    read_as = 0
    for text, theirs in recorded("documents.jsonl"):
        document = read(str(text), "f.yaml")
        config = document.value["config"] if isinstance(document.value, dict) else {}
        if document.problems or "true" in config or "1" in config:
            continue  # these two are no keys of a configuration, whatever YAML makes of them
        assert isinstance(theirs, dict), text
        named = {key if ":" in key else f"project:{key}": value for key, value in config.items()}
        shown = {key: _as_given(value) for key, value in named.items()}
        assert {key: _decoded(value) for key, value in theirs.items()} == shown, text
        read_as += 1
    assert read_as > 250


_PIECES = st.sampled_from(
    ["a", "b", "lightly-access:x", "01", "1.5", "'q: r'", '"s"', "arn:aws:iam::1:role/x", "~", "no"]
)
_LINES = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(["{}:", "{}: {}", "- {}", "- {}: {}", "# {}", ""])), max_size=9
)


@given(_LINES, st.lists(_PIECES, min_size=18, max_size=18), st.sampled_from(["", "x", " ", ":", "-", "#", "'", "\n"]))
def test_the_plainest_text_is_read_alike_by_libyaml(lines: list[tuple[int, str]], words: list[str], odd: str) -> None:
    text = "".join(
        f"{'  ' * deep}{form.format(*words[2 * at :])}{odd if at == 3 else ''}\n"
        for at, (deep, form) in enumerate(lines)
    )
    with pytest.MonkeyPatch.context() as patched:
        quick = read(text, "f.yaml")
        patched.setattr(yaml_text, "is_plain", lambda _: False)
        assert quick == read(text, "f.yaml")


INDENTED = "".join(f"{' ' * level}a:\n" for level in range(1500))
DEEP: dict[str, tuple[int, Callable[[int], str]]] = {
    "an indentation": (65, lambda depth: _indented(depth)),
    "an indentation below a name that stands twice": (66, lambda depth: f"a: x\n{_indented(depth)}"),
    "lists in one line": (1, lambda depth: "- " * depth + "x\n"),
    "[ ]": (65, lambda depth: "[\n" * depth + "]" * depth),
    "{ }": (65, lambda depth: "{a:\n" * depth + "x" + "}" * depth),
    "a key": (64, lambda depth: "{" + "[\n" * (depth - 1) + "]" * (depth - 1) + ": x}"),
    "an alias": (
        1,
        lambda depth: f"a: &a {'[' * (depth // 2)}{']' * (depth // 2)}\nb:\n {'- ' * ((depth - 1) // 2)}*a",
    ),
}
"""Tables and lists inside each other, by how they are written, and the line of the first that is one too many."""


def _indented(depth: int) -> str:
    return "".join(f"{line}\n" for line in INDENTED.splitlines()[:depth])


@pytest.mark.parametrize("depth", [1, 63, 64, 65, 200, 250, 1500])
@pytest.mark.parametrize("form", DEEP)
def test_what_is_nested_too_deep_is_so_for_every_parser_and_every_caller(
    form: str, depth: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    line, written = DEEP[form]
    text = written(depth)
    found = read(text, "f.yaml")
    too_deep = [problem for problem in found.problems if problem.got == "a table or list inside too many others"]
    assert bool(too_deep) is (depth > 64)
    if too_deep:
        assert (found.value, found.problems) == (None, too_deep)
        assert str(too_deep[0].place) == f"f.yaml:{line}"
    monkeypatch.setattr(yaml_text, "is_plain", lambda _: False)
    assert read(text, "f.yaml") == found
    assert _called(500, lambda: read(text, "f.yaml")) == found


def _called(frames: int, what: Callable[[], Document]) -> Document:
    """What a caller gets whose own calls are this many."""
    return what() if not frames else _called(frames - 1, what)


def test_what_machines_write_is_read_by_libyaml() -> None:
    written = yaml.safe_dump({"config": config(3)})
    assert is_plain(written)
    assert not is_plain("a: &b c\n")
    assert not is_plain("a: {b: c}\n")


def _as_given(value: object) -> object:
    """Configuration reaches a program as text: of a table its JSON, of a word itself, of nothing `null`."""
    return _decoded(value if isinstance(value, str) else json.dumps(value))


def _decoded(text: object) -> object:
    try:
        return json.loads(str(text) or "null")
    except ValueError:
        return text


@pytest.mark.parametrize("text", ["0_7", "1e3", "2024-01-01", "2024_10_31", "0o7", "~", "1.5", "True", "010"])
def test_a_name_that_yaml_reads_as_another_is_refused_with_the_quotes_that_keep_it(text: str) -> None:
    [problem] = read(f"{{datasets: {{a: {{}}, {text}: {{}}}}}}", "f.yaml").problems
    assert problem.path == ("datasets", text)
    assert problem.hint == f"put it in quotes: '{text}'"
    assert read(f"{{datasets: {{a: {{}}, '{text}': {{}}}}}}", "f.yaml").value == {"datasets": {"a": {}, text: {}}}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{a: [1, {b: x}]}", {"a": [1, {"b": "x"}]}),
        ("{1: a, true: b}", {"1": "a", "true": "b"}),
        ("{a: &x {k: 1}, b: {<<: *x, l: 2}}", {"a": {"k": 1}, "b": {"k": 1, "l": 2}}),
        ("{a: &x {k: 1}, b: {<<: *x, k: 2}}", {"a": {"k": 1}, "b": {"k": 2}}),
        (
            "{a: &x {k: 1}, b: &y {k: 2, l: 2}, c: {<<: [*x, *y]}}",
            {"a": {"k": 1}, "b": {"k": 2, "l": 2}, "c": {"k": 1, "l": 2}},
        ),
        ("a: |\n  x\n  y\n", {"a": "x\ny\n"}),
    ],
)
def test_tables_anchors_and_merges_are_read(text: str, value: object) -> None:
    document = read(text, "f.yaml")
    assert document.problems == []
    assert document.value == value


def test_every_key_and_item_has_its_line() -> None:
    places = read("a:\n  b: 1\n\n  c:\n    - x\n    - y\n", "f.yaml").places
    assert {path: place.line for path, place in places.items() if path} == {
        ("a",): 1,
        ("a", "b"): 2,
        ("a", "c"): 4,
        ("a", "c", "0"): 5,
        ("a", "c", "1"): 6,
    }


def test_the_same_key_twice_is_a_problem_that_names_both_lines() -> None:
    [problem] = read("cows:\n  type: images\ndogs: 1\ncows:\n  type: videos\n", "f.yaml").problems
    assert problem.place == Place("f.yaml", 4)
    assert str(problem) == "cows: got the same name again, expected every name once\nhint: it stands in line 1 as well"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: [1\n", 2),
        ("a: 1\n b: 2\n", 2),
        ("a: *nobody", 1),
        ("--- 1\n--- 2\n", 2),
        ("a: \x07", 1),
        ("&a [*a]", 1),
        ("a: &a {<<: *a}", 1),
        ("[" * 5000, 1),
        ("a: 1\nb: !!str 5", 2),
        ("a: 1\nb: !x [1]", 2),
        ("%YAML 1.1\n---\na: 1", 1),
        ("a: {<<: {b: 1}}", 1),
        ("a: &x {k: 1}\nb: {<<: *x, <<: *x}", 2),
        ("? [a]\n: 1", 1),
        ("a: [b:]", 1),
        ("a:\n\tb: 1", 2),
        ("a: 1\nb: x\u2028y", 2),
        ("a: 1\nb: >+\n\n", 2),
        ("a: .inf", 1),
        ("a: 2024-01-01 10:20:30", 1),
    ],
)
def test_broken_text_is_a_problem_at_its_line(text: str, line: int) -> None:
    document = read(text, "f.yaml")
    assert document.problems
    assert document.problems[0].place == Place("f.yaml", line)


def test_a_billion_laughs_are_cut_short() -> None:
    levels = "\n".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]" for n in range(1, 12))
    assert read(f"l0: &l0 [ha]\n{levels}\n", "f.yaml").problems


@given(st.text(max_size=60) | st.text(alphabet="{}[]&*!|>'\"%@`#,?:-<~ \n\tab10", max_size=60))
@example("? {a: b}\n: c")
@example("!!binary x: 1")
@example("!x [a]")
@example("-_")
@example("0x")
def test_any_text_gives_a_value_or_a_problem(text: str) -> None:
    document = read(text, "f.yaml")
    assert all(problem.place for problem in document.problems)
    assert document.value is None or document.places
