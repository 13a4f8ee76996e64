"""GitHub Actions. Sources: https://docs.github.com/en/actions/reference/security/oidc for claims and subjects, and
https://github.blog/changelog/2026-04-23-immutable-subject-claims-for-github-actions-oidc-tokens/ for immutable ones.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lightly_core.fault import Fault

from lightly_policies.pipeline import Pipeline

ISSUER = "https://token.actions.githubusercontent.com"
_REPOSITORY = re.compile(
    r"(?P<owner>[A-Za-z0-9][A-Za-z0-9_-]*)(@(?P<owner_id>[0-9]+))?/"
    r"(?P<name>(?!\.{1,2}(@|$))[A-Za-z0-9_.-]+)(?(owner_id)@(?P<id>[0-9]+))",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class GitHubPipeline(Pipeline):
    """Jobs of one environment, or else those that run on one branch: a job that names an environment has no subject of
    its branch.

    `repository` is `OWNER/NAME`; `OWNER@ID/NAME@ID` where subjects are immutable ones, as those of every repository are
    that was made or renamed since July 15, 2026.
    """

    @property
    def issuer(self) -> str:
        return ISSUER

    @property
    def subject(self) -> str:
        return f"repo:{self.repository}:{self._suffix}"

    @property
    def _suffix(self) -> str:
        return f"environment:{self.environment}" if self.environment else f"ref:refs/heads/{self.branch}"

    @property
    def ids(self) -> Mapping[str, str]:
        found = _REPOSITORY.fullmatch(self.repository)
        of_name = (found["id"], found["owner_id"]) if found else (None, None)
        numbers = (of_name[0] or self.repository_id, of_name[1] or self.owner_id)
        names = ("repository_id", "repository_owner_id")
        return {name: number for name, number in zip(names, numbers, strict=True) if number}

    @property
    def beside(self) -> Mapping[str, str]:
        return {}

    def claims(self) -> dict[str, str]:
        owner, _, name = re.sub("@[0-9]+", "", self.repository).partition("/")
        numbers = {"repository_id": "456789", "repository_owner_id": "123456", **self.ids}
        where = {"environment": self.environment} if self.environment else {}
        ref = f"refs/heads/{self.branch or 'main'}"
        return {
            "sub": self.subject,
            "repository": f"{owner}/{name}",
            "repository_owner": owner,
            "ref": ref,
            "ref_type": "branch",
            "event_name": "push",
            **numbers,
            **where,
        }

    def others(self) -> Iterator[tuple[str, dict[str, str]]]:
        right, (owner, _, name) = self.claims(), self.repository.partition("/")
        whose, suffix = f"repo:{self.repository}", self._suffix
        kind = "environment" if self.environment else "branch"
        plain = re.sub("@[0-9]+", "", self.repository)
        strange = {"repository_id": "999", "repository_owner_id": "998"}
        pull = {"event_name": "pull_request", "ref": "refs/pull/7/merge"}
        subjects: dict[str, tuple[str, dict[str, str]]] = {
            "another repository of the owner": (f"repo:{owner}/another-{name}:{suffix}", {"repository_id": "999"}),
            "a repository whose name begins the same": (f"{whose}-fork:{suffix}", {"repository_id": "999"}),
            "a repository whose name is shorter": (f"{whose[:-1]}:{suffix}", {"repository_id": "999"}),
            "a fork": (f"repo:a-stranger/{name}:{suffix}", strange),
            "an owner whose name begins the same": (f"repo:{owner}-x/{name}:{suffix}", strange),
            "a repository of the same name without ID": (f"repo:{plain}:{suffix}", {}),
            "a repository of the same name with another ID": (
                f"repo:{plain.replace('/', '@1/')}@1:{suffix}",
                {"repository_id": "1", "repository_owner_id": "1"},
            ),
            "a pull request": (f"{whose}:pull_request", pull),
            "a fork's pull request": (f"{whose}:pull_request", {**pull, "head_repository": f"a-stranger/{name}"}),
            "another environment": (f"{whose}:environment:another", {"environment": "another"}),
            "another branch": (f"{whose}:ref:refs/heads/another", {"ref": "refs/heads/another"}),
            f"another {kind} whose name begins the same": (f"{whose}:{suffix}-2", {}),
            f"another {kind} whose name is shorter": (f"{whose}:{suffix[:-1]}", {}),
            "a tag": (f"{whose}:ref:refs/tags/v1", {"ref": "refs/tags/v1", "ref_type": "tag"}),
            "a wildcard": (f"{whose}:*", {}),
            "the same names in other case": (f"repo:{self.repository.swapcase()}:{suffix}", {}),
        }
        for who, (subject, changed) in subjects.items():
            if subject != self.subject:
                yield who, {**right, "sub": subject, **changed}

    def faults(self) -> Iterator[tuple[str, str]]:
        if not _REPOSITORY.fullmatch(self.repository):
            fault = Fault(
                "one repository such as octo-org/data, without wildcards",
                "where GitHub's subjects are immutable, octo-org@123456/data@456789 (gh api repos/octo-org/data)",
            )
            yield "repository", fault.sentence(self.repository)
        yield from self.id_faults()
        if "@" in self.repository and (self.repository_id or self.owner_id):
            yield "repository-id", "the repository has its numbers in its name\nhint: leave them out here"
        if (self.environment is None) is (self.branch is None):
            got = "neither" if self.branch is None else "both"
            hint = "an environment can be bound to branches and reviewers in GitHub"
            yield "environment", f"got {got}, expected either an environment or a branch\nhint: {hint}"
