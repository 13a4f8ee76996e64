"""The pictures of the pages: drawn of what is so, and recorded from what was printed."""

import re
from html import unescape
from pathlib import Path

import pytest
from lightly_sandbox.scenario import PHASES

from tests import test_floors
from tests.test_pages import refused
from tools.pictures.__main__ import DRAWN, FOLDER
from tools.pictures.house import FLOORS
from tools.pictures.terminal import COMMAND, PICTURES, cut, drawn


def shown(file: Path) -> str:
    """The words of a picture of a terminal, a line each."""
    rows: dict[str, str] = {}
    for height, text in re.findall(r'<text [^>]*y="([\d.]+)"[^>]*>(.*?)</text>', file.read_text("utf-8")):
        rows[height] = rows.get(height, "") + unescape(text).replace("\xa0", " ")
    return "\n".join(rows.values())


@pytest.mark.parametrize("file", DRAWN, ids=lambda file: file.stem)
def test_a_picture_is_drawn_as_its_code_says(file: Path) -> None:
    assert file.read_text("utf-8") == DRAWN[file](), "run: python -m tools.pictures"


def test_every_package_imports_only_what_stands_below_it_in_the_house() -> None:
    place = {box.name: height for height, floor in enumerate(FLOORS) for box in floor}
    assert place.keys() == test_floors.FLOORS.keys()
    wrong = [
        f"{name} imports {each}"
        for name, imported in test_floors.imports().items()
        for each in map(test_floors.top, imported)
        if each != test_floors.top(name) and place[each] <= place[test_floors.top(name)]
    ]
    assert wrong == []


@pytest.mark.parametrize("name", PICTURES)
def test_the_terminal_shows_a_rehearsal_as_it_is_now(name: str) -> None:
    """Its words are those of the phase today; what was measured is of the day when it was recorded."""
    text = shown(FOLDER / f"rehearsal-{name}.svg")
    phase = next(phase for phase in PHASES if phase.name == PICTURES[name][0])
    assert re.search(f"(?m)^{phase.name} *{re.escape(phase.purpose)}$", text), "run: python -m tools.pictures.terminal"
    assert f"$ {' '.join(COMMAND)}\n" in text
    assert refused(list(COMMAND[1:])) == ""
    assert re.search(r"AKIA|secret", text) is None


def test_a_picture_of_the_terminal_has_the_lines_of_its_phase_and_no_other() -> None:
    printed = "\x1b[?25l\n\x1b[1mup\x1b[0m  first\n a & b\n\x1b[32m2 lights\x1b[0m are\n more\n\nbreak  x\n"
    lines = cut(printed, "up", "2 lights are")
    assert lines == ["\x1b[1mup\x1b[0m  first", " a & b", "\x1b[32m2 lights\x1b[0m are"]
    svg = drawn(lines, "up")
    assert "a\xa0&amp;\xa0b" in svg or "a&#160;&amp;&#160;b" in svg
    assert "url(http" not in svg
