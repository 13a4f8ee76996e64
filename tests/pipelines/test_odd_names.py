"""Stacks and projects whose names YAML would read as a number, a truth or nothing: each file has them as text."""

import json
import re

import pytest
import yaml
from lightly_access.manifest.yaml_text import read
from lightly_access.project.answers import CIS, Answers
from lightly_access.project.files import Lock, project_files
from lightly_access.project.gitops import WORDS

_EVERY = ",".join(word for word in WORDS if word != "none")


def _files(name: str, stack: str, ci: str) -> dict[str, str]:
    answers = Answers(name, stack, dataset="cows", owner=f"@{name}", ci=ci, gitops=_EVERY)
    assert not [*answers.problems()]
    made = project_files(answers, Lock("", ""), "")
    return {at: text for at, text in made.items() if at.endswith((".yml", ".yaml")) and "skeleton" not in at}


def _read(text: str) -> str:
    """By YAML 1.1, as GitLab and Kubernetes do, and by go-yaml's rules, which GitHub's are alike for such words."""
    parts = re.split(r"(?m)^---\n", text)
    return json.dumps([*yaml.safe_load_all(text), *(read(part, "f").value for part in parts)], default=repr)


@pytest.mark.parametrize("ci", CIS)
@pytest.mark.parametrize(
    ("name", "stack"), [("no", "1e3"), ("null", "true"), ("on", "1.10"), ("true", "2026-01-01"), ("off", "0x1f")]
)
def test_a_name_is_a_text_wherever_it_stands(name: str, stack: str, ci: str) -> None:
    plain, odd = _files("namename", "stackstack", ci), _files(name, stack, ci)

    def renamed(text: str) -> str:
        return text.replace("namename", name).replace("stackstack", stack)

    assert odd.keys() == {renamed(at) for at in plain}
    for at, text in plain.items():
        assert _read(odd[renamed(at)]) == renamed(_read(text)), at
