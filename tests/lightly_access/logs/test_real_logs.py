"""A log says the same to `explain` whoever wrote it down: a terminal, a pipeline, Docker, or Pulumi's event log.

`real/` is of one stack of every kind of store, of which five things were broken: what Pulumi 3.274 printed plain, with
`--diff`, in colour, and with `--json`; shortened.
"""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from lightly_access import runbook
from lightly_access.explain import explain
from lightly_access.kinds.explanation import Explanation
from lightly_access.logs import own_words
from lightly_access.logs.readable import readable

from tests.lightly_access import refusals_said as said

REAL = Path(__file__).parent / "real"
PLAIN = (REAL / "plain.log").read_text(encoding="utf-8")
Form = Callable[[str], str]


def before(prefix: str) -> Form:
    """Each line with something before it; `{n}` counts the lines."""
    return lambda text: "\n".join(prefix.format(n=f"{n:07}") + line for n, line in enumerate(text.splitlines()))


def cut(width: int) -> Form:
    """As a terminal or `fold` does: at a width."""

    def fold(line: str) -> list[str]:
        wide = line.expandtabs()
        return [wide[at : at + width] for at in range(0, len(wide), width)] or [""]

    return lambda text: "\n".join(part for line in text.splitlines() for part in fold(line))


def cut_between_words(width: int) -> Form:
    """As `fold -s` does: the blank stays at the end of the line."""

    def fold(line: str) -> list[str]:
        parts, rest = [], line.expandtabs()
        while len(rest) > width:
            at = rest.rfind(" ", 0, width) + 1 or width
            parts.append(rest[:at])
            rest = rest[at:]
        return [*parts, rest]

    return lambda text: "\n".join(part for line in text.splitlines() for part in fold(line))


def coloured(text: str) -> str:
    return "\n".join(f"\x1b[31m{line}\x1b[0m\x1b[K" for line in text.splitlines())


def events(text: str) -> str:
    """Pulumi's event log, with its colour tags."""
    message = {"message": f"<{{%fg 1%}}>{text}<{{%reset%}}>", "severity": "error", "color": "raw"}
    debug = {"message": "An error occurred (AccessDenied): Access Denied", "severity": "debug"}
    both = [{"sequence": 1, "diagnosticEvent": debug}, {"sequence": 2, "diagnosticEvent": message}]
    return "\n".join(map(json.dumps, both))


FORMS: dict[str, Form] = {
    "GitHub Actions": before("2026-11-28T23:56:16.{n}Z "),
    "gh run view": before("deploy\tRun pulumi up\t2026-11-28T23:56:16.{n}Z "),
    "GitLab CI": before("2026-11-28T23:56:16.{n}Z 01E "),
    "Jenkins": before("[2026-11-28T23:56:16.123Z] "),
    "a time of day": before("23:56:16 "),
    "Azure Pipelines": before("2026-11-28T23:56:16.{n}Z ##[error]"),
    "docker compose": before("deploy-1  | "),
    "a terminal of 80 columns": cut(80),
    "a terminal of 132 columns": cut(132),
    "cut between words": cut_between_words(100),
    "in colour": coloured,
    "an event log": events,
    "line ends of Windows": lambda text: text.replace("\n", "\r\n"),
    "cut, then with times": lambda text: before("2026-11-28T23:56:16.{n}Z ")(cut(100)(text)),
    "with times, then cut": lambda text: cut(100)(before("2026-11-28T23:56:16.{n}Z ")(text)),
    "in colour, with times": lambda text: before("2026-11-28T23:56:16.{n}Z ")(coloured(text)),
    "an event log in a pipeline": lambda text: before("2026-11-28T23:56:16.{n}Z ")(events(text)),
    "a structured log": lambda text: json.dumps({"level": "error", "ts": 1.5, "msg": text}),
}


@cache
def found_in(text: str) -> frozenset[Explanation]:
    return frozenset(explain(text))


