"""Whoever deploys the program: the local engine, or Pulumi's own command line where it is installed."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import yaml
from lightly_core.secret import Secret

from lightly_sandbox.engine import Event, LocalStack, Result
from lightly_sandbox.engine.policies import sentence

State = dict[str, Any]
"""A deployment as `pulumi stack export` writes it."""
OnStep = Callable[[str], None]
"""Told, in words, what is being done right now."""


@dataclass(frozen=True)
class Outcome:
    """What one run did: whether it succeeded, how many resources it touched, and what it said."""

    ok: bool
    created: int = 0
    updated: int = 0
    replaced: int = 0
    deleted: int = 0
    diagnostics: tuple[str, ...] = ()
    verifying: float = 0.0
    """Seconds from the first verification's begin to the last one's end."""

    @property
    def unchanged(self) -> bool:
        """Whether nothing was touched."""
        return not (self.created or self.updated or self.replaced or self.deleted)

    def says(self, *words: str) -> bool:
        """Whether one diagnostic holds all these words."""
        return any(all(word.lower() in text.lower() for word in words) for text in self.diagnostics)


def outcome(ok: bool, changes: Mapping[str, int], diagnostics: tuple[str, ...], verifying: float = 0.0) -> Outcome:
    """From the counts of Pulumi's operations."""
    created, updated, replaced, deleted = (changes.get(op, 0) for op in ("create", "update", "replace", "delete"))
    return Outcome(ok, created, updated, replaced, deleted, diagnostics, verifying)


class Watch:
    """Measures how long the verifications of one run took, from the times at which something was told about them."""

    def __init__(self) -> None:
        self._first = self._last = 0.0

    def see(self, urn: str, when: float) -> None:
        """Something happened to this resource."""
        if "lightly:index:Verification::" in urn:
            self._first, self._last = self._first or when, when

    @property
    def seconds(self) -> float:
        """From the first to the last."""
        return self._last - self._first


def passphrase() -> Secret:
    """Of the state: PULUMI_CONFIG_PASSPHRASE, so that `pulumi stack import` can take stack.json; else a secret one."""
    given = os.environ.get("PULUMI_CONFIG_PASSPHRASE")
    return Secret(os.urandom(16).hex() if given is None else given)


_LOGINS = re.compile(r"(AWS|AZURE|ARM|GOOGLE|GCLOUD|CLOUDSDK|LIGHTLY|MSI|IDENTITY)_\w+|PULUMI_ACCESS_TOKEN")


def without_logins(environ: Mapping[str, str]) -> dict[str, str]:
    """An environment without the user's ways into clouds, Lightly and Pulumi: the rehearsal needs none of them."""
    return {name: value for name, value in environ.items() if not _LOGINS.fullmatch(name)}


class PulumiMissingError(FileNotFoundError):
    """Pulumi's command line was asked for and is not there."""

    def __init__(self) -> None:
        super().__init__(
            "--engine: pulumi is not on PATH, expected Pulumi's command line\nhint: --engine local, or install Pulumi"
        )


class Deployer(Protocol):
    """The verbs of a deployment. `config` overrides keys of the stack's file for one run."""

    name: str

    def up(self, *, refresh: bool = False, judged: bool = False, config: Mapping[str, object] | None = None) -> Outcome:
        """Deploy the program; `judged` by the policy packs."""
        ...

    def refresh(self) -> Outcome:
        """Compare the state with the clouds."""
        ...

    def destroy(self) -> Outcome:
        """Remove everything that the state knows."""
        ...

    def state(self, *, show_secrets: bool = False) -> State:
        """The state; secrets encrypted unless asked for."""
        ...


