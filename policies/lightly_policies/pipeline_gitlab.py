"""GitLab CI, of gitlab.com and of a host of one's own.

Sources: https://docs.gitlab.com/ci/secrets/id_token_authentication for the claims; lib/gitlab/ci/jwt_v2.rb of
https://github.com/gitlabhq/gitlabhq for the subject, which a job's environment is no part of, and which names the fork
that a merge request comes from, also where its pipeline runs in the target project
(https://gitlab.com/gitlab-org/gitlab/-/work_items/563038).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lightly_core.fault import Fault

from lightly_policies.pipeline import Pipeline

HOST = "gitlab.com"
_PART = r"(?!.*(\.git|\.atom)(/|$))[A-Za-z0-9_][A-Za-z0-9_.-]*"
_PROJECT = re.compile(rf"{_PART}(/{_PART})+", re.ASCII)
_HOST = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}", re.ASCII)


@dataclass(frozen=True, slots=True)
class GitLabPipeline(Pipeline):
    """Jobs that run on one branch of a project, `GROUP/PROJECT`, with an environment those of it alone.

    `at` is the host. The subject is that of a project which has not changed `ci_id_token_sub_claim_components`.
    """

    at: str = HOST

    @property
    def issuer(self) -> str:
        return f"https://{self.at}"

    @property
    def subject(self) -> str:
        return f"project_path:{self.repository}:ref_type:branch:ref:{self.branch}"

    @property
    def ids(self) -> Mapping[str, str]:
        numbers = {"project_id": self.repository_id, "namespace_id": self.owner_id}
        return {name: number for name, number in numbers.items() if number}

    @property
    def beside(self) -> Mapping[str, str]:
        return {"environment": self.environment} if self.environment else {}

    def claims(self) -> dict[str, str]:
        group, _, _ = self.repository.rpartition("/")
        return {
            "sub": self.subject,
            "project_path": self.repository,
            "namespace_path": group,
            "project_id": "456789",
            "namespace_id": "123456",
            "ref": str(self.branch),
            "ref_type": "branch",
            "ref_protected": "true",
            "pipeline_source": "push",
            **self.ids,
            **self.beside,
        }

    def others(self) -> Iterator[tuple[str, dict[str, str]]]:
        right, (group, _, name) = self.claims(), self.repository.rpartition("/")
        on = f"ref_type:branch:ref:{self.branch}"
        strange, same = {"project_id": "999", "namespace_id": "998"}, f"project_path:{self.repository}"
        merge = {"pipeline_source": "merge_request_event", "ref_protected": "false"}
        subjects: dict[str, tuple[str, dict[str, str]]] = {
            "another project of the group": (f"project_path:{group}/another-{name}:{on}", {"project_id": "999"}),
            "a project whose name begins the same": (f"{same}-fork:{on}", {"project_id": "999"}),
            "a project whose name is shorter": (f"{same[:-1]}:{on}", {"project_id": "999"}),
            "a group below": (f"project_path:{group}/below/{name}:{on}", strange),
            "a group whose name begins the same": (f"project_path:{group}-x/{name}:{on}", strange),
            "a fork": (f"project_path:a-stranger/{name}:{on}", strange),
            "a fork's merge request": (f"project_path:a-stranger/{name}:ref_type:branch:ref:fix", {**strange, **merge}),
            "a merge request": (f"{same}:ref_type:branch:ref:fix", merge),
            "another branch": (f"{same}:ref_type:branch:ref:another", {"ref": "another"}),
            "another branch whose name begins the same": (f"{same}:{on}-2", {"ref": f"{self.branch}-2"}),
            "another branch whose name is shorter": (f"{same}:{on[:-1]}", {}),
            "a tag of the branch's name": (f"{same}:ref_type:tag:ref:{self.branch}", {"ref_type": "tag"}),
            "a wildcard": (f"{same}:*", {}),
            "the same names in other case": (f"project_path:{self.repository.swapcase()}:{on}", {}),
        }
        for who, (subject, changed) in subjects.items():
            yield who, {**right, "sub": subject, **changed}
        if self.environment:
            yield "another environment", {**right, "environment": "another"}
            yield "no environment", {name: value for name, value in right.items() if name != "environment"}

    def faults(self) -> Iterator[tuple[str, str]]:
        if not _PROJECT.fullmatch(self.repository):
            fault = Fault("one project such as acme/ml/data, without wildcards", "as in its address, behind the host")
            yield "repository", fault.sentence(self.repository)
        if not _HOST.fullmatch(self.at):
            yield "host", Fault("the name of a host such as gitlab.example.com").sentence(self.at)
        yield from self.id_faults()
        if self.branch is None:
            hint = "GitLab's subject names the branch of a job, and no environment"
            yield "branch", f"got nothing, expected the branch that deploys\nhint: {hint}"
