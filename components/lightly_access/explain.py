"""Explains a text: the output of a deployment, a log, one error. What is known behind a red light is known here too.

A text is read message by message and line by line. A line speaks for the service whose words it has, else for the one
whose words its message has, else it may be anybody's. What says why wins over what only says that it was refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from lightly_access.kinds import registry
from lightly_access.kinds.cause import BUSY, CERTIFICATE, CLOCK, UNREACHABLE
from lightly_access.kinds.causes import Causes
from lightly_access.kinds.explanation import Explanation
from lightly_access.kinds.said import SPOKEN
from lightly_access.lightly_causes import LIGHTLY, LightlyCauses
from lightly_access.logs import own_words
from lightly_access.logs.readable import readable

Speaker = Causes | LightlyCauses

_STARTS = re.compile(
    r"^(?:\s*(?:\* |- |\d{4}-\d\d-\d\d|Traceback|dataset '|[\w:@/-]+ \([^()]*\):|\[?(?:ERROR|WARN|INFO|DEBUG)\b)|"
    r".*\berror: |.*An error occurred|"
    r"(?!(?:AuthenticationErrorDetail|RequestI[dD]|Time|ErrorCode|Content|Details?|Reason|Message|Code|Status|HTTP|"
    r"Resource|HostId)\b)\(?[A-Z][\w.]+\)?: )"
)
"""Where a message begins: Pulumi's, one of a provider's list, a log's line, an exception."""
_OURS = re.compile(r"^\s*(?:hint|runbook): ")
"""A way out that was said already is no refusal."""
_REFUSED = re.compile(
    r"(?i:error|exception|denied|refus|forbidden|fail|could ?n|cannot|can't|unauthorized|status|\bHTTP\b|"
    r"invalid|expire|"
    r"\bnot\b|wrong|malformed|disabled|protected|missing|must|no such|unknown|mandatory|closed|archived|\blease|\bhold|"
    r"reduce|problem|exceed|pending|timed? ?out)|\((?:[A-Z][a-z\d]+){2,}\)|\b(?:[A-Z][a-z\d]+){2,}: "
)
"""What says little, or nothing in a service's own words, is a refusal only with one of these: a number such as 403 may
count resources."""
_CODE = re.compile(r"\(?[A-Z][\w.]+\)?")
"""A code of a service, and nothing else."""
_LONGEST = 4000
_ANYBODY = frozenset(sign.text for sign in (BUSY, CERTIFICATE, CLOCK, UNREACHABLE))


@dataclass(frozen=True, slots=True)
class _Line:
    place: int
    text: str


@dataclass(frozen=True, slots=True)
class _Found:
    """One explanation, and where it stands; `vague` when another one of its message may say why."""

    place: int
    explanation: Explanation
    vague: bool = False


def explain(text: str) -> tuple[Explanation, ...]:
    """Every red light and refusal that is known, once, in the order of the text; nothing for a text without one."""
    own, text = own_words.told(readable(text))
    known = [_Found(place, found) for kind in registry.ROWS for place, found in kind.refusals(text)]
    told = [_Found(place, found) for place, found in own]
    messages = list(_messages(text))
    alone = bool(_CODE.fullmatch(text.strip()))
    for message, end in zip(messages, _ends(messages, len(text)), strict=True):
        mine = [found for found in known if message[0].place <= found.place < end]
        mine += _in_message(message, alone=alone)
        told += [found for found in mine if not found.vague] or mine
    first: dict[Explanation, int] = {}
    for found in told:
        first[found.explanation] = min(found.place, first.get(found.explanation, found.place))
    by_name: dict[tuple[str, str], Explanation] = {}
    for explanation in sorted(first, key=first.__getitem__):
        by_name.setdefault((explanation.name, explanation.cause), explanation)
    return tuple(by_name.values())


def _messages(text: str) -> Iterator[list[_Line]]:
    """Lines that belong together."""
    message: list[_Line] = []
    place = 0
    for line in text.splitlines(keepends=True):
        if message and (not line.strip() or _STARTS.search(line)):
            yield message
            message = []
        if line.strip():
            message.append(_Line(place, line.strip()))
        place += len(line)
    if message:
        yield message


def _ends(messages: list[list[_Line]], last: int) -> list[int]:
    starts = [message[0].place for message in messages]
    return [following for _, following in pairwise([*starts, last + 1])]


def _in_message(message: list[_Line], *, alone: bool) -> list[_Found]:
    lines = [line for line in message if not _OURS.match(line.text)]
    whole = "\n".join(line.text for line in lines)[:_LONGEST]
    nearby = _speaking(whole)
    found = [each for line in lines if (each := _in_line(line.place, line.text, nearby, alone=alone))]
    if len(lines) > 1 and not any(not each.vague for each in found):  # a sign may go over several lines
        across = _in_line(lines[0].place, whole, nearby, alone=alone)
        if across and not across.vague:
            return [across]
    return found


def _in_line(place: int, text: str, nearby: list[Speaker], *, alone: bool) -> _Found | None:
    """What is known about one line: the first that says why, else the first that says that it was refused."""
    text = text if len(text) <= _LONGEST else f"{text[: _LONGEST // 2]} {text[-_LONGEST // 2 :]}"
    speaking = _speaking(text) or nearby
    if not (speaking or alone or _REFUSED.search(text)):
        return None
    said = text[match.end() :] if (match := SPOKEN.search(text)) else text
    vague: _Found | None = None
    for causes in speaking or _all():
        if found := causes.in_text(said):
            cause, anybody = found[0], found[0].text in _ANYBODY
            is_vague = found[1] or anybody
            if is_vague and not (alone or _REFUSED.search(text)):
                continue
            service = "the store" if anybody and not speaking else causes.service
            each = _Found(place, Explanation(service, cause.text, cause.fix, cause.name), is_vague)
            if not is_vague:
                return each
            vague = vague or each
    return vague


def _all() -> list[Speaker]:
    return [*(kind.causes() for kind in registry.ROWS), LIGHTLY]


def _speaking(text: str) -> list[Speaker]:
    """Those whose own words a text has; where it has somebody's address, his alone: others may use the same words."""
    found = [causes for causes in _all() if causes.dialect and causes.dialect.search(text)]
    return [causes for causes in found if causes.address and causes.address.search(text)] or found