def without_salt(project: Path, stack: str, aside: Path) -> Path:
    """The project; or, once Pulumi wrote a salt into the stack's file, a view of it in `aside` with the file's config.

    A salt belongs to the passphrase of whoever ran `pulumi stack init`; a rehearsal has one of its own.
    """
    config: dict[str, Any] = yaml.safe_load((project / "stacks" / f"Pulumi.{stack}.yaml").read_text())
    if "encryptionsalt" not in config:
        return project
    program: dict[str, Any] = yaml.safe_load((project / "Pulumi.yaml").read_text())
    program |= {"main": str(project / program["main"]), "stackConfigDir": "."}
    for plugin in program["plugins"]["providers"]:
        plugin["path"] = str(project / plugin["path"])
    aside.mkdir(parents=True, exist_ok=True)
    (aside / "Pulumi.yaml").write_text(yaml.safe_dump(program, sort_keys=False))
    (aside / f"Pulumi.{stack}.yaml").write_text(yaml.safe_dump({"config": config["config"]}, sort_keys=False))
    return aside


class LocalDeployer:
    """The engine of this project."""

    name = "local"

    def __init__(
        self,
        project: Path,
        stack: str,
        out: Path,
        env: Mapping[str, str],
        on_step: OnStep,
        policy_packs: Sequence[Path] = (),
    ) -> None:
        """`policy_packs` are folders; they judge the updates that ask for it."""
        self._packs = tuple(policy_packs)
        seen = without_salt(project, stack, out / "local")
        self._where = (seen, stack, out / "state.json", passphrase())
        self._env, self._on_step, self._watch = env, on_step, Watch()

    def _stack(self, config: Mapping[str, object] | None = None, packs: Sequence[Path] = ()) -> LocalStack:
        return LocalStack(*self._where, env=self._env, config=config, on_event=self._told, policy_packs=packs)

    def _told(self, event: Event) -> None:
        self._watch.see(event.urn, time.monotonic())
        if event.kind in ("diagnostic", "step-done"):
            return
        name = (event.urn or "").rsplit("::", 1)[-1]
        self._on_step(f"{event.op or ''} {name} {event.message or ''}".strip())

    def _outcome(self, run: Callable[[], Result]) -> Outcome:
        self._watch = Watch()
        result = run()
        return outcome(result.ok, result.changes, tuple(result.diagnostics), self._watch.seconds)

    def up(self, *, refresh: bool = False, judged: bool = False, config: Mapping[str, object] | None = None) -> Outcome:
        return self._outcome(lambda: self._stack(config, self._packs if judged else ()).up(refresh=refresh))

    def refresh(self) -> Outcome:
        return self._outcome(self._stack().refresh)

    def destroy(self) -> Outcome:
        return self._outcome(self._stack().destroy)

    def state(self, *, show_secrets: bool = False) -> State:
        exported: State = self._stack().export(show_secrets=show_secrets)
        return exported


