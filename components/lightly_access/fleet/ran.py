"""What a verb has done with each shard of a fleet, and what is said of it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lightly_core.counted import counted

NOT_RUN, UNREADABLE = "not run", "cannot be read"


@dataclass(frozen=True, slots=True)
class Ran:
    """One shard. `ok` is None where the verb has not come to it.

    Attributes:
        said: in a few words.
        errors: what went wrong, each with its hint.
        document: what the verb prints of one stack with --json.
    """

    stack: str
    ok: bool | None
    said: str
    errors: tuple[str, ...] = ()
    document: Mapping[str, Any] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def line(self) -> tuple[str, str]:
        """For people, and its style."""
        word, style = {True: ("ok", "green"), False: ("FAILED", "red"), None: (NOT_RUN, "yellow")}[self.ok]
        took = f"  {self.seconds:.0f} s" if self.seconds >= 1 else ""
        return f"{self.stack}  {word}  {self.said}{took}", style


def exit_code(runs: Sequence[Ran]) -> int:
    """0 where all is well, 2 where a deployment cannot be read, 1 for the rest."""
    if any(run.ok is False and run.said == UNREADABLE for run in runs):
        return 2
    return 0 if all(run.ok for run in runs) else 1


def summary(runs: Sequence[Ran]) -> list[tuple[str, str]]:
    """What is wrong, shard by shard, and how many are well."""
    lines = [(f"{run.stack}:\n{error}", "red") for run in runs for error in run.errors]
    well, failed = sum(run.ok is True for run in runs), sum(run.ok is False for run in runs)
    left = len(runs) - well - failed
    parts = [
        f"{well} of {counted(len(runs), 'shard')} ok",
        f"{failed} failed" if failed else "",
        f"{left} {NOT_RUN}" if left else "",
    ]
    return [*lines, (", ".join(filter(None, parts)), "red" if well < len(runs) else "green")]


def document(name: str, verb: str, runs: Sequence[Ran]) -> dict[str, Any]:
    """For machines."""
    return {
        "ok": all(run.ok for run in runs),
        "fleet": name,
        "verb": verb,
        "shards": [
            {
                "stack": run.stack,
                "ok": run.ok,
                "said": run.said,
                "errors": list(run.errors),
                "seconds": round(run.seconds, 1),
                **{key: value for key, value in run.document.items() if key not in ("stack", "ok")},
            }
            for run in runs
        ],
    }
