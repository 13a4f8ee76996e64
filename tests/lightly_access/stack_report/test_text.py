"""The other forms: Markdown in which nothing of outside is markup, JSON as its schema says, a terminal nobody moves."""

import contextlib
import copy
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from lightly_access.deployed.exported import StateError
from lightly_access.stack_report.document import as_json
from lightly_access.stack_report.html import page
from lightly_access.stack_report.markdown import markdown
from lightly_access.stack_report.report import StackReport, report
from lightly_access.stack_report.terminal import lines
from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.lightly_access.deployed.states import dataset, key, light_row, state
from tests.lightly_access.stack_report.example import BENIGN, HOSTILE, NOW, RECORDED, deployed, exempt, mixed, named

SCHEMA = json.loads((Path(__file__).parents[3] / "docs" / "reference" / "report.schema.json").read_text())
REPORTS: dict[str, Callable[[], StackReport]] = {
    "mixed": mixed,
    "deployed": deployed,
    "exempt": lambda: deployed(exempt(rule="s3-versioning", reason="made again", until="2027-03-31", resource="x")),
    "hostile": lambda: named(HOSTILE),
}


def tokens(text: str) -> Iterator[str]:
    """What a reader of GitHub's Markdown takes it for, without the words."""

    def walk(found: list[Token]) -> Iterator[str]:
        for token in found:
            if token.type not in ("text", "softbreak", "hardbreak"):
                yield token.type
            yield from walk(token.children or [])

    return walk(MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(text))


def test_hostile_names_are_no_markup_in_markdown() -> None:
    assert list(tokens(markdown(named(HOSTILE)))) == list(tokens(markdown(named(BENIGN))))


@pytest.mark.parametrize("name", REPORTS)
def test_every_table_of_the_markdown_has_as_many_cells_as_its_head(name: str) -> None:
    """A cell too many is dropped, and with it what it says."""
    text = markdown(REPORTS[name]())
    for table in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        assert len({len(re.split(r"(?<!\\)\|", row)) for row in table.splitlines()}) == 1


@pytest.mark.parametrize("name", REPORTS)
def test_the_json_is_as_its_schema_says(name: str) -> None:
    document = json.loads(json.dumps(as_json(REPORTS[name]())))
    Draft202012Validator.check_schema(SCHEMA)
    assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(document)] == []
    assert document["ok"] is REPORTS[name]().ok


def test_every_key_of_the_schema_is_described() -> None:
    def bare(schema: object, where: str) -> Iterator[str]:
        if isinstance(schema, dict):
            for key, value in schema.get("properties", {}).items():
                if "$ref" not in value and not value.get("description"):
                    yield f"{where}.{key}"
            for key, value in schema.items():
                yield from bare(value, f"{where}.{key}")

    assert list(bare(SCHEMA, "")) == []


def test_no_line_on_a_terminal_moves_a_cursor() -> None:
    assert all(text.isprintable() for text, _ in lines(named(HOSTILE)))


def test_all_forms_say_what_is_red_and_how_to_mend_it() -> None:
    found = mixed()
    told = "\n".join(text for text, _ in lines(found))
    for text in (told, markdown(found)):
        for said in ("no bucket", "make it", "it was never verified", "ended: Lightly is locked out"):
            assert said in text
    first = as_json(found)["red"][0]
    assert (first["dataset"], first["fix"]) == ("cows", "make it")


DOCUMENT = RECORDED["deployment"]["resources"]
ODD: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from([None, True, 7, "", "{}", '{"Statement": [5]}', [], {}, ["x"], [{}], {"a": [None]}]), st.text()
)


@given(st.data())
def test_any_state_is_reported_or_refused(data: st.DataObject) -> None:
    """A value somewhere in what a report reads is another one."""
    document = copy.deepcopy(state(dataset("cows", INPUT=(key(), light_row()))))
    resources = document["deployment"]["resources"]
    resources += copy.deepcopy([data.draw(st.sampled_from(DOCUMENT)) for _ in range(2)])
    holder: Any = data.draw(st.sampled_from(resources))
    while True:
        at = data.draw(st.sampled_from(sorted(holder) if isinstance(holder, dict) else range(len(holder))))
        if not isinstance(holder[at], dict | list) or not holder[at] or data.draw(st.booleans()):
            break
        holder = holder[at]
    holder[at] = data.draw(ODD)
    with contextlib.suppress(StateError):
        found = report(document, {}, NOW)
        assert page(found)
        assert markdown(found)
        assert list(lines(found))
        assert not list(Draft202012Validator(SCHEMA).iter_errors(json.loads(json.dumps(as_json(found)))))
