"""A stack on the project's own engine."""

import json
import os
from pathlib import Path
from typing import Any

from lightly_core.secret import Secret
from lightly_sandbox.engine import Event, LocalStack, Result

from tests.lightly_sandbox.engine.fidelity.harness.project import PASSPHRASE, STACK, name_plugin
from tests.lightly_sandbox.engine.fidelity.harness.run import Told
from tests.lightly_sandbox.engine.fidelity.harness.scenario import Step
from tests.lightly_sandbox.engine.fidelity.rig.server import FOLDER_VARIABLE


class Local:
    """The stack of the project in `<folder>/project`; each verb opens it anew, as a new process would."""

    def __init__(self, folder: Path, port: int) -> None:
        self._folder = folder
        self._state = folder / "state.json"
        self._env = dict(os.environ) | self.reach(port)

    def reach(self, port: int) -> dict[str, str]:
        """The environment by which the engine finds the rig: a running server to attach to."""
        return {"PULUMI_DEBUG_PROVIDERS": f"rig:{port}"}

    def take(self, step: Step) -> Told:
        events: list[Event] = []
        result = self._run(step, self._open(events))
        return Told(
            ok=result.ok,
            changes=dict(result.changes),
            steps=[(done.op, done.urn) for done in result.steps],
            failed=[(event.op, event.urn) for event in events if event.kind == "step-failed"],
            errors=list(result.diagnostics),
        )

    def export(self) -> dict[str, Any]:
        return self._open([]).export()

    def load(self, state: dict[str, Any]) -> None:
        self._state.write_text(json.dumps(state))

    def _open(self, events: list[Event]) -> LocalStack:
        project, passphrase = self._folder / "project", Secret(PASSPHRASE)
        return LocalStack(project, STACK, self._state, passphrase, env=self._env, on_event=events.append)

    @staticmethod
    def _run(step: Step, stack: LocalStack) -> Result:
        match step.verb:
            case "up":
                return stack.up(refresh=step.refresh)
            case "import":
                assert step.target
                return stack.import_resource(*step.target)
            case "preview":
                return stack.preview()
            case "refresh":
                return stack.refresh()
            case "destroy":
                return stack.destroy()


class LocalWithPlugin(Local):
    """The same with the rig as a plugin that the engine starts itself, found by its path in Pulumi.yaml."""

    def reach(self, port: int) -> dict[str, str]:
        name_plugin(self._folder / "project")
        return {FOLDER_VARIABLE: str(self._folder)}
