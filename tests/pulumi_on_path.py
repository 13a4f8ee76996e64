"""Pulumi's command line for verbs that run it: without its Python host, a program of this process is served to it."""

import contextlib
import os
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from lightly_sandbox.deployer import program_server
from lightly_sandbox.deployer.command import ATTACH
from lightly_sandbox.deployer.project import Project
from lightly_sandbox.pulumi_cli.finder import find
from lightly_sandbox.sandbox import Sandbox

from tests.deploying import ROOT, STACK


@contextlib.contextmanager
def pulumi_on_path(
    sandbox: Sandbox, folder: Path, monkeypatch: pytest.MonkeyPatch, phrase: str, **more: str
) -> Iterator[None]:
    """Inside the block `pulumi` is what a user has: logged in to the backend in `folder`, in the project's folder.

    `up` gets the program of this repository, served by this process; whatever else it is told is what a user tells it.
    """
    project = Project.load(ROOT, STACK)
    with program_server.serving(project.run) as address:
        tools = folder / "tools"
        tools.mkdir(exist_ok=True)
        script = tools / "pulumi"
        real, served = shlex.quote(str(find().path)), f"--client={address} --exec-kind=auto.inline"
        script.write_text(f'#!/bin/sh\ncase " $* " in *" up "*) exec {real} "$@" {served} ;; esac\nexec {real} "$@"\n')
        script.chmod(0o755)
        environment = {
            **sandbox.deployment(),
            "PULUMI_BACKEND_URL": (folder / "backend").as_uri(),
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_CONFIG_PASSPHRASE": phrase,
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PATH": f"{tools}:{os.environ['PATH']}",
            **more,
        }
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.chdir(folder / "project")
        yield


def own_provider(environment: Mapping[str, str]) -> dict[str, str]:
    """Each engine starts the `lightly` provider, as a user's does: one that several share is cancelled for all of them
    by the first that is done."""
    attached = [each for each in environment[ATTACH].split(",") if not each.startswith("lightly:")]
    return {**environment, ATTACH: ",".join(attached)}
