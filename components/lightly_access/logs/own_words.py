"""The red lights that a log tells of in our own words: their cause and fix are in it already. Pure."""

import re

from lightly_core.hint import where

from lightly_access.kinds.explanation import Explanation
from lightly_access.kinds.said import parted

_RED = re.compile(
    r"dataset (?P<quote>['\"])(?P<dataset>(?:(?!(?P=quote))[^\n]){1,300})(?P=quote)(?P<purpose>, (?:INPUT|LIGHTLY))?"
    r": (?P<cause>\S[^\n]{0,8000}+)\n\s*+hint: (?P<fix>[^\n]*+)"
    rf"(?:\n\s*+runbook: {re.escape(where(''))}(?P<runbook>[\w-]+))?"
)


def told(text: str) -> tuple[list[tuple[int, Explanation]], str]:
    """Each red light and where it stands, and the text without them, every other place as it was."""
    found: list[tuple[int, Explanation]] = []
    rest, end = [], 0
    for red in _RED.finditer(text):
        cause, _ = parted(red["cause"].strip())
        name = f"{red['dataset']}{(red['purpose'] or '').replace(',', '')}"
        found.append((red.start(), Explanation(name, cause, red["fix"].strip(), red["runbook"] or "")))
        rest += [text[end : red.start()], re.sub(r"[^\n]", " ", red[0])]
        end = red.end()
    return found, "".join([*rest, text[end:]])
