"""The page: its structure is that of its content, every value is text, nothing is loaded, and it can be read."""

import base64
import hashlib
import re
from collections.abc import Callable
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from lightly_access.stack_report.html import page
from lightly_access.stack_report.report import StackReport

from tests.lightly_access.stack_report.example import BENIGN, HOSTILE, deployed, exempt, mixed, named

VOID = frozenset({"meta"})
REPORTS: dict[str, Callable[[], StackReport]] = {
    "mixed": mixed,
    "deployed": lambda: deployed(exempt(rule="s3-versioning", reason="made again", until="2027-03-31")),
    "hostile": lambda: named(HOSTILE),
}


class Reader(HTMLParser):
    """Tags with their attributes in their order, and the words; what is opened must be closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open[-1:] != ["style"]:
            self.words += data

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(params=REPORTS)
def html(request: pytest.FixtureRequest) -> str:
    return page(REPORTS[request.param]())


def test_hostile_names_change_no_tag_and_no_attribute() -> None:
    hostile, benign = Reader(page(named(HOSTILE))), Reader(page(named(BENIGN)))
    assert [(tag, sorted(attributes)) for tag, attributes in hostile.tags] == [
        (tag, sorted(attributes)) for tag, attributes in benign.tags
    ]
    assert hostile.words.count("<script>alert(1)</script>\"' onload=x {{ 7 * 7 }} &amp;") >= 20
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", hostile.words)


def test_nothing_is_loaded_and_nothing_runs(html: str) -> None:
    read = Reader(html)
    assert not {"script", "link", "img", "iframe", "form", "object", "base"} & {tag for tag, _ in read.tags}
    names = {name for _, attributes in read.tags for name in attributes}
    assert not {name for name in names if name.startswith("on")} | ({"src", "style", "action", "srcset"} & names)
    assert all(str(link["href"]).startswith("#") for link in read.named("a"))
    (styles,) = re.findall("<style>(.*?)</style>", html, re.DOTALL)
    assert not re.search(r"url\(|@import|expression", styles)
    digest = base64.b64encode(hashlib.sha256(styles.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in html


def test_headings_sections_and_tables_are_there_for_who_does_not_see_them(html: str) -> None:
    read = Reader(html)
    assert read.named("html") == [{"lang": "en"}]
    assert len(read.named("h1")) == len(read.named("main")) == 1
    levels = [int(tag[1]) for tag, _ in read.tags if re.fullmatch("h[1-6]", tag)]
    assert all(following <= level + 1 for level, following in pairwise(levels))
    ids = {attributes["id"] for _, attributes in read.tags if "id" in attributes}
    named_by = {attributes["aria-labelledby"] for _, attributes in read.tags if "aria-labelledby" in attributes}
    assert {str(link["href"])[1:] for link in read.named("a")} <= ids
    assert named_by <= ids
    assert all(head.get("scope") in ("col", "row") for head in read.named("th"))
    assert all("aria-label" in table or "aria-labelledby" in table for table in read.named("table"))
    assert all(cell.get("data-label") for cell in read.named("td")), "a narrow page has no heads"
    roles = {"table": "table", "tr": "row", "td": "cell", "thead": "rowgroup", "tbody": "rowgroup"}
    assert all(attributes.get("role") == roles[tag] for tag, attributes in read.tags if tag in roles)


def test_a_cell_never_speaks_by_colour_alone() -> None:
    words = Reader(page(mixed())).words
    assert "✗ no, expected yes" in words
    assert "ended: Lightly is locked out" in words


PAPERS = {"ink": ("paper", "raised"), "soft": ("paper", "raised"), "link": ("paper",), "ok": ("paper", "raised")}
PAPERS |= {"red": ("paper", "red-paper"), "warn": ("paper", "warn-paper")}


@pytest.mark.parametrize("scheme", ["light", "dark", "print"])
def test_every_text_stands_out_from_its_paper(scheme: str) -> None:
    """4.5 to 1: https://www.w3.org/TR/WCAG22/#contrast-minimum"""
    (styles,) = re.findall("<style>(.*?)</style>", page(deployed()), re.DOTALL)
    palettes = [
        dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block)) for block in re.findall(r":root {(.*?)}", styles, re.S)
    ]
    colours = dict(zip(("light", "dark", "print"), palettes, strict=True))[scheme]
    for ink, papers in PAPERS.items():
        for paper in papers:
            assert contrast(colours[ink], colours[paper]) >= 4.5, (ink, paper)


def contrast(one: str, other: str) -> float:
    """https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio"""
    dark, bright = sorted((luminance(one), luminance(other)))
    return (bright + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
