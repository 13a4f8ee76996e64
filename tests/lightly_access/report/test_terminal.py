"""The table on a terminal and the lines elsewhere, as a person reads them."""

import io
import re
import textwrap

from inline_snapshot import snapshot
from lightly_access.report import DatasetLights, DatasourceLights, Report
from lightly_access.report.terminal import lines, show, table
from lightly_access.report.view import LEGEND
from lightly_core.capability import Capability, Light, Purpose
from rich.console import Console

from tests.lightly_access.report.example import GREEN, MIXED, green


def shown(report: Report, *, terminal: bool = True, encoding: str = "utf-8", width: int = 110) -> str:
    """What `show` prints, with blanks at line ends taken off."""
    return bare(coloured(report, terminal=terminal, encoding=encoding, width=width, colour=False))


def coloured(
    report: Report, *, terminal: bool = True, encoding: str = "utf-8", width: int = 110, colour: bool = True
) -> str:
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="")
    console = Console(
        file=file,
        force_terminal=terminal,
        width=width,
        color_system="truecolor" if colour else None,
        legacy_windows=False,
        _environ={},
    )
    show(report, console)
    file.flush()
    file.seek(0)
    return file.read()


def bare(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.splitlines())


def folded(text: str) -> str:
    return "\n".join(textwrap.fill(line, 110, subsequent_indent="    ") for line in text.splitlines())


def test_the_table_says_expected_against_actual_without_colour() -> None:
    assert "\n" + shown(MIXED) == snapshot("""\

 ────────────────────────────────────────────────────────────────────────────────────────────────────────────
 dataset       purpose       list            read            write           overwrite       delete
 ────────────────────────────────────────────────────────────────────────────────────────────────────────────
 farm-animals  INPUT         ✓ yes           ✓ yes           ✓ no            ✓ no            ✓ no
 not verified  s3 delegated  lightly, proof  lightly, proof  proof           proof           proof
 ────────────────────────────────────────────────────────────────────────────────────────────────────────────
               LIGHTLY       ✓ yes           ✓ yes           ✗ no, expected  ✗ no, expected  ? unknown,
               s3 user       lightly, proof  lightly, proof  yes             yes             expected yes
                                                             lightly         lightly
 ────────────────────────────────────────────────────────────────────────────────────────────────────────────
 dashcam       INPUT         ✓ yes           -               ✗ yes,          -               -
               s3 user       probe                           expected no
                                                             probe
 ────────────────────────────────────────────────────────────────────────────────────────────────────────────
each cell: what it is, what was expected where that differs, and how we know

✗ farm-animals LIGHTLY: write no, expected yes (from lightly); overwrite no, expected yes (from lightly)
  at    s3://acme/farm-animals/ (s3, user)
  cause the role lost s3:PutObject
  fix   pulumi up --refresh

? farm-animals LIGHTLY: delete unknown, expected yes
  at    s3://acme/farm-animals/ (s3, user)
  cause not known

✗ dashcam INPUT: write yes, expected no (from probe)
  at    s3://acme/dashcam/ (s3, user)
  cause not known

8 of 12 lights are as expected; not verified: farm-animals\
""")


def test_where_there_is_no_terminal_there_are_plain_lines() -> None:
    assert "\n" + folded(shown(MIXED, terminal=False)) == snapshot("""\

farm-animals INPUT (s3 delegated, s3://lake/projects/farm-animals/) list: ok yes [lightly, proof]; read: ok
    yes [lightly, proof]; write: ok no [proof]; overwrite: ok no [proof]; delete: ok no [proof]
farm-animals LIGHTLY (s3 user, s3://acme/farm-animals/) list: ok yes [lightly, proof]; read: ok yes [lightly,
    proof]; write: RED no, expected yes [lightly]; overwrite: RED no, expected yes [lightly]; delete: ?
    unknown, expected yes
dashcam INPUT (s3 user, s3://acme/dashcam/) list: ok yes [probe]; read: -; write: RED yes, expected no
    [probe]; overwrite: -; delete: -
RED farm-animals LIGHTLY s3://acme/farm-animals/ (s3, user): write no, expected yes (from lightly); overwrite
    no, expected yes (from lightly). cause: the role lost s3:PutObject fix: pulumi up --refresh
? farm-animals LIGHTLY s3://acme/farm-animals/ (s3, user): delete unknown, expected yes. cause: not known
RED dashcam INPUT s3://acme/dashcam/ (s3, user): write yes, expected no (from probe). cause: not known
8 of 12 lights are as expected; not verified: farm-animals\
""")


def test_a_terminal_without_signs_gets_words() -> None:
    text = shown(MIXED, encoding="ascii")
    assert text.isascii()
    assert "RED no" in text
    assert "? unknown" in text


def test_colour_only_repeats_the_marks() -> None:
    text = coloured(MIXED)
    assert "\x1b[" in text
    assert bare(re.sub(r"\x1b\[[0-9;]*m", "", text)) == shown(MIXED)


def test_it_fits_eighty_columns() -> None:
    text = shown(MIXED, width=80)
    assert max(len(line) for line in text.splitlines()) <= 80
    drawn = text[: text.index(LEGEND)]
    for word in ("farm-animals", "delegated", "overwrite", "delete", "expected", "unknown,", "lightly,"):
        assert word in drawn, "a word was broken"
    access = DatasourceLights("gcs", "service_account", "gs://a/b/", green(Purpose.LIGHTLY))
    google = shown(Report({"farm-animals-1": DatasetLights("a", True, {Purpose.LIGHTLY: access})}), width=80)
    assert " service_account " in google
    assert max(len(line) for line in google.splitlines()) <= 80


def test_text_from_outside_moves_no_cursor_and_is_no_markup() -> None:
    hostile = "[red]x[/red]\x1b[2J\nfarm: ok\u202e"
    light = Light(True, False, (), hostile, hostile)
    report = Report(
        {
            hostile: DatasetLights(
                "a", False, {Purpose.INPUT: DatasourceLights("s3", "user", hostile, {Capability.LIST: light})}
            )
        }
    )
    for text in (shown(report, width=200), "\n".join(lines(report))):
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert "[red]x[/red]" in text
        assert not [line for line in text.splitlines() if line.startswith("farm: ok")]
    assert len(list(lines(report))) == 3


def test_nothing_wrong_is_one_table_and_one_sentence() -> None:
    text = shown(GREEN)
    assert "cause" not in text
    assert text.splitlines()[-1] == "5 of 5 lights are as expected"


def test_a_report_of_nothing_is_drawn() -> None:
    assert shown(Report()).splitlines()[-1] == "0 of 0 lights are as expected"
    assert table(Report())


def test_a_problem_names_the_entry_of_the_runbook() -> None:
    light = Light(True, False, (), "the role is gone", "make it again", "s3-role-not-assumable")
    source = DatasourceLights("s3", "delegated", "s3://lake/", {Capability.LIST: light})
    report = Report({"cows": DatasetLights("a", False, {Purpose.INPUT: source})})
    assert any("lightly-access explain --cause s3-role-not-assumable" in line for line in lines(report))