class PulumiDeployer:
    """Pulumi's command line, with its state in a folder of the rehearsal."""

    name = "pulumi"

    def __init__(
        self,
        project: Path,
        stack: str,
        out: Path,
        env: Mapping[str, str],
        on_step: OnStep,
        policy_packs: Sequence[Path] = (),
    ) -> None:
        """`policy_packs` are folders; they judge the updates that ask for it."""
        self._packs = tuple(policy_packs)
        command = shutil.which("pulumi")
        if not command:
            raise PulumiMissingError
        self._command, self._project, self._stack, self._out, self._on_step = command, project, stack, out, on_step
        backend = out / "pulumi"
        backend.mkdir(parents=True, exist_ok=True)
        self._env = {
            **env,
            "PULUMI_BACKEND_URL": backend.as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": passphrase().reveal(),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DEBUG_COMMANDS": "true",  # without it there is no --event-log
            "PULUMI_AUTOMATION_API_SKIP_VERSION_CHECK": "true",
        }
        self._program = yaml.safe_load((project / "stacks" / f"Pulumi.{stack}.yaml").read_text())
        # `stack init` writes a salt into the stack's file: into one of our own, not into the project's.
        aside = out / "pulumi" / "stack"
        aside.mkdir()
        (aside / "Pulumi.yaml").write_text("name: lightly-access\nruntime: python\n")
        self._run("stack", "init", stack, "--cwd", str(aside))
        self._config = aside / f"Pulumi.{stack}.yaml"
        self._salt = {"encryptionsalt": yaml.safe_load(self._config.read_text())["encryptionsalt"]}

    def _run(self, *arguments: str, may_fail: bool = False) -> "subprocess.CompletedProcess[str]":
        done = subprocess.run(  # noqa: S603 - the command that the user has on PATH
            [self._command, *arguments, "--non-interactive"],
            cwd=self._project,
            env={**without_logins(os.environ), **self._env},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode and not may_fail:
            raise RuntimeError(f"pulumi {arguments[0]} ended with exit code {done.returncode}: {done.stderr.strip()}")
        return done

    def _deploy(self, *arguments: str, config: Mapping[str, object] | None = None) -> Outcome:
        written = {"config": {**self._program["config"], **(config or {})}, **self._salt}
        self._config.write_text(yaml.safe_dump(written, sort_keys=False))
        self._on_step(f"pulumi {arguments[0]}")
        options = ("--yes", "--skip-preview", "--stack", self._stack, "--config-file", str(self._config))
        with tempfile.NamedTemporaryFile(dir=self._out, suffix=".events") as log:
            done = self._run(*arguments, *options, "--event-log", log.name, may_fail=True)
            events = [json.loads(line) for line in Path(log.name).read_text().splitlines()]
        counts: dict[str, int] = {}
        said = []
        watch = Watch()
        for event in events:
            step = event.get("resourcePreEvent") or event.get("resOutputsEvent") or {}
            watch.see(step.get("metadata", {}).get("urn", ""), event.get("timestamp", 0))
            counts |= event.get("summaryEvent", {}).get("resourceChanges") or {}
            if (diagnostic := event.get("diagnosticEvent")) and diagnostic["severity"] in ("error", "warning"):
                said.append(diagnostic["message"])
            if violation := event.get("policyEvent"):
                said.append(_violation(violation))
        if done.returncode and not said:
            said.append(done.stderr.strip())
        return outcome(done.returncode == 0, counts, tuple(said), watch.seconds)

    def up(self, *, refresh: bool = False, judged: bool = False, config: Mapping[str, object] | None = None) -> Outcome:
        packs = [argument for pack in self._packs if judged for argument in ("--policy-pack", str(pack))]
        return self._deploy("up", *(["--refresh"] if refresh else []), *packs, config=config)

    def refresh(self) -> Outcome:
        return self._deploy("refresh")

    def destroy(self) -> Outcome:
        return self._deploy("destroy")

    def state(self, *, show_secrets: bool = False) -> State:
        done = self._run("stack", "export", "--stack", self._stack, *(["--show-secrets"] if show_secrets else []))
        exported: State = json.loads(done.stdout)
        return exported


def _violation(event: Mapping[str, str]) -> str:
    """A violation in the words of the local engine, without Pulumi's colours."""
    text = re.sub(r"<\{%.*?%\}>", "", event["message"])
    name = event.get("resourceUrn", "").rsplit("::", 1)[-1]
    said = f"{name}: {sentence(event['policyPackName'], event['policyName'], text)}"
    return said if event["enforcementLevel"] == "mandatory" else f"warning: {said}"


def choose(
    engine: str,
    project: Path,
    stack: str,
    out: Path,
    env: Mapping[str, str],
    on_step: OnStep,
    policy_packs: Sequence[Path] = (),
) -> Deployer:
    """The deployer for `auto` (Pulumi's where it is on PATH), `local` or `pulumi`."""
    if engine == "pulumi" or (engine == "auto" and shutil.which("pulumi")):
        return PulumiDeployer(project, stack, out, env, on_step, policy_packs)
    return LocalDeployer(project, stack, out, env, on_step, policy_packs)
