"""The generated reference pages: current, whole, and without a trace of how their sources are written."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal

import lightly_access
import pulumi
import pytest
import typer
from lightly_access.manifest.schema import manifest_schema
from lightly_cli.main import VERBS

from tools.reference import cli, components, manifest, markdown
from tools.reference.pages import PAGES
from tools.reference.type_names import type_name

INPUT: Any = pulumi.Input


@pytest.mark.parametrize(("file", "page"), PAGES.items(), ids=lambda each: getattr(each, "stem", ""))
def test_a_page_is_what_the_code_makes_of_it(file: Path, page: Callable[[], str]) -> None:
    assert file.read_text(encoding="utf-8") == page(), "run: python -m tools.reference"


def test_every_public_name_stands_on_the_page_of_components() -> None:
    text = components.page()
    missing = [name for name in lightly_access.__all__ if f"### {name}\n" not in text and f"(`{name}`)" not in text]
    assert missing == []


def test_every_verb_has_its_usage_and_its_exit_codes() -> None:
    sections = dict(re.findall(r"(?ms)^## (\S+)$(.*?)(?=^## |\Z)", cli.page()))
    assert list(sections) == list(VERBS)
    assert [verb for verb, text in sections.items() if f"\nlightly-access {verb} " not in text] == []
    assert [verb for verb, text in sections.items() if "\n- `0` " not in text or "\n- `2` " not in text] == []


def test_every_key_of_the_schema_stands_on_the_page_of_the_manifest() -> None:
    text, keys = manifest.page(), list[str]()
    for each in (manifest_schema()["properties"]["config"], *manifest_schema()["definitions"].values()):
        keys += each.get("properties", {})
    assert len(keys) > 80
    assert [key for key in keys if f"| `{key}` |" not in text] == []
    assert re.findall(r"(?m)^\|.*\|  \|$", text) == [], "a key without a meaning"


@pytest.mark.parametrize("page", PAGES.values(), ids=lambda each: each.__module__)
def test_a_page_has_no_mark_of_its_source(page: Callable[[], str]) -> None:
    text = re.sub(r"(?s)```.*?```|`[^`]*`", "", page())
    assert re.findall(r"\x08|<(?!!--)(?<!\\<)|NotRequired|Annotated|typing\.|pulumi\.Output", text) == []


def test_verbs_of_a_verb_have_their_own_sections() -> None:
    app = typer.Typer(rich_markup_mode=None)
    fleet = typer.Typer(help="Many at once.", rich_markup_mode=None)
    app.add_typer(fleet, name="fleet")

    @fleet.command()
    def up(part: Annotated[int, typer.Option(help="Which <one>, a|b.")] = 1) -> None:
        """Deploy.

        \b
        Examples:
          fleet up --part 2

        Exit codes: 0 well; 1 not well, or it was
        interrupted, 2 wrong usage.
        """

    @fleet.command()
    def down() -> None:
        """Remove."""

    text = cli.page(typer.main.get_command(app), {"fleet": "Many at once."})
    assert "### fleet up\n\n```text\nlightly-access fleet up [OPTIONS]\n```\n\nDeploy." in text
    assert "Examples:\n\n```text\nfleet up --part 2\n```" in text
    assert "- `0` well\n- `1` not well, or it was interrupted\n- `2` wrong usage\n" in text
    assert r"| `--part <int>` | Which \<one>, a\|b. \[default: 1\] |" in text
    assert "### fleet down" in text


@pytest.mark.parametrize(
    ("hint", "name"),
    [
        (INPUT[str], "Input[str]"),
        (INPUT[str | None], "Input[str | None]"),
        (pulumi.Output[dict[str, Any]], "Output[dict[str, Any]]"),
        (pulumi.Output[str] | None, "Output[str] | None"),
        (tuple[str, ...], "tuple[str, ...]"),
        (Literal["a", "b"] | None, '"a" | "b" | None'),
        (Callable[[int], str], "function"),
    ],
)
def test_a_type_is_shown_as_it_is_written(hint: Any, name: str) -> None:
    assert type_name(hint) == name


def test_prose_of_a_terminal_keeps_its_words() -> None:
    json = '{"run": "up --yes", "next": {...}, "all": [...]}'
    assert markdown.escaped(f"--json prints {json}; x") == f"`--json` prints `{json}`; x"
    assert markdown.escaped("AWS_* and <b> of --yes, `a<b`, x-y") == r"AWS\_\* and \<b> of `--yes`, `a<b`, x-y"
