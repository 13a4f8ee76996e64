"""A pipeline of GitHub Actions, as AWS knows it: by the subject of the token that GitHub signs for each of its jobs.

Sources: https://docs.github.com/en/actions/reference/security/oidc for the form of a subject, and
https://docs.github.com/en/actions/security-for-github-actions/security-hardening-your-deployments/configuring-openid-connect-in-amazon-web-services
for what AWS compares. A name is never a pattern: what holds a wildcard or a variable of IAM is refused.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lightly_core.fault import Fault

ISSUER = "token.actions.githubusercontent.com"
"""The identity provider's name in AWS, and what its condition keys begin with."""
AUDIENCE = "sts.amazonaws.com"
"""Whom a token is for: what aws-actions/configure-aws-credentials asks for unless it is told otherwise."""

_REPOSITORY = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9_-]*(?P<owner>@[0-9]+)?/(?!\.{1,2}(@|$))[A-Za-z0-9_.-]+(?(owner)@[0-9]+)", re.ASCII
)
_ENVIRONMENT = re.compile(r"[A-Za-z0-9_./-]{1,255}", re.ASCII)
_BRANCH = re.compile(r"(?!refs/)[A-Za-z0-9_.@#+-]+(/[A-Za-z0-9_.@#+-]+)*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The jobs of one repository that may deploy: those of one environment, or else those that run on one branch.

    Attributes:
        repository: `OWNER/NAME`; `OWNER@ID/NAME@ID` where GitHub's subjects are immutable ones, as those of every
            repository are that was made or renamed since July 15, 2026
            (https://github.blog/changelog/2026-04-23-immutable-subject-claims-for-github-actions-oidc-tokens/).
        environment: its name. A job that names an environment has no subject of its branch.
        branch: its name, without `refs/heads/`.
    """

    repository: str
    environment: str | None = None
    branch: str | None = None

    @property
    def subject(self) -> str:
        """The `sub` of a token of such a job."""
        return f"repo:{self.repository}:{self.suffix}"

    @property
    def suffix(self) -> str:
        """What of the subject follows the repository."""
        return f"environment:{self.environment}" if self.environment else f"ref:refs/heads/{self.branch}"

    def faults(self) -> Iterator[tuple[str, str]]:
        """What is wrong with it: the name of each value, and a sentence."""
        checks: tuple[tuple[str, str | None, Callable[[str], Fault | None]], ...] = (
            ("repository", self.repository, repository),
            ("environment", self.environment, environment),
            ("branch", self.branch, branch),
        )
        for name, value, check in checks:
            if value is not None and (fault := check(value)):
                yield name, fault.sentence(value)
        if (self.environment is None) is (self.branch is None):
            got = "neither" if self.branch is None else "both"
            hint = "an environment can be bound to branches and reviewers in GitHub"
            yield "environment", f"got {got}, expected either an environment or a branch\nhint: {hint}"


def repository(value: str) -> Fault | None:
    """`OWNER/NAME` of GitHub, each with its number or both without."""
    if _REPOSITORY.fullmatch(value):
        return None
    return Fault(
        "one repository such as octo-org/data, without wildcards",
        "where GitHub's subjects are immutable, octo-org@123456/data@456789 (gh api repos/octo-org/data)",
    )


def environment(value: str) -> Fault | None:
    """The name of an environment. GitHub allows others, whose form in a subject it does not document."""
    if _ENVIRONMENT.fullmatch(value):
        return None
    return Fault(
        "one environment such as production: at most 255 of a-z A-Z 0-9 _ . - /",
        "a trust policy with a wildcard would let in environments that anybody with push access may make",
    )


def branch(value: str) -> Fault | None:
    """The name of a branch: https://git-scm.com/docs/git-check-ref-format, of which `*` and `?` are no part."""
    if _BRANCH.fullmatch(value) and ".." not in value:
        return None
    return Fault(
        "one branch such as main: of a-z A-Z 0-9 _ . - / @ # +, without refs/heads/",
        "a trust policy with a wildcard would let in branches that anybody with push access may make",
    )
