"""The page: every value escaped, nothing loaded from elsewhere, the same words as the terminal."""

import re
from html.parser import HTMLParser

import pytest
from lightly_access.report import DatasetLights, DatasourceLights, Phase, Report
from lightly_access.report.html import page
from lightly_access.report.view import problems, rows
from lightly_core.capability import Capability, Light, Purpose

from tests.lightly_access.report.example import GREEN, MIXED


class Reader(HTMLParser):
    """Collects tags, attributes and text, and checks that what is opened is closed."""

    VOID = frozenset({"meta"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words = ""
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


HOSTILE = "<script>alert(1)</script>\"' onload=x {{ 7 * 7 }} &amp;"


def hostile() -> Report:
    light = Light(True, False, (), HOSTILE, HOSTILE, HOSTILE)
    source = DatasourceLights(HOSTILE, HOSTILE, HOSTILE, {Capability.READ: light})
    phase = Phase(HOSTILE, True, 1.0, calls={HOSTILE: 1})
    return Report({HOSTILE: DatasetLights("a", False, {Purpose.INPUT: source})}, (phase,))


def test_a_hostile_name_stays_text() -> None:
    read = Reader(page(hostile(), title=HOSTILE))
    assert "script" not in read.tags
    assert "onload" not in [name for name, _ in read.attributes]
    assert read.words.count(HOSTILE) >= 9


@pytest.mark.parametrize("report", [MIXED, GREEN, Report()])
def test_the_page_is_well_formed_and_loads_nothing(report: Report) -> None:
    text = page(report)
    read = Reader(text)
    assert not {"script", "link", "img", "iframe", "form"} & set(read.tags)
    assert not {"src", "href", "action", "style"} & {name for name, _ in read.attributes}
    assert not re.search(r"https?:|url\(|@import", text)
    assert "prefers-color-scheme: dark" in text
    assert "@media print" in text


def test_the_page_says_what_the_terminal_says() -> None:
    words = " ".join(Reader(page(MIXED)).words.split())
    for row in rows(MIXED):
        assert row.path in words
        assert all(cell.words in words for cell in row.cells)
    for problem in problems(MIXED):
        assert problem.said in words
        assert problem.cause in words
    assert "✗ no, expected yes" in words
    assert "not verified" in words


def test_a_green_page_has_no_problems() -> None:
    text = page(GREEN)
    assert "<article" not in text
    assert "✓ 5 of 5 lights are as expected." in text
