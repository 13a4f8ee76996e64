"""One word for one thing (docs/glossary.md): the words that were used before do not come back."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
ENDS = {".py", ".md", ".yaml", ".yml", ".j2", ".toml", ".in", ".js"}
NOT_READ = {"golden", "recorded", "CHANGELOG.md", "glossary.md", "decisions", Path(__file__).name}
"""Data, the past, and the pages that have to name the old words."""


class Word(NamedTuple):
    """A word that is not used any more."""

    pattern: str
    instead: str
    where: str = ""
    """The only folder that it is not used in; empty is everywhere."""


WORDS = [
    Word(r"\bgiven[_ ](?:key|role|token|credential|secret|access)s?\b", "external credential, external key"),
    Word(r"[Ss]tand[-_]ins?\b|STAND_INS?\b|StandIn", "mock provider, placeholder"),
    Word(r"\b[Ww]ays? in\b", "access"),
    Word(r"\bReach\b|\bReaches\b", "Analysis"),
    Word(r"\bmeddl\w*", "break_permission, disturb"),
    Word(r"\bWish\b|\b[Ss]tory\b", "Options, scenario"),
    Word(r"\bledgers?\b", "resource index, credential log"),
    Word(r"\b[Gg]ates?\b|\bVisits?\b", "gateway, request context, signature info"),
    Word(r"\bvessels?\b|\b_?must_hold\b|\blightly_side\b|\bcatalogues?\b", "container key, registry, ..."),
    Word(r"\b_watched\b|\bWeight\b|\bUnread\b|\bkeeping\.py\b", "verification inputs, Severity, Unreadable"),
    Word(r"\b_(?:away|beyond|doors|sealed|slow)\b|\bdresses\b", "cleanup, outside path, as secret, digest, encodings"),
    Word(r"\bpatience\b|\bPatience\b", "retry policy"),
    Word(r"(?i:\bliars?\b)", "faulty service"),
    Word(r"\bdeclaring\b", "the manifest and dataset that declare it"),
    Word(r"\b[Jj]udg(?:e|es|ed|ing|ement)\b", "evaluate, check, decide"),
    Word(r"\bparrots?\b|\bParrots?\b", "what it is", "tests"),
    Word(r"\b[Hh]unt(?:s|ed|ing|er)?\b", "secret search", "tests"),
    Word(r"\b[Rr]igs?\b", "test provider", "tests"),
    Word(r"\bWorld\b|\bworld\b", "what it is", "tests"),
    Word(r"\b1 (?:lights|phases|stores|datasets|findings)\b", "singular"),
    Word(r"no such name|that is none is|laid at|that no one knows|Who Lightly is|it was or could not", "plain words"),
    Word(r"\bfor it in\b|\blambda it\b|^ *it = ", "the noun"),
    Word(r"\bnursery\b|\bNursery\b", "what it is"),
]


def _texts(where: str) -> Iterator[tuple[Path, str]]:
    for folder in (
        [where] if where else ["components", "docs", "policies", "stacks", "tests", ".github", "requirements"]
    ):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in ENDS and not NOT_READ & set(path.parts) and "node_modules" not in path.parts:
                yield path, path.read_text("utf-8")
    if not where:
        for path in [*ROOT.glob("*.md"), ROOT / "Makefile", ROOT / "pyproject.toml"]:
            if path.name not in NOT_READ:
                yield path, path.read_text("utf-8")


@pytest.mark.parametrize("word", WORDS, ids=lambda word: word.pattern)
def test_an_old_word_does_not_come_back(word: Word) -> None:
    pattern = re.compile(word.pattern)
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path, text in _texts(word.where)
        for number, line in enumerate(text.splitlines(), 1)
        for _ in pattern.finditer(line)
    ]
    assert found == [], f"say: {word.instead}"
