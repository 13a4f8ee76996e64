"""What `init` is told, and what would be wrong with it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Self

from lightly_core.capability import Purpose
from lightly_core.fault import did_you_mean, one_of
from lightly_core.lightly_rules import DATASET_TYPES

from lightly_access.kinds import registry
from lightly_access.project import gitops
from lightly_access.tables.problem import Problem
from lightly_access.tables.shard import MOST, Shard, shard_fault

_NAME = re.compile(r"[a-z][a-z0-9-]{1,39}")
NO_CI = "none"
CIS = (NO_CI, "github", "gitlab")
_STACK = re.compile(r"(?!.*\.deploy$)[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")
"""No option of a command line, and no file that Pulumi reads as settings of Deployments."""
_MOST_JOBS = {"github": 256, "gitlab": 200}
"""Of a matrix: https://docs.github.com/en/actions/reference/limits and https://docs.gitlab.com/ci/yaml/#parallelmatrix"""


@dataclass(frozen=True, slots=True)
class Answers:
    """Everything that the files of a project are made of."""

    name: str
    """The project's name in Pulumi, and the beginning of the names of stores."""
    stack: str = "prod"
    dataset: str = "first-dataset"
    type: str = "images"
    input: str = registry.ROWS[0].name
    """The kind of store that Lightly reads from."""
    lightly: str = registry.ROWS[0].name
    """The kind of store that Lightly writes to."""
    owner: str = "@acme/platform"
    """Who answers for changes, as CODEOWNERS has it."""
    ci: str = NO_CI
    """Whose pipelines check and deploy."""
    shards: str = "1"
    """How many stacks deploy the manifest, each a part of it."""
    gitops: str = gitops.NONE
    """What else deploys, by commas."""

    @classmethod
    def of(cls, written: Mapping[str, object]) -> Self:
        """What a file has kept of them; what is not there is as it is by default."""
        known = {field.name for field in fields(cls)}
        return cls(**{key: str(value) for key, value in written.items() if key in known})

    def as_table(self) -> dict[str, str]:
        return asdict(self)

    @property
    def kinds(self) -> dict[Purpose, str]:
        return {Purpose.INPUT: self.input, Purpose.LIGHTLY: self.lightly}

    @property
    def stacks(self) -> list[str]:
        """The stacks of all shards; of one it is the stack itself."""
        count = int(self.shards)
        return [Shard(number, count).stack(self.stack) for number in range(1, count + 1)] if count > 1 else [self.stack]

    def problems(self) -> Iterator[Problem]:
        """What cannot be; what of it makes a manifest that cannot be is said by the check of that."""
        if not _NAME.fullmatch(self.name):
            expected = "2 to 40 small letters, digits and hyphens, a letter first: stores are named after it"
            yield Problem(("name",), repr(self.name), expected)
        if not _STACK.fullmatch(self.stack):
            yield Problem(
                ("stack",), repr(self.stack), "the name of a stack: letters, digits, `_`, and later `.` and `-`"
            )
        begins = [name for name, kind in registry.kinds().items() if kind.starter()]
        for key, word, words in (
            ("type", self.type, DATASET_TYPES),
            ("input", self.input, begins),
            ("lightly", self.lightly, begins),
            ("ci", self.ci, CIS),
            *(("gitops", word, gitops.WORDS) for word in gitops.chosen(self.gitops)),
        ):
            if word not in words:
                yield Problem((key,), repr(word), one_of(words), did_you_mean(word, words))
        if shard_fault(f"1/{self.shards}"):
            yield Problem(("shards",), repr(self.shards), f"how many stacks deploy the manifest, 1 to {MOST}")
        elif int(self.shards) > (most := _MOST_JOBS.get(self.ci, MOST)):
            way_out = "a matrix of more jobs is refused there: fewer shards, or a pipeline of your own"
            yield Problem(("shards",), repr(self.shards), f"at most {most} with ci {self.ci}", way_out)
        if not re.fullmatch(r"@?[A-Za-z0-9][\w./@-]*", self.owner):
            yield Problem(("owner",), repr(self.owner), "a team or a person, such as @acme/platform")
