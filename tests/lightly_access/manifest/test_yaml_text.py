"""YAML as go-yaml v3 reads it, with lines; any text gives a value or a problem."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lightly_access.manifest.yaml_text import read
from lightly_access.tables.problem import Place


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on", "on"),
        ("yes", "yes"),
        ("true", True),
        ("False", False),
        ("~", None),
        ("", None),
        ("7", 7),
        ("-7", -7),
        ("010", 8),
        ("0x1f", 31),
        ("0o17", 15),
        ("089", 89),
        ("1:30", "1:30"),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        ("2026-01-01", "2026-01-01"),
        ("'7'", "7"),
        ("{a: [1, {b: x}]}", {"a": [1, {"b": "x"}]}),
        ("{1: a, true: b}", {"1": "a", "true": "b"}),
        ("{a: &x {k: 1}, b: {<<: *x, l: 2}}", {"a": {"k": 1}, "b": {"k": 1, "l": 2}}),
        ("{a: &x {k: 1}, b: {<<: *x, k: 2}}", {"a": {"k": 1}, "b": {"k": 2}}),
    ],
)
def test_scalars_and_tables_are_what_pulumi_makes_of_them(text: str, value: object) -> None:
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
