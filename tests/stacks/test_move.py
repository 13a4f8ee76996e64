"""Datasets of every cloud go from the stack that made their stores to another one, and nothing is made anew."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from lightly_cli import deployed, move
from lightly_cli.main import main
from lightly_sandbox.deployer import Deployer, State, Step
from lightly_sandbox.pulumi_cli.finder import find
from lightly_sandbox.sandbox import Sandbox
from lightly_sandbox.start import start_sandbox

from tests.deploying import must, seed, stack_of
from tests.stacks.changed.deployment import CONFIG

PROD: dict[str, Any] = json.loads(json.dumps(CONFIG))
PROD["lightly-access:stores"]["results"]["kms_key"] = "create"
PROD["lightly-access:datasets"] |= {
    "hens": {
        "type": "images",
        "input": {"store": "lake", "path": "projects/farm-animals/", "access": "delegated"},
        "lightly": {"store": "results", "path": "hens/", "access": "user"},
    }
}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with start_sandbox(kinds=("s3", "azure", "gcs")) as started:
        seed(started, PROD)
        yield started


@pytest.fixture
def here(sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project's folder, for Pulumi's command line as a user has it."""
    for name, value in {
        **sandbox.environment(),
        "PULUMI_BACKEND_URL": (tmp_path / "backend").as_uri(),
        "PULUMI_HOME": str(tmp_path / "home"),
        "PULUMI_CONFIG_PASSPHRASE": "a phrase",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PATH", str(find().path.parent), prepend=":")
    (project := tmp_path / "project").mkdir()
    monkeypatch.chdir(project)
    return tmp_path


def stack(sandbox: Sandbox, folder: Path, name: str) -> Deployer:
    """The stack as its file says it now."""
    file = folder / "project" / f"Pulumi.{name}.yaml"
    return stack_of(sandbox, folder, name, yaml.safe_load(file.read_text())["config"])


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as ended:
        main(["move", *words])
    said = capsys.readouterr()
    return int(ended.value.code or 0), said.out + said.err


def made(*states: State) -> dict[str, str]:
    """The ids of whatever is no component and no provider, by type and name, in all stacks together."""
    return {
        f"{each['type']} {each['urn'].rpartition('::')[2]}": each["id"]
        for state in states
        for each in state["deployment"]["resources"]
        if each.get("custom")
        and not each["type"].startswith("pulumi:providers:")
        and not each["type"].endswith(":Verification")
    }


@pytest.mark.sandbox
def test_datasets_of_every_cloud_go_and_nothing_is_made_anew(
    sandbox: Sandbox, here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    prod = stack_of(sandbox, here, "prod", PROD)
    must(prod.up())
    other = stack_of(sandbox, here, "other", {key: PROD[key] for key in ("aws:region", "lightly-access:verify")})
    assert not other.preview().ok  # it is there, and has nothing
    before = made(prod.state())
    for dataset in ("cows", "tractors", "bees"):
        code, said = run(capsys, dataset, "--from", "prod", "--to", "other", "--yes", "--backup", str(here))
        assert code == 0, said

    prod, other = (stack(sandbox, here, name) for name in ("prod", "other"))
    after = made(prod.state(), other.state())
    assert {name: id for name, id in after.items() if before.get(name) != id} == {}
    for each in (other, prod):
        assert [step for step in must(each.preview()).steps if _touches(step)] == []
    for each in (other, prod):  # whatever a move marked is as the program says now
        must(each.up())
        kept = [entry["urn"] for entry in each.state()["deployment"]["resources"] if entry.get("retainOnDelete")]
        assert all("azure-native" in urn for urn in kept), kept
    everything = made(prod.state(), other.state())
    assert everything.items() >= after.items()
    assert [key for key in before if key not in everything] == []

    # A move that dies at any of its four writes is gone on with, and goes back as well.
    there = ["prod", "other"]
    for writes in range(4):
        with monkeypatch.context() as patch:
            _die_after(writes, patch)
            code, _ = run(capsys, "hens", "--from", there[0], "--to", there[1], "--yes", "--backup", str(here))
            assert code == 130
        code, said = run(capsys, "hens", "--from", there[0], "--to", there[1], "--yes", "--backup", str(here))
        assert code == 0, said
        assert made(prod.state(), other.state()) == everything
        there.reverse()
    for each in (stack(sandbox, here, name) for name in ("prod", "other")):
        assert [step for step in must(each.preview()).steps if _touches(step)] == []
    backups = "".join(file.read_text() for file in here.glob("*-before-move-*.json"))
    assert '"ciphertext"' in backups
    assert '"plaintext"' not in backups


def _die_after(writes: int, patch: pytest.MonkeyPatch) -> None:
    """Be interrupted at the write after so many, of a state or of a manifest."""
    left = [writes]

    def counted(write: Any) -> Any:
        def writing(*args: Any) -> None:
            if not left[0]:
                raise KeyboardInterrupt
            left[0] -= 1
            write(*args)

        return writing

    patch.setattr(deployed, "bring", counted(deployed.bring))
    patch.setattr(move._Move, "_write", counted(move._Move._write))


def _touches(step: Step) -> bool:
    """Whether it does something to a cloud: a provider, or the component of a store, is a row in a state."""
    kind = step.urn.split("::")[2].rpartition("$")[2]
    return step.op != "same" and not kind.startswith(("pulumi:providers:", "lightly-access:"))
