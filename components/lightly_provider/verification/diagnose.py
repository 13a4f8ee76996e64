"""A red light -> its likely cause and the fix, in the words of its kind of store. Pure."""

from dataclasses import replace

from lightly_access.kinds import registry
from lightly_access.kinds.cause import Cause, RedLight
from lightly_access.kinds.general_causes import NOBODY_COULD_TELL
from lightly_access.kinds.said import said


def diagnose(red: RedLight) -> Cause:
    """The likely cause of a red light."""
    causes = registry.kind_of(red.access.kind).causes()
    if not red.expected and red.actual is not None:
        return causes.too_much(red)
    if red.actual is None:
        more = ", and there is no proof" if red.proof is None else ""
        more += f"; the probe says: {red.error}" if red.error else ""
        return NOBODY_COULD_TELL.cause({"capability": str(red.capability), "more": more})
    cause = causes.too_little(red)
    text = said(cause.text, _short(red.error), by_probe=red.by_probe, certain=red.certain)
    return replace(cause, text=text)


def _short(text: str) -> str:
    """AWS says who and what at the start, and which policy at the end. Whole words, where they are not endless."""
    if len(text) <= 430:
        return text
    start, end = text.find(" ", 230, 290), text.rfind(" ", len(text) - 250, len(text) - 190)
    start, end = (230 if start < 0 else start), (len(text) - 191 if end < 0 else end)
    return text if end <= start else f"{text[:start]} ... {text[end + 1 :]}"