def test_a_real_log_has_the_cause_and_the_fix_of_each_red_light_and_nothing_else() -> None:
    found = found_in(PLAIN)
    assert {(each.name, each.runbook) for each in found} == {
        ("beehives LIGHTLY", "gcs-deployed-binding-differs"),
        ("dashcam INPUT", "s3-key-unknown"),
        ("farm-animals LIGHTLY", "s3-bucket-policy-denies"),
        ("pears INPUT", "s3-no-directory"),
        ("stables INPUT", "local-no-directory"),
        ("stables LIGHTLY", "local-no-directory"),
    }
    assert {each.runbook for each in found} <= runbook.entries().keys()
    (pears, _) = sorted((each for each in found if each.name == "pears INPUT"), key=lambda each: each.cause)
    assert "<path>" not in pears.cause + pears.hint
    assert "Lightly says" not in pears.cause


@pytest.mark.parametrize("file", ["diff.log", "color.log", "events.jsonl"])
def test_pulumi_says_the_same_in_each_of_its_forms(file: str) -> None:
    assert found_in((REAL / file).read_bytes().decode()) == found_in(PLAIN)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_whoever_writes_the_log_down_it_says_the_same(form: Form) -> None:
    assert found_in(form(PLAIN)) == found_in(PLAIN)


REFUSALS = [f"error: 1 error occurred:\n\t* creating X: {words}" for words, _ in (*said.DEPLOYING, *said.LIGHTLY)]
LINES = [form for name, form in FORMS.items() if "cut" not in name and "terminal" not in name]


@pytest.mark.parametrize("words", REFUSALS, ids=[refusal[-60:] for refusal in REFUSALS])
def test_a_refusal_of_a_service_is_the_same_in_each_form(words: str) -> None:
    text = f"Diagnostics:\n  aws:x:Y (z):\n    {words}\n\nResources:\n    1 errored\n"
    expected = found_in(text)
    assert expected
    for form in LINES:
        assert found_in(form(text)) == expected


def test_the_properties_of_resources_in_an_event_log_are_no_refusals() -> None:
    policy = {"policy": '{"Statement":[{"Effect":"Deny","Action":"kms:Decrypt","Condition":{"Bool":{}}}]}'}
    inputs = {**policy, "maxSessionDuration": 43200, "condition": {"expression": "invalid"}}
    event = {"sequence": 1, "resourcePreEvent": {"metadata": {"op": "update", "new": {"inputs": inputs}}}}
    assert readable(json.dumps(event)).strip() == ""
    assert found_in(json.dumps(event)) == frozenset()


def test_what_a_verification_says_while_it_goes_on_is_not_told_twice() -> None:
    progress = "1/7 s LIGHTLY write, overwrite red: the policy of bucket a denies it (Lightly says: AccessDenied)"
    assert found_in(progress) == frozenset()


@pytest.mark.parametrize("line", ["dataset 'a' ", "dataset '", "1/7 s ", "deploy-1  | ", "<{%", "{"])
def test_a_long_line_of_beginnings_takes_no_minutes(line: str) -> None:
    assert own_words.told(readable(line * 10_000))[0] == []


def test_a_preview_as_json_is_read_for_its_diagnostics() -> None:
    words = "An error occurred (InvalidAccessKeyId): The AWS Access Key Id you provided does not exist in our records."
    steps = [{"op": "create", "newState": {"inputs": {"policy": "s3:GetObject AccessDenied"}}}]
    preview = {"steps": steps, "diagnostics": [{"message": words, "severity": "error"}]}
    assert {each.runbook for each in found_in(json.dumps(preview, indent=2))} == {"s3-key-unknown"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "InvalidToken: x",
        "a | b\nc",
        '{"a": 1}',
        "2026-11-28 is a day\nand this is none",
        "12:30 is a time\nno",
    ],
)
def test_a_text_that_is_no_log_stays_as_it_is(text: str) -> None:
    assert readable(text) == text
