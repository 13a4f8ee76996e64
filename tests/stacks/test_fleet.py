"""Two stacks deploy one manifest of every cloud, then three: Ctrl-C loses nothing, and nothing is made anew."""

import json
import os
import shlex
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml
from lightly_access.tables.shard import Shard, shard_of
from lightly_cli.deployed import document
from lightly_cli.fleet_engine import Running
from lightly_cli.main import main
from lightly_sandbox.deployer import program_server
from lightly_sandbox.deployer.project import Project
from lightly_sandbox.pulumi_cli.finder import find
from lightly_sandbox.sandbox import Sandbox
from lightly_sandbox.start import start_sandbox

from tests.deploying import ROOT, seed
from tests.pulumi_on_path import own_provider
from tests.stacks.changed.deployment import CONFIG
from tests.stacks.test_move import made

FLEET: dict[str, Any] = json.loads(json.dumps(CONFIG))
FLEET["lightly-access:stores"]["results"]["kms_key"] = "create"
DATASETS = FLEET["lightly-access:datasets"]


class Program:
    """The program of every stack, and who interrupts its deployment."""

    def __init__(self) -> None:
        self.project, self.interrupted = Project("lightly-access", ROOT / "stacks"), ""
        self.address, self.told = "", threading.Event()

    def run(self) -> None:
        if pulumi.get_stack() == self.interrupted and not pulumi.runtime.is_dry_run():
            self.interrupted = ""
            os.kill(os.getpid(), signal.SIGINT)
            assert self.told.wait(60), "Pulumi was not told to cancel"  # before it has all there is to do
        self.project.run()

    def tell(self, end: Callable[[Running], None]) -> Callable[[Running], None]:
        """The same, and we know that it was done."""

        def ending(running: Running) -> None:
            end(running)
            self.told.set()

        return ending


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with start_sandbox(kinds=("s3", "azure", "gcs")) as started:
        seed(started, CONFIG)
        yield started


@pytest.fixture
def program(sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Program]:
    """The project's folder, with Pulumi's command line as a user has it; without its Python host, the program of this
    process is served to it."""
    found = Program()
    for folder in ("project", "tools", "backend"):
        (tmp_path / folder).mkdir()
    with program_server.serving(found.run) as found.address:
        script = tmp_path / "tools" / "pulumi"
        real, served = shlex.quote(str(find().path)), f"--client={found.address} --exec-kind=auto.inline"
        runs = f'*" up "*|*" preview "*) exec {real} "$@" {served}'
        script.write_text(f'#!/bin/sh\ncase " $* " in {runs} ;; esac\nexec {real} "$@"\n')
        script.chmod(0o755)
        for name, value in {
            **own_provider(sandbox.deployment()),
            "PULUMI_BACKEND_URL": (tmp_path / "backend").as_uri(),
            "PULUMI_HOME": str(tmp_path / "home"),
            "PULUMI_CONFIG_PASSPHRASE": "a phrase",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
        }.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("PATH", f"{script.parent}:{Path(sys.executable).parent}", prepend=":")
        monkeypatch.setattr(Running, "end", found.tell(Running.end))
        monkeypatch.chdir(tmp_path / "project")
        Path("Pulumi.yaml").write_text(yaml.safe_dump({"name": "lightly-access", "runtime": "python"}))
        yield found


def divide(count: int) -> list[str]:
    """Write the stacks' files; their names."""
    shards = [Shard(number, count) for number in range(1, count + 1)]
    for shard in shards:
        file = Path(f"Pulumi.{shard.stack('prod')}.yaml")
        held = yaml.safe_load(file.read_text()) if file.exists() else {}
        file.write_text(yaml.safe_dump({**held, "config": {**FLEET, "lightly-access:shard": str(shard)}}))
    return [shard.stack("prod") for shard in shards]


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    """Two shards at once."""
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        main(["fleet", *words, "--parallel", "2"])
    said = capsys.readouterr()
    return int(ended.value.code or 0), said.out + said.err


def shards(said: str) -> dict[str, Any]:
    found = json.loads(said[said.index("{") :])
    return {each["stack"]: each for each in found["shards"]}


def states(stacks: list[str]) -> list[Any]:
    return [document(stack, None) for stack in stacks]


def left(program: Program) -> list[str]:
    """The commands for this program that still run."""
    listed = subprocess.run(["ps", "-e", "-o", "args="], capture_output=True, text=True, check=True).stdout
    return [line for line in listed.splitlines() if f"--client={program.address}" in line]


def test_a_fleet_is_deployed_interrupted_divided_anew_and_destroyed(
    program: Program, capsys: pytest.CaptureFixture[str]
) -> None:
    assert {shard_of(key, 2) for key in DATASETS} == {1, 2}
    two = divide(2)
    code, said = run(capsys, "preview")
    assert code == 0, said  # also of what needs something that the first shard has not made yet

    program.interrupted = two[1]
    code, said = run(capsys, "up", "--yes")
    assert code == 130, said
    assert f"{two[0]}  ok" in said
    assert f"{two[1]}  not run  interrupted" in said
    assert left(program) == []

    code, said = run(capsys, "up", "--yes")
    assert code == 0, said
    assert "2 of 2 shards ok" in said
    before = made(*states(two))
    assert [name for name in before if "Verification" in name] == []
    code, said = run(capsys, "up", "--yes", "--json")
    assert code == 0, said
    assert all(set(each["changes"]) == {"same"} for each in shards(said).values()), said
    for verb in ("status", "verify"):
        code, said = run(capsys, verb, "--json")
        assert code == 0, said
        assert {key for each in shards(said).values() for key in each["datasets"]} == DATASETS.keys()

    three = divide(3)
    assert any(shard_of(key, 3) != shard_of(key, 2) for key in DATASETS)
    code, said = run(capsys, "up", "--yes")
    assert code == 1, "no run ends what is another shard's"
    assert "hint: lightly-access fleet settle prod" in said
    assert made(*states(two)) == before
    code, said = run(capsys, "settle", "--yes")
    assert code == 0, said
    assert made(*states(three)) == before
    code, said = run(capsys, "up", "--yes")
    assert code == 0, said
    assert made(*states(three)) == before
    code, said = run(capsys, "settle", "--yes")
    assert (code, said) == (0, "every dataset is in the stack of its shard\n")

    code, said = run(capsys, "destroy", "--yes")
    assert code == 0, said
    assert [state for state in states(three) if state["deployment"].get("resources")] == []
