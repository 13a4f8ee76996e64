"""A stack on Pulumi's own engine, through its command line."""

import json
import os
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

from tests.lightly_sandbox.engine.fidelity.harness.project import PASSPHRASE, STACK
from tests.lightly_sandbox.engine.fidelity.harness.run import Told
from tests.lightly_sandbox.engine.fidelity.harness.scenario import Step

_VERBS = {
    "up": ["up", "--yes", "--skip-preview"],
    "preview": ["preview"],
    "refresh": ["refresh", "--yes", "--skip-preview"],
    "destroy": ["destroy", "--yes", "--skip-preview"],
    "import": ["import", "--yes", "--skip-preview", "--generate-code=false"],
}
_Events = list[dict[str, Any]]


class Pulumi:
    """The stack of the project in `<folder>/project`, in a file backend of its own."""

    def __init__(self, folder: Path, port: int) -> None:
        self._project = folder / "project"
        self._events = folder / "events.json"
        (folder / "backend").mkdir(parents=True)
        self._env = os.environ | {
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_BACKEND_URL": f"file://{folder / 'backend'}",
            "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_DEBUG_COMMANDS": "true",  # --event-log is known only then
            "PULUMI_DEBUG_PROVIDERS": f"rig:{port}",
        }
        self("stack", "init", STACK)

    def __call__(self, *args: str, check: bool = True, text: str | None = None) -> "subprocess.CompletedProcess[str]":
        """Run `pulumi` with these arguments in the project."""
        pulumi = shutil.which("pulumi")
        assert pulumi, "`pulumi` is not on PATH"
        command = [pulumi, *args, "--non-interactive", "--color", "never"]
        done = subprocess.run(command, cwd=self._project, env=self._env, capture_output=True, text=True, input=text)
        assert done.returncode == 0 or not check, f"pulumi {' '.join(args)}:\n{done.stdout}\n{done.stderr}"
        return done

    def take(self, step: Step) -> Told:
        self._events.unlink(missing_ok=True)
        args = [*_VERBS[step.verb], "--event-log", str(self._events)]
        args += ["--refresh"] if step.refresh else []
        args += list(step.target or ())
        done = self(*args, check=False)
        lines = self._events.read_text().splitlines() if self._events.exists() else []
        assert lines, f"pulumi said nothing:\n{done.stdout}\n{done.stderr}"
        return _told(done.returncode == 0, [json.loads(line) for line in lines])

    def export(self) -> dict[str, Any]:
        exported: dict[str, Any] = json.loads(self("stack", "export").stdout)
        return exported

    def load(self, state: dict[str, Any]) -> None:
        self("stack", "import", text=json.dumps(state))


def _told(ok: bool, events: _Events) -> Told:
    changes = [event["summaryEvent"]["resourceChanges"] or {} for event in events if "summaryEvent" in event]
    begun, failed = (_steps(events, kind) for kind in ("resourcePreEvent", "resOpFailedEvent"))
    said = [event["diagnosticEvent"] for event in events if "diagnosticEvent" in event]
    return Told(
        ok=ok,
        changes=changes[-1] if changes else {},
        steps=list((begun - failed).elements()),
        failed=list(failed.elements()),
        errors=[_error(text) for text in said if text["severity"] == "error"],
    )


def _steps(events: _Events, kind: str) -> Counter[tuple[str, str]]:
    about = [event[kind]["metadata"] for event in events if kind in event]
    return Counter((step["op"], step["urn"]) for step in about)


def _error(diagnostic: dict[str, Any]) -> str:
    """`<name of the resource>: <message>` on one line; of a program's traceback only the exception."""
    message = diagnostic["message"].strip()
    if "Traceback (most recent call last)" in message:
        exceptions = [line for line in message.splitlines() if re.match(r"[\w.]+(Error|Exception)?: ", line.strip())]
        message = f"program: {exceptions[-1] if exceptions else message}"
    return re.sub(r"\s+", " ", f"{diagnostic.get('urn', '').rsplit('::', 1)[-1]}: {message}").strip()
