"""Small projects on the file cloud, for the tests of the engine."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lightly_core.secret import Secret
from lightly_sandbox.engine import Event, LocalStack

FILECLOUD = Path(__file__).parent / "filecloud"
HEAD = """
import pulumi

class Thing(pulumi.CustomResource):
    def __init__(self, name, key, opts=None, **props):
        super().__init__("filecloud:index:Thing", name, {"key": key, **props}, opts)

config = pulumi.Config()
version = config.get("version") or "1"
"""
DRIVER = """
import json, os, sys
from pathlib import Path
from lightly_core.secret import Secret
from lightly_sandbox.engine import LocalStack
folder, verb, version = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
Path(os.environ["FILECLOUD_ENGINE"]).write_text(str(os.getpid()))
stack = LocalStack(
    folder / "project", "test", folder / "state.json", Secret("x"), env=dict(os.environ), config={"version": version}
)
result = getattr(stack, verb)()
print(json.dumps({"ok": result.ok, "diagnostics": result.diagnostics}))
"""


@dataclass
class Sandbox:
    """A project with this program, its cloud and its state, below one folder."""

    folder: Path
    program: str
    more_yaml: str = ""
    events: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        project = self.folder / "project"
        project.mkdir(parents=True)
        self.cloud.mkdir()
        (project / "__main__.py").write_text(HEAD + self.program)
        plugins = f"plugins: {{providers: [{{name: filecloud, path: {FILECLOUD}}}]}}\n"
        (project / "Pulumi.yaml").write_text("name: small\nruntime: python\n" + plugins + self.more_yaml)

    @property
    def cloud(self) -> Path:
        return self.folder / "cloud"

    @property
    def state(self) -> Path:
        return self.folder / "state.json"

    @property
    def env(self) -> dict[str, str]:
        keep = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "PYTHONPATH")}
        return {**keep, "FILECLOUD": str(self.cloud), "FILECLOUD_ENGINE": str(self.folder / "engine.pid")}

    def stack(self, *, phrase: str = "x", **config: object) -> LocalStack:
        secret = Secret(phrase)
        on_event = self.events.append
        return LocalStack(
            self.folder / "project", "test", self.state, secret, env=self.env, config=config, on_event=on_event
        )

    def in_process(self, verb: str, version: str, env: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
        """One verb in a process of its own, which may be killed."""
        return self.run(DRIVER, verb, version, env)

    def run(self, code: str, verb: str, version: str, env: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
        """The same with other code around it."""
        command = [sys.executable, "-c", code, str(self.folder), verb, version]
        return subprocess.run(command, env={**self.env, **env}, capture_output=True, text=True, timeout=60, check=False)

    def things(self) -> set[str]:
        return {path.name for path in self.cloud.iterdir()}
