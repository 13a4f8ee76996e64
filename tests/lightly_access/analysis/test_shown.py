"""The table on a terminal at two widths, and texts from outside that try to be markup."""

import io
import re

import pytest
from inline_snapshot import snapshot
from lightly_access.analysis.markdown import code, markdown
from lightly_access.analysis.terminal import show
from lightly_access.analysis.view import Placed, groups, summary
from lightly_core.capability import Purpose
from lightly_policies import render_aws
from rich.console import Console

from tests.lightly_access.analysis.example import placed, reaches
from tests.lightly_access.manifest.example import KEY


def shown(found: list[Placed], *, width: int = 80, encoding: str = "utf-8", colour: bool = False) -> str:
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="")
    console = Console(
        file=file,
        force_terminal=True,
        width=width,
        color_system="truecolor" if colour else None,
        legacy_windows=False,
        _environ={},
    )
    show(found, console)
    file.flush()
    file.seek(0)
    return "\n".join(line.rstrip() for line in file.read().splitlines())


def test_on_80_columns() -> None:
    found = placed(reaches({"stores.lake.kms_key": KEY})[("farm-animals", Purpose.INPUT)])
    assert "\n" + shown(found) == snapshot("""\

INPUT  s3 delegated: a role that Lightly assumes
  farm-animals  s3://acme-datalake/projects/farm-animals/
                        inside     beside     elsewhere  decided by
  list                  ✓ allowed  ✓ refused  ✓ refused  LightlyListBucket
  read                  ✓ allowed  ✓ refused  ✓ refused  LightlyReadObjects
                                                         LightlyDecryptThroughS3
  write, overwrite,     ✓ refused  ✓ refused  ✓ refused  no statement
  delete
  who        AWS account 916419735646 (Lightly) with this role's external ID,
             256 random bits that are kept secret. No MFA: a service has none.
             10 other attempts to get in: all refused
  how long   sessions of at most 12 hours, for as long as the role stands
  if leaked  the external ID alone opens nothing outside of Lightly's account;
             whoever has a session's keys lists and reads everything inside the
             path, from anywhere, until it ends
  otherwise  49 other actions tried: all refused
  notes      1, 2

note 1  evaluated with a placeholder for the external ID, which the first
        deployment makes
note 2  listing the path without its last / also shows names beside it that
        start alike, not their content

1 of 1 datasource as expected, nothing wider or narrower
inside: the path; beside: the rest of its store; elsewhere: other stores
Evaluated offline: the documents that a deployment would render. Rights that
somebody adds beside them are not seen.\
""")


def test_on_120_columns() -> None:
    found = placed(reaches()[("dashcam", Purpose.LIGHTLY)])
    assert "\n" + shown(found, width=120) == snapshot("""\

LIGHTLY  s3 user: a user's access key
  dashcam  s3://acme-lightly/lightly/dashcam/
                            inside     beside     elsewhere  decided by
  list                      ✓ allowed  ✓ refused  ✓ refused  LightlyListBucket
  read                      ✓ allowed  ✓ refused  ✓ refused  LightlyReadObjects
  write, overwrite, delete  ✓ allowed  ✓ refused  ✓ refused  LightlyWriteObjects
  who        whoever holds the access key. No external ID, no MFA
  how long   until the key is replaced: the first deployment in every 90 days (counted from 2026-01-01) does that;
             without one it lives on
  if leaked  whoever has the key lists, reads, writes and deletes everything inside the path, from anywhere, until it is
             replaced; rotate_now replaces it at once
  otherwise  28 other actions tried: all refused
  notes      1

note 1  listing the path without its last / also shows names beside it that start alike, not their content

1 of 1 datasource as expected, nothing wider or narrower
inside: the path; beside: the rest of its store; elsewhere: other stores
Evaluated offline: the documents that a deployment would render. Rights that somebody adds beside them are not seen.\
""")


def test_no_statement_is_broken_at_80_columns() -> None:
    every = reaches({"stores.lake.kms_key": KEY, "stores.results.kms_key": KEY})
    text = shown(placed(*every.values()))
    for analysis in every.values():
        for case in analysis.cases:
            if case.statement and case.capability != "assume":
                assert re.search(rf"{case.statement.rpartition('/')[2]}$", text, re.MULTILINE)


def test_a_terminal_without_signs_reads_words() -> None:
    text = shown(placed(*reaches().values()), encoding="ascii")
    assert text.isascii()
    assert "ok allowed" in text


def test_colour_only_repeats_the_words() -> None:
    found = placed(*reaches().values())
    bare = re.sub(r"\x1b\[[0-9;]*m", "", shown(found, colour=True))
    assert [line.rstrip() for line in bare.splitlines()] == shown(found).splitlines()


def test_equal_reaches_are_one_group_and_red_ones_come_last(monkeypatch: pytest.MonkeyPatch) -> None:
    twice = [*placed(*reaches().values(), stack="a"), *placed(*reaches().values(), stack="b")]
    assert [len(group.members) for group in groups(twice, with_stack=True)] == [2, 2, 2, 2]
    aws_grant = render_aws.aws_grant
    monkeypatch.setattr(
        render_aws, "aws_grant", lambda *words, **more: aws_grant(*words, **more).replace("s3:GetObject", "s3:*")
    )
    bad = placed(*reaches().values(), stack="c")
    made = groups([*bad, *twice], with_stack=True)
    assert [bool(group.unexpected) for group in made] == [False] * 4 + [True] * 4
    assert "more; --json has them all" in shown(bad)
    assert summary(bad).startswith("0 of 4 datasources as expected; NOT AS EXPECTED: farm")
    assert "report it, do not deploy" in shown(bad)
    assert shown(bad).count("NOT as intended, see below. Intended: ") == 4, "a leak reaches more than was meant"


@pytest.mark.parametrize(
    ("text", "span"),
    [("a|b", "`a|b`"), ("a`b", "``a`b``"), ("`a", "`` `a ``"), ("a``", "``` a`` ```"), ("", "")],
)
def test_a_code_span_holds_any_text(text: str, span: str) -> None:
    assert code(text) == span


def test_no_text_from_the_manifest_is_markup() -> None:
    path = "a|b/<b>/[x](y)/`c`/@team/"
    analysis = reaches({"datasets.farm-animals.input.path": path})[("farm-animals", Purpose.INPUT)]
    text = markdown(placed(analysis))
    assert f"``s3://acme-datalake/{path}``" in text
    table = [line for line in text.splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in table} == {6}
    outside = re.sub(r"(`+).*?[^`]\1(?!`)", "", text)
    assert not re.search(r"(?<!\\)[<@\[](?!/?sub>)", outside)


def test_a_broken_document_that_speaks_markup_stays_in_its_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    aws_grant = render_aws.aws_grant
    monkeypatch.setattr(
        render_aws,
        "aws_grant",
        lambda *words, **more: (
            aws_grant(*words, **more).replace("LightlyReadObjects", "Read|All<b>").replace(":Get", ":*")
        ),
    )
    text = markdown(placed(reaches()[("farm-animals", Purpose.INPUT)]))
    assert "<b>" not in re.sub(r"(`+).*?[^`]\1(?!`)", "", text)
    assert "❌" in text
