"""Whoever deploys: Pulumi's engine, through its Automation API, with its state in a folder of ours."""

import functools
import json
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import yaml
from lightly_core.scrub import Scrubber
from lightly_core.secret import Secret, secrets_among
from pulumi import automation
from pulumi.automation._stack import ImportResource
from pulumi.automation.errors import CommandError

from lightly_sandbox.deployer import program_server
from lightly_sandbox.deployer.command import ATTACH, Command
from lightly_sandbox.deployer.listener import Listener
from lightly_sandbox.deployer.outcome import Event, Outcome, State
from lightly_sandbox.deployer.passphrase import Passphrase, secrets_of
from lightly_sandbox.deployer.project import Project, environment
from lightly_sandbox.pulumi_cli import find

PARALLEL: Final = 32
_SETTINGS: Final = {
    "PULUMI_SKIP_UPDATE_CHECK": "true",
    "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
    "PULUMI_DEBUG_COMMANDS": "true",  # without it there is no --event-log
    "PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS": "true",
}
_FAST: Final = {"PULUMI_SKIP_CHECKPOINTS": "true", "PULUMI_EXPERIMENTAL": "true"}

program_server.install()


def passphrase() -> Secret:
    """Of the state: PULUMI_CONFIG_PASSPHRASE, so that `pulumi stack import` can take stack.json; else a secret one."""
    given = os.environ.get("PULUMI_CONFIG_PASSPHRASE")
    return Secret(os.urandom(16).hex() if given is None else given)


class _Stack(automation.Stack):
    """A stack that asks nothing but what is to be done: a question takes half a second, and the events answer them."""

    def __init__(self, name: str, workspace: automation.Workspace, *, new: bool) -> None:
        self.name, self.workspace = name, workspace
        if new:
            workspace.create_stack(name)

    def outputs(self) -> automation.OutputMap:
        return {}

    def info(self, show_secrets: bool = True) -> automation.UpdateSummary:
        return automation.UpdateSummary("", datetime.now(UTC), "", {}, {}, "")


