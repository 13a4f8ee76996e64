"""A pipeline that deploys without a key, as the clouds know it: by the token that its platform signs for each job.

Every cloud compares a token with what it was told to trust. What is compared everywhere is the issuer, the audience and
the subject; a subject is a sentence that the platform writes about the job, so one exact subject is one repository and
one branch or environment of it. A name is never a pattern: what holds a wildcard is refused.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lightly_core.fault import Fault

_BRANCH = re.compile(r"(?!refs/)[A-Za-z0-9_.@#+-]+(/[A-Za-z0-9_.@#+-]+)*", re.ASCII)
_ENVIRONMENT = re.compile(r"[A-Za-z0-9_./-]{1,255}", re.ASCII)
_ID = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Token:
    """What a token says, once its signature was found to be its issuer's. `issuer` is an https address."""

    issuer: str
    claims: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Pipeline(ABC):
    """The jobs of one repository that may deploy.

    Attributes:
        repository: its full name on the platform.
        environment: the environment that they are of.
        branch: the branch that they run on, without `refs/heads/`.
        repository_id, owner_id: the platform's numbers for the repository and its owner, which nobody has a second
            time: a name that was given up can be taken by somebody else.
    """

    repository: str
    environment: str | None = None
    branch: str | None = None
    repository_id: str | None = None
    owner_id: str | None = None

    @property
    @abstractmethod
    def issuer(self) -> str:
        """Whose tokens they are, `https://HOST`."""

    @property
    @abstractmethod
    def subject(self) -> str:
        """The `sub` of a token of such a job."""

    @property
    @abstractmethod
    def ids(self) -> Mapping[str, str]:
        """Claims with numbers, and the numbers, of the repository first; what is not known is left out."""

    @property
    @abstractmethod
    def beside(self) -> Mapping[str, str]:
        """Claims that must be so and that `subject` says nothing of: not every cloud can compare them."""

    @abstractmethod
    def claims(self) -> dict[str, str]:
        """All that a token of such a job says of who it is, without an audience."""

    @abstractmethod
    def others(self) -> Iterator[tuple[str, dict[str, str]]]:
        """Jobs that are none of these, in words, and the claims of their tokens: whoever is let in beside."""

    @abstractmethod
    def faults(self) -> Iterator[tuple[str, str]]:
        """What is wrong with it: the name of each value, and a sentence."""

    def retaken(self, id: str) -> dict[str, str]:
        """The claims of somebody else's repository under the same names, once one of them was given up."""
        return {**self.claims(), id: "999"}

    @property
    def host(self) -> str:
        """The issuer as AWS names identity providers and their condition keys."""
        return self.issuer.removeprefix("https://")

    def id_faults(self) -> Iterator[tuple[str, str]]:
        """Those of the numbers, and of a branch and an environment as such."""
        fault = Fault("the platform's number, such as 456789")
        for name, value in (("repository-id", self.repository_id), ("owner-id", self.owner_id)):
            if value is not None and not _ID.fullmatch(value):
                yield name, fault.sentence(value)
        for name, value, check in (("environment", self.environment, environment), ("branch", self.branch, branch)):
            if value is not None and (wrong := check(value)):
                yield name, wrong.sentence(value)


def environment(value: str) -> Fault | None:
    """The name of an environment. GitHub allows others, whose form in a subject it does not document."""
    if _ENVIRONMENT.fullmatch(value):
        return None
    return Fault(
        "one environment such as production: at most 255 of a-z A-Z 0-9 _ . - /",
        "trust with a wildcard would let in environments that anybody with push access may make",
    )


def branch(value: str) -> Fault | None:
    """The name of a branch: https://git-scm.com/docs/git-check-ref-format, of which `*` and `?` are no part."""
    if _BRANCH.fullmatch(value) and ".." not in value:
        return None
    return Fault(
        "one branch such as main: of a-z A-Z 0-9 _ . - / @ # +, without refs/heads/",
        "trust with a wildcard would let in branches that anybody with push access may make",
    )
