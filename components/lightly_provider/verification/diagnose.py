"""A red light -> its likely cause and the fix, in the words of its kind of store. Pure."""

from lightly_access.kinds import registry
from lightly_access.kinds.cause import Cause, RedLight
from lightly_access.kinds.said import said


def diagnose(red: RedLight) -> Cause:
    """The likely cause of a red light."""
    causes = registry.kind_of(red.access.kind).causes()
    if not red.expected and red.actual is not None:
        return causes.too_much(red)
    if red.actual is None:
        return Cause(
            f"nobody could tell: Lightly's verification does not speak of {red.capability}"
            + (", and there is no proof" if red.proof is None else "")
            + (f"; the probe says: {red.error}" if red.error else ""),
            "run `pulumi up` again; if it stays so, ask Lightly's support, or give the proof of the documents",
            mendable_by_waiting=True,
        )
    cause = causes.too_little(red)
    text = said(cause.text, _short(red.error), by_probe=red.by_probe, certain=red.certain)
    return Cause(text, cause.fix, cause.mendable_by_waiting)


def _short(text: str) -> str:
    """AWS says who and what at the start, and which policy at the end. Whole words, where they are not endless."""
    if len(text) <= 430:
        return text
    start, end = text.find(" ", 230, 290), text.rfind(" ", len(text) - 250, len(text) - 190)
    start, end = (230 if start < 0 else start), (len(text) - 191 if end < 0 else end)
    return text if end <= start else f"{text[:start]} ... {text[end + 1 :]}"
