"""Runs a workflow of GitHub Actions as its file says: every shell line by bash, actions by what stands in for them.

What decides who gets which right is decided here as GitHub documents it, for a pull request of a fork too:
https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax and
https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#pull_request
"""

import itertools
import json
import re
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.pipelines.expression import STATUS, evaluate, fill, shown

Values = Mapping[str, Any]
SHELL = ("bash", "--noprofile", "--norc", "-eo", "pipefail")
"""What `shell: bash` means."""


@dataclass
class Step:
    name: str
    result: str
    output: str = ""


@dataclass
class Job:
    """What became of a job; of one with a matrix there are several."""

    name: str
    result: str = "skipped"
    steps: list[Step] = field(default_factory=list)
    outputs: dict[str, Any] = field(default_factory=dict)
    summary: str = ""

    def step(self, name: str) -> Step:
        (found,) = [step for step in self.steps if name in step.name]
        return found

    def said(self) -> str:
        return "\n".join(f"## {step.name}: {step.result}\n{step.output}" for step in self.steps)


@dataclass
class Running:
    """A job that runs, as an action sees it."""

    workspace: Path
    event: Values
    permissions: Mapping[str, str]
    environment: str
    env: dict[str, str]
    added: dict[str, str]
    """What it puts into the environment of later steps."""


Action = Callable[[Running, Values], None]
"""What stands in for an action: given its inputs; raises where the action would fail."""


