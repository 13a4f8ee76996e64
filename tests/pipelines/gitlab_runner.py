"""Runs `.gitlab-ci.yml` as it says: the jobs whose rules hold, stage by stage, every line by bash.

https://docs.gitlab.com/ci/yaml/ ; what a pipeline may know is decided as GitLab documents it.
"""

import itertools
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from tests.pipelines.expression import evaluate

Values = Mapping[str, Any]


@dataclass
class Done:
    name: str
    result: str
    output: str = ""


@dataclass
class GitLabRunner:
    workspace: Path
    store: Path
    """Where artifacts are kept."""
    env: Mapping[str, str]
    checkout: Callable[[], None]
    login: Callable[[Mapping[str, str], Mapping[str, str]], Mapping[str, str]]
    """Given the audiences of the tokens and the variables of a job: what a cloud lets it have."""
    variables: Mapping[str, str] = field(default_factory=dict)
    scoped: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """The variables of each environment, which no rule knows."""

    def run(self, source: str, more: Mapping[str, str] | None = None, over: Values | None = None) -> dict[str, Done]:
        """The pipeline that `source` starts; `over` stands in the file that includes this one."""
        document = _merged(yaml.safe_load((self.workspace / ".gitlab-ci.yml").read_text()), over or {})
        known = {
            "CI_PIPELINE_SOURCE": source,
            "CI_PIPELINE_ID": "9",
            "CI_DEFAULT_BRANCH": "main",
            "CI_PROJECT_ID": "42",
        }
        known |= {**self.variables, **(more or {}), **document["variables"]}
        assert self._when(document["workflow"]["rules"], known)
        jobs = {
            name: _extended(job, document)
            for name, job in document.items()
            if isinstance(job, dict) and ("script" in job or "trigger" in job)
        }
        done: dict[str, Done] = {}
        shutil.rmtree(self.store, ignore_errors=True)
        self.store.mkdir()
        for stage in document["stages"]:
            well = all(each.result == "success" for each in done.values())
            for name, job in jobs.items():
                when = self._when(job["rules"], known) if job["stage"] == stage else None
                if when is None:
                    continue
                if not well and when != "always":
                    done[name] = Done(name, "skipped")
                elif "trigger" in job:
                    done |= self._child(name, job, known)
                else:
                    done |= self._jobs(name, job, document, known)
        return done

    def _when(self, rules: list[Values], known: Values) -> str | None:
        """Of the first rule that holds; None where none does."""
        for rule in rules:
            text = re.sub(r"\$(\w+)", r"env.\1", rule.get("if", "'x'")).replace('"', "'")
            if evaluate(text, {"env": known}, {}):
                when = str(rule.get("when", "on_success"))
                return None if when == "never" else when
        return None

    def _child(self, name: str, job: Values, known: Mapping[str, str]) -> dict[str, Done]:
        (include,) = job["trigger"]["include"]
        file = self.store / include["artifact"]
        if not file.exists():
            return {name: Done(name, "failure", f"no {file.name}")}
        child = yaml.safe_load(file.read_text())
        if child.pop("include", None) == [{"local": ".gitlab-ci.yml"}]:
            self.checkout()
            child_runner = replace(self, store=self.store.with_name("artifacts of the child"))
            inner = child_runner.run(
                "parent_pipeline", {name: text for name, text in known.items() if "SOURCE" not in name}, child
            )
            return {f"{name} / {key}": each for key, each in inner.items()}
        assert child == {"nothing is due": {"script": "true"}}
        return {f"{name} / nothing is due": Done(name, "success")}

    def _jobs(self, name: str, job: Values, document: Values, known: Mapping[str, str]) -> dict[str, Done]:
        (matrix,) = job.get("parallel", {}).get("matrix", [{}])
        done = {}
        for chosen in itertools.product(*matrix.values()):
            label = f"{name} {' '.join(chosen)}".strip()
            picked = {**job.get("variables", {}), **dict(zip(matrix, chosen, strict=True))}
            done[label] = self._job(label, job, document, {**known, **picked})
        return done

    def _job(self, name: str, job: Values, document: Values, known: Mapping[str, str]) -> Done:
        self.checkout()
        shutil.copytree(self.store, self.workspace, dirs_exist_ok=True)
        place = job.get("environment", {}).get("name", "")
        env = {**self.env, **known, **self.scoped.get(place, {})}
        audiences = {token: str(asked["aud"]) for token, asked in job.get("id_tokens", {}).items()}
        env |= {token: f"token for {audience}" for token, audience in audiences.items()}
        env |= self.login(audiences, {**env, "CI_ENVIRONMENT_NAME": place})
        lines = [*job.get("before_script", document["default"]["before_script"]), *job["script"]]
        if (self.workspace / ".venv").exists():  # as from a cache: what made it once is not run again
            lines = [line for line in lines if line not in document["default"]["before_script"]]
        ended = self._shell(lines, env)
        result = "failed" if ended.returncode else "success"
        after = self._shell(job.get("after_script", []), {**env, "CI_JOB_STATUS": result})
        artifacts = job.get("artifacts", {})
        if result == "success" or artifacts.get("when") == "always":
            for path in artifacts.get("paths", []):
                found = self.workspace / path
                if found.is_dir():
                    shutil.copytree(found, self.store / path, dirs_exist_ok=True)
                elif found.exists():
                    shutil.copy(found, self.store / path)
        return Done(name, result, ended.stdout + after.stdout)

    def _shell(self, lines: list[str], env: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
        """All lines in one shell, which ends with the first that fails."""
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", "\n".join(lines)],
            cwd=self.workspace,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
        )


def _merged(document: Values, over: Values) -> dict[str, Any]:
    """As an included file and the one that includes it are: tables are merged, lists are not."""
    both = {key: _merged(document[key], value) for key, value in over.items() if isinstance(value, dict)}
    return {**document, **over, **both}


def _extended(job: Values, document: Values) -> dict[str, Any]:
    """With what its `extends` names; tables are merged, lists are not."""
    base = document[job["extends"]] if "extends" in job else {}
    return {**base, **job}
