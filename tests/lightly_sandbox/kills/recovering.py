"""`lightly-access recover` for a stack of a test, in this process, with the Pulumi that rehearsals use."""

import contextlib
import io
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml
from lightly_cli.main import main
from lightly_sandbox.deployer import Project, program_server
from lightly_sandbox.deployer.project import environment
from lightly_sandbox.pulumi_cli import find
from lightly_sandbox.sandbox import Sandbox

from tests.deploying import ROOT, STACK


def recover(
    sandbox: Sandbox, folder: Path, phrase: str, *args: str, env: Mapping[str, str] | None = None
) -> tuple[int, str]:
    """Exit code and output; `folder` is the stack's."""
    with _project(sandbox, folder, phrase, env or {}):
        out = io.StringIO()
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
                main(["recover", "--stack", STACK, *args])
        except SystemExit as ended:
            return int(ended.code or 0), out.getvalue()
    raise AssertionError("main() always ends")


@contextlib.contextmanager
def _project(sandbox: Sandbox, folder: Path, phrase: str, env: Mapping[str, str]) -> Iterator[None]:
    """As a user stands in it: the program is there to be previewed, and Pulumi on PATH."""
    work, project = folder / "project", Project.load(ROOT, STACK)
    file, here = work / "Pulumi.yaml", Path.cwd()
    written = file.read_text()
    settings = {
        **sandbox.deployment(),
        "PATH": f"{find().path.parent}{os.pathsep}{os.environ['PATH']}",
        "PULUMI_BACKEND_URL": (folder / "backend").as_uri(),
        "PULUMI_HOME": str(folder / "home"),
        "PULUMI_CONFIG_PASSPHRASE": phrase,
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        **env,
    }
    with environment(settings), program_server.serving(project.run) as address:
        runtime = {"name": "client", "options": {"address": address}}
        file.write_text(yaml.safe_dump({"name": project.name, "runtime": runtime}))
        os.chdir(work)
        try:
            yield
        finally:
            os.chdir(here)
            file.write_text(written)