@dataclass
class Runner:
    """A repository at GitHub, and a machine that runs its jobs one after another."""

    repository: str
    machine: Path
    workspace: Path
    env: Mapping[str, str]
    actions: Mapping[str, Action]
    github: Path
    """What `tests.pipelines.fake_gh` keeps."""
    variables: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Of each environment."""
    once: str = ""
    """A step that is run the first time: later jobs find what it made, as on a machine with a cache."""
    _ran: str = ""
    _count: Any = field(default_factory=lambda: itertools.count(1))

    def run(self, workflow: str, event: Values, inputs: Values | None = None) -> dict[str, Job]:
        """Every job, after those that it needs. `event` is `github` of the contexts."""
        document = yaml.safe_load((self.workspace / ".github" / "workflows" / workflow).read_text())
        triggers = document[True]  # `on`, which YAML 1.1 reads as a boolean
        assert ("workflow_call" if inputs is not None else event["event_name"]) in triggers
        done: dict[str, Job] = {}
        for key, job in document["jobs"].items():  # written so that what is needed stands first
            needed = [job["needs"]] if isinstance(job.get("needs"), str) else job.get("needs", [])
            needs = {name: {"result": done[name].result, "outputs": done[name].outputs} for name in needed}
            well = all(each["result"] == "success" for each in needs.values())
            contexts = {"github": event, "needs": needs, "inputs": inputs or {}}
            if not self._goes(job.get("if"), contexts, well=well):
                done[key] = Job(key)
            elif "uses" in job:
                done |= self._called(key, job, event, contexts)
            else:
                done |= self._jobs(key, job, document, contexts)
        return done

    def _goes(self, condition: str | None, contexts: Values, *, well: bool) -> bool:
        functions = {"success": lambda: well, "failure": lambda: not well, "cancelled": bool, "always": lambda: True}
        if condition is None:
            return well
        text = condition.strip().removeprefix("${{").removesuffix("}}")
        return bool(evaluate(text, contexts, functions)) and (well or bool(STATUS.search(text)))

    def _called(self, key: str, job: Values, event: Values, contexts: Values) -> dict[str, Job]:
        """A workflow of this repository; it may do no more than who calls it."""
        place = job["uses"].removeprefix("./.github/workflows/")
        called = yaml.safe_load((self.workspace / ".github" / "workflows" / place).read_text())
        for inner in called["jobs"].values():
            assert inner["permissions"].items() <= job["permissions"].items()
        inputs = _filled(job["with"], contexts)
        return {f"{key} / {name}": done for name, done in self.run(place, event, inputs).items()}

    def _jobs(self, key: str, job: Values, document: Values, contexts: Values) -> dict[str, Job]:
        matrix = job.get("strategy", {}).get("matrix", {})
        functions = {"fromJSON": json.loads}
        filled = {
            name: fill(values, contexts, functions) if isinstance(values, str) else values
            for name, values in matrix.items()
        }
        done = {}
        for chosen in itertools.product(*filled.values()):
            picked = dict(zip(filled, chosen, strict=True))
            name = f"{key} {' '.join(chosen)}".strip()
            done[name] = self._job(name, job, document, {**contexts, "matrix": picked})
        return done

    def _job(self, name: str, job: Values, document: Values, contexts: Values) -> Job:
        assert document["permissions"] == {}, "what no job asks for, none has"
        event = contexts["github"]
        fork = event.get("event", {}).get("pull_request", {}).get("head", {}).get("repo", {}).get("full_name")
        own = fork in (None, self.repository)
        # Of a fork the token reads, and there is neither a variable nor a token for a cloud.
        rights = {what: level if own else "read" for what, level in job["permissions"].items()}
        if not own:
            rights.pop("id-token", None)
        environment = job.get("environment", "")
        known: dict[str, Any] = {
            "github": {**event, "token": self._token(rights)},
            "runner": {"temp": str(self.machine / "temp")},
        }
        known |= {"vars": self.variables.get(environment, {}) if own else {}, "job": {"status": "success"}, "steps": {}}
        contexts = {**contexts, **known}
        env = {**self.env, "RUNNER_TEMP": str(self.machine / "temp"), "GITHUB_REPOSITORY": self.repository}
        env |= {key: shown(value) for key, value in _filled(job.get("env", {}), contexts).items()}
        (self.machine / "temp").mkdir(parents=True)
        done = Job(name, "success")
        running = Running(self.workspace, event, rights, environment, env, {})
        try:
            for step in job["steps"]:
                contexts["job"]["status"] = done.result
                well = done.result == "success"
                if not self._goes(step.get("if"), contexts, well=well):
                    done.steps.append(Step(step.get("name", step.get("uses", "")), "skipped"))
                    continue
                assert document["defaults"]["run"]["shell"] == "bash"
                taken = self._step(step, running, contexts, done)
                done.steps.append(taken)
                if taken.result == "failure":
                    done.result = "failure"
        finally:
            subprocess.run(["rm", "-rf", self.machine / "temp"], check=True)
        done.outputs = {key: shown(value) for key, value in _filled(job.get("outputs", {}), contexts).items()}
        return done

    def _token(self, rights: Mapping[str, str]) -> str:
        """Another one for each job, with its rights."""
        state, token = json.loads(self.github.read_text()), f"ghs_{next(self._count)}"
        state["tokens"] = {token: dict(rights)}
        self.github.write_text(json.dumps(state))
        return token

    def _step(self, step: Values, running: Running, contexts: dict[str, Any], job: Job) -> Step:
        name = step.get("name", step.get("uses", ""))
        env = {**running.env, **running.added}
        env |= {key: shown(value) for key, value in _filled(step.get("env", {}), contexts).items()}
        if "uses" in step:
            action, _, commit = step["uses"].partition("@")
            assert re.fullmatch("[0-9a-f]{40}", commit)
            try:
                self.actions[action](running, _filled(step.get("with", {}), contexts))
            except AssertionError as error:
                return Step(name, "failure", str(error))
            return Step(name, "success")
        if name == self.once:
            if step["run"] == self._ran:
                return Step(name, "success")
            self._ran = step["run"]
        files = {what: self.machine / "temp" / what for what in ("GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_STEP_SUMMARY")}
        for file in files.values():
            file.write_text("")
        assert "${{" not in step["run"], "a value in a shell line can be a command"
        ended = subprocess.run(
            [*SHELL, "-c", step["run"]],
            cwd=running.workspace,
            env={**env, **{what: str(file) for what, file in files.items()}},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
        )
        running.added.update(_assigned(files["GITHUB_ENV"].read_text()))
        if "id" in step:
            contexts["steps"][step["id"]] = {"outputs": _assigned(files["GITHUB_OUTPUT"].read_text())}
        job.summary += files["GITHUB_STEP_SUMMARY"].read_text()
        return Step(name, "failure" if ended.returncode else "success", ended.stdout)


def _filled(values: Values, contexts: Values) -> dict[str, Any]:
    return {name: fill(value, contexts, {}) if isinstance(value, str) else value for name, value in values.items()}


def _assigned(text: str) -> dict[str, str]:
    """`name=value`, and `name<<end` with lines until that end."""
    found, lines = dict[str, str](), iter(text.splitlines())
    for line in lines:
        if match := re.fullmatch(r"([\w-]+)<<(\S+)", line):
            found[match[1]] = "\n".join(itertools.takewhile(lambda each, end=match[2]: each != end, lines))  # type: ignore[misc]
        elif line:
            name, sign, value = line.partition("=")
            assert sign, line
            found[name] = value
    return found