class Deployer:
    """One stack of a program. Each verb is one run."""

    def __init__(
        self,
        project: Project,
        stack: str,
        folder: Path,
        env: Mapping[str, str],
        *,
        phrase: Secret | None = None,
        config: Mapping[str, object] | None = None,
        on_event: Callable[[Event], None] | None = None,
        packs: Sequence[Path] = (),
        parallel: int = PARALLEL,
        checkpoints: bool = False,
    ) -> None:
        """`folder` is the stack's own, and keeps it; `env` is added to the environment, `config` to the stack's file.

        A Secret in `config` is encrypted. `packs` are policy packs, executables or folders, that check an `up` or a
        preview. With `checkpoints` the state is written at every step, so that a killed run leaves what it did.
        """
        self._project, self._name, self._folder = project, stack, folder
        self._env = {**env}
        self._overrides, self._packs, self._parallel = config or {}, [str(pack) for pack in packs], parallel
        self._on_event = on_event or (lambda _: None)
        self._phrase, self._fast = phrase or passphrase(), {} if checkpoints else _FAST
        self._scrubber = Scrubber()
        self._scrubber.learn(self._phrase.reveal(), *(secret.reveal() for secret in secrets_among(env)))

    def make(self) -> None:
        """Make the stack, when its folder does not have it, as the first verb would."""
        _ = self._stack

    # --- the verbs

    def preview(self, *, refresh: bool = False, config: Mapping[str, object] | None = None) -> Outcome:
        """What `up` would do; with `refresh` after a look into the clouds, with the logins of the program."""
        return self._run(
            lambda stack, hear: stack.preview(
                parallel=self._parallel,
                refresh=refresh,
                run_program=refresh or None,
                policy_packs=self._packs,
                on_event=hear,
                program=self._project.run,
            ),
            config,
        )

    def up(
        self,
        *,
        refresh: bool = False,
        guarded: bool = True,
        config: Mapping[str, object] | None = None,
        continue_on_error: bool = False,
    ) -> Outcome:
        """Deploy the program, `guarded` by the policy packs; `config` overrides the stack's file for this run."""
        packs = self._packs if guarded else []
        return self._run(
            lambda stack, hear: stack.up(
                parallel=self._parallel,
                refresh=refresh,
                policy_packs=packs,
                continue_on_error=continue_on_error,
                on_event=hear,
                program=self._project.run,
            ),
            config,
        )

    def refresh(self, *, clear_pending_creates: bool = False, run_program: bool = False) -> Outcome:
        """Compare the state with the clouds; with the program, the stack's outputs follow."""
        program: dict[str, Any] = {"run_program": True, "program": self._project.run} if run_program else {}
        return self._run(
            lambda stack, hear: stack.refresh(
                parallel=self._parallel, on_event=hear, clear_pending_creates=clear_pending_creates, **program
            )
        )

    def destroy(self) -> Outcome:
        """Remove everything that the state knows."""
        return self._run(lambda stack, hear: stack.destroy(parallel=self._parallel, on_event=hear))

    def adopt(self, resources: Sequence[ImportResource], names: Mapping[str, str]) -> Outcome:
        """`pulumi import --file`: take what exists into the state, protected; `names` stand for URNs of the state."""
        project = self._folder / "project" / "Pulumi.yaml"
        stack = self._stack
        written = project.read_text()
        with program_server.serving(self._project.run) as address:
            # `import` takes no program and asks the runtime for its packages all the same: it is told where ours is.
            runtime = {"name": "client", "options": {"address": address}}
            project.write_text(yaml.safe_dump({"name": self._project.name, "runtime": runtime}))
            try:
                return self._run(
                    lambda *_: stack.import_resources(
                        resources=list(resources), name_table=dict(names), generate_code=False
                    )
                )
            finally:
                project.write_text(written)

    def cancel(self) -> None:
        """`pulumi cancel`: a killed run holds the stack until somebody says that it is over."""
        self._stack.cancel()

    # --- the state

    def state(self, *, show_secrets: bool = False) -> State:
        """The state; secrets encrypted unless asked for."""
        latest = json.loads(self._state_file.read_text())["checkpoint"]["latest"] if self._state_file.exists() else None
        state: State = {"version": 3, "deployment": latest or {}}
        if not (show_secrets and latest):
            return state
        shown: State = Passphrase(self._phrase, latest["secrets_providers"]["state"]["salt"]).reveal(state)
        return shown

    def take(self, state: State) -> None:
        """Go on from this state, as `pulumi stack import` does; its secrets open with our passphrase."""
        self._stack.import_stack(automation.Deployment(**state))

    # --- how

    def _run(
        self, verb: Callable[[automation.Stack, Any], object], config: Mapping[str, object] | None = None
    ) -> Outcome:
        stack, listener = self._stack, Listener(self._on_event, self._scrubber)
        self._scrubber.learn(*secrets_of(self.state(show_secrets=True)))
        self._configure({**self._project.config, **self._overrides, **(config or {})})
        with environment(self._env):
            try:
                verb(stack, listener.hear)
            except CommandError:
                return listener.outcome(False, self.command.said)
        return listener.outcome(True)

    @functools.cached_property
    def command(self) -> Command:
        """Pulumi's command line."""
        found = find()
        return Command(found.path, str(found.version), self._phrase)

    @functools.cached_property
    def _stack(self) -> _Stack:
        """The stack, which is made when its folder does not have it."""
        work, backend = self._folder / "project", self._folder / "backend"
        new = not self._state_file.exists()
        for folder in (work, backend):
            folder.mkdir(parents=True, exist_ok=True)
        if new:
            (work / "Pulumi.yaml").write_text(yaml.safe_dump({"name": self._project.name, "runtime": "python"}))
            self._configure({})
        workspace = automation.LocalWorkspace(
            work_dir=str(work),
            pulumi_home=str(self._folder / "home"),
            pulumi_command=self.command,
            # Not the environment of the program, which runs in this process, as do none of the providers.
            env_vars={
                **_SETTINGS,
                **self._fast,
                ATTACH: self._env.get(ATTACH, ""),
                "PULUMI_BACKEND_URL": backend.as_uri(),
            },
        )
        return _Stack(self._name, workspace, new=new)

    @property
    def _state_file(self) -> Path:
        return self._folder / "backend" / ".pulumi" / "stacks" / self._project.name / f"{self._name}.json"

    @functools.cached_property
    def _passphrase(self) -> Passphrase:
        """Of the configuration, as the stack was made with it."""
        file = self._config_file
        salt = yaml.safe_load(file.read_text())["encryptionsalt"] if file.exists() else ""
        return Passphrase(self._phrase, salt)

    @property
    def _config_file(self) -> Path:
        return self._folder / "project" / f"Pulumi.{self._name}.yaml"

    def _configure(self, config: Mapping[str, object]) -> None:
        """Write the stack's file: the configuration, its secrets encrypted."""
        written = {
            key: {"secure": self._passphrase.encrypt(value.reveal())} if isinstance(value, Secret) else value
            for key, value in config.items()
        }
        document = {"encryptionsalt": self._passphrase.salt, "config": written}
        self._config_file.write_text(yaml.safe_dump(document, sort_keys=False))
