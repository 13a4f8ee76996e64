"""One thing that somebody else may do, what `verify` says of it, and what `pulumi up --refresh` does about it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.stacks.changed.deployment import Deployment

Ends = Literal["puts it back", "makes it again", "leaves it", "fails, and says so"]
Deed = Callable[[Deployment], None]


@dataclass(frozen=True, slots=True)
class Change:
    """A row of the guide's table.

    Attributes:
        kind: s3, azure, gcs or Lightly.
        what: in the words of the guide.
        dataset: whose verification says it.
        said: the rule of a drift, and after a colon what it is about; or, after `light: `, words of the cause of one.
        fix: words of the way out.
        refresh: what `pulumi up --refresh` does.
        do, undo: how; what a refresh puts back needs no undoing.
    """

    kind: str
    what: str
    dataset: str
    said: str
    fix: str
    refresh: Ends
    do: Deed = field(repr=False)
    undo: Deed | None = field(default=None, repr=False)
    told: str = ""
    """What a run that fails says."""

    def seen(self, found: Mapping[str, Any]) -> bool:
        """Whether `verify`, as JSON, says it of the dataset, with the way out."""
        dataset = found["datasets"][self.dataset]
        rule, _, words = self.said.partition(": ")
        if rule == "light":
            lights = [light for row in dataset["datasources"].values() for light in row.values() if not light["ok"]]
            return any(words in light["cause"] and self.fix in light["fix"] for light in lights)
        return any(
            each["rule"] == rule and words in f"{each['where']} {each['what']}" and self.fix in each["fix"]
            for each in dataset["drift"]
        )

    def __str__(self) -> str:
        return f"{self.kind}: {self.what}"
