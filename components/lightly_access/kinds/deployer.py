"""What a cloud is to be told of whoever deploys there: permissions, and whose pipeline that is."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from shlex import join
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lightly_policies.pipeline import Pipeline

    from lightly_access.tables.declared import Declared


@dataclass(frozen=True, slots=True)
class Asked:
    """For whom: a stack of a project, an account `owner` of its manifest, and the pipeline that deploys, if one does.

    `places` are what the command line names of the clouds: an account, a subscription, the number of a project.
    """

    manifest: "Declared"
    project: str
    stack: str
    owner: str | None
    places: Mapping[str, str | None]
    pipeline: "Pipeline | None"
    read_only: bool = False
    """For whoever previews, refreshes and verifies what another login deploys."""

    @property
    def name(self) -> str:
        """What the deployer of this stack is called: its role, app or service account."""
        plain = "".join(each if each.isalnum() and each.isascii() else "-" for each in self.stack.lower())
        return f"lightly-{self.verb}-{plain}"[:30].rstrip("-")

    @property
    def who(self) -> str:
        """Which of the two logins of a stack it is."""
        return "reader" if self.read_only else "deployer"

    @property
    def verb(self) -> str:
        """What the login does, in names."""
        return "reads" if self.read_only else "deploys"

    def place(self, option: str, expected: str, hint: str) -> str:
        """Raises MissingPlaceError."""
        found = self.places.get(option)
        if found is None:
            raise MissingPlaceError(option, f"got nothing, expected {expected}\nhint: {hint}")
        return found


class NoDeployerError(ValueError):
    """A stack that no one login can deploy: why, and the way out."""


class MissingPlaceError(ValueError):
    """An option that this cloud cannot do without."""

    def __init__(self, option: str, sentence: str) -> None:
        self.option = option
        super().__init__(sentence)


@dataclass(frozen=True, slots=True)
class Deployer:
    """Documents as JSON values, and the lines of the cloud's own tool that make what they say.

    `parts` are the permissions as files; `note` is what should be known of them.
    """

    permissions: Any
    parts: Mapping[str, Any]
    trust: Mapping[str, Any] = field(default_factory=dict)
    """By the name of a file; empty without a pipeline."""
    commands: tuple[str, ...] = ()
    """Empty without a pipeline."""
    note: str | None = None


def line(*words: object) -> str:
    """A line for a shell; a JSON value is one word of it."""
    return join(word if isinstance(word, str) else json.dumps(word, sort_keys=True) for word in words)
