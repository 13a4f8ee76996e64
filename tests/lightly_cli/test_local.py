"""`worker`, `run`, `serve` and `check` over the stacks of a project with local, cloud and mixed datasets."""

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lightly_api.runs import Runs
from lightly_cli.main import app
from lightly_sandbox.emulators.server import listening
from lightly_sandbox.lightly.app import App
from typer.testing import CliRunner, Result

from tests.lightly_sandbox.lightly.caller import NONCE, NOWHERE, TOKEN, Api

STACK = """\
config:
  aws:region: eu-central-1
  lightly-access:stores:
    lake: {{kind: s3, bucket: acme-datalake, region: eu-central-1}}
    disk: {{kind: local, input_mount: "{root}/my data", lightly_mount: "env:LIGHTLY_FOLDER", web_server: "{web}"}}
  lightly-access:datasets:
    cows:
      type: images
      input: {{store: lake, path: cows/, access: delegated}}
      lightly: {{store: lake, path: lightly/cows/, access: delegated}}
    cam1:
      type: videos
      input: {{store: disk, path: cam1/, access: mount}}
      lightly: {{store: disk, path: cam1/, access: mount}}
    fenced:
      type: images
      input: {{store: lake, path: fenced/, access: delegated, hardened: {{vpc_ids: [vpc-0a1b2c3d]}}}}
      lightly: {{store: lake, path: lightly/fenced/, access: user}}
    mixed:
      type: images
      input: {{store: lake, path: mixed/, access: delegated}}
      lightly: {{store: disk, path: mixed/, access: mount}}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "Pulumi.yaml").write_text("name: lightly-access\nruntime: python\n")
    with socket.create_server(("127.0.0.1", 0)) as server:
        web = f"http://localhost:{server.getsockname()[1]}"
    (tmp_path / "Pulumi.one.yaml").write_text(STACK.format(root=tmp_path, web=web))
    for name in ("my data", "lightly"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("LIGHTLY_FOLDER", str(tmp_path / "lightly"))
    monkeypatch.delenv("LIGHTLY_SERVER_LOCATION", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def lightly(monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    with listening(App(NONCE, TOKEN, NOWHERE)) as url:
        monkeypatch.setenv("LIGHTLY_SERVER_LOCATION", url)
        monkeypatch.setenv("LIGHTLY_TOKEN", TOKEN)
        yield Api(url)


def run(*words: str) -> Result:
    return CliRunner().invoke(app, words)


def test_worker_prints_the_line_with_the_mounts_of_the_dataset(project: Path) -> None:
    shown = run("worker-command", "cam1", "--worker-id", "64f1c0ffee64f1c0ffee64f1")
    assert shown.exit_code == 0
    assert shown.output == (
        "docker run --shm-size=1024m \\\n  --gpus all \\\n  --rm -it \\\n"
        f"  -v '{project}/my data:/input_mount:ro' \\\n"
        f"  -v {project}/lightly:/lightly_mount \\\n"
        "  -e LIGHTLY_TOKEN \\\n  -e LIGHTLY_WORKER_ID=64f1c0ffee64f1c0ffee64f1 \\\n  lightly/worker:latest\n"
    )


def test_only_the_side_that_is_local_is_mounted(project: Path) -> None:
    assert "-v" not in run("worker-command", "cows").output
    assert run("worker-command", "mixed").output.count("-v ") == 1


def test_the_token_is_never_in_the_line(project: Path, lightly: Api) -> None:
    shown = run("worker-command", "cam1").output
    assert TOKEN not in shown
    assert "-e LIGHTLY_SERVER_LOCATION" in shown


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("worker-command", "cam2"), "did you mean 'cam1'?"),
        (("worker-command", "cam1", "--stack", "two"), "expected a stack"),
        (("worker-command", "cam1", "--worker-id", "x; rm -rf /"), "Lightly's id of a worker"),
        (("serve", "--store", "lake"), "no local store 'lake' is declared"),
    ],
)
def test_wrong_words_are_refused_with_the_way_out(project: Path, words: tuple[str, ...], said: str) -> None:
    refused = run(*words)
    assert refused.exit_code == 2
    assert said in " ".join(refused.output.split())


def test_a_variable_that_is_not_set_is_said(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LIGHTLY_FOLDER")
    refused = run("worker-command", "cam1")
    assert refused.exit_code == 2
    assert "stores.disk.lightly_mount: got 'env:LIGHTLY_FOLDER'" in " ".join(refused.output.split())


def test_a_dataset_that_two_stacks_declare_needs_its_stack(project: Path) -> None:
    (project / "Pulumi.two.yaml").write_text((project / "Pulumi.one.yaml").read_text())
    refused = run("worker-command", "cam1")
    assert refused.exit_code == 2
    assert "declared by one, two" in " ".join(refused.output.split())
    assert run("worker-command", "cam1", "--stack", "two").exit_code == 0


def test_serve_takes_mounts_port_and_host_name_from_the_manifest(project: Path) -> None:
    shown = run("serve", "--nginx").output
    assert f'root "{project}/my data";' in shown
    assert shown.index(f'root "{project}/lightly";') < shown.index(f'root "{project}/my data";')
    port = (project / "Pulumi.one.yaml").read_text().partition("http://localhost:")[2].partition('"')[0]
    assert f"listen 127.0.0.1:{port};" in shown


def test_check_tells_what_this_machine_lacks_as_a_warning(project: Path) -> None:
    assert run("check").output.endswith("one.yaml: ok, 2 stores, 4 datasets\n")
    (project / "my data").rmdir()
    warned = run("check")
    assert warned.exit_code == 0
    assert "stores.disk.input_mount" in warned.output
    assert "expected a folder that exists on this machine" in warned.output


def test_run_registers_what_the_local_lightly_then_has_in_its_queue(project: Path, lightly: Api) -> None:
    dataset = lightly.new_dataset("cam1")
    shown = run("schedule", "cam1", "--samples", "10", "--strategy", "diversity", "--label", "gpu")
    assert shown.exit_code == 0, shown.output
    (queued,) = lightly("GET", f"/v1/datasets/{dataset}/docker/worker/schedule").json()
    assert queued["id"] == shown.output.splitlines()[0]
    assert (queued["runsOn"], queued["state"]) == (["gpu"], "OPEN")


@pytest.mark.parametrize(
    ("dataset", "words", "options"),
    [
        ("fenced", (), {"bypass_verify": True, "process_all": False}),
        ("fenced", ("--process-all",), {"bypass_verify": True, "process_all": True}),
        ("fenced", ("--no-bypass-verify",), {"bypass_verify": False, "process_all": False}),
        ("cam1", (), {"bypass_verify": False, "process_all": False}),
        ("cam1", ("--bypass-verify",), {"bypass_verify": True, "process_all": False}),
        ("elsewhere", (), {"bypass_verify": False, "process_all": False}),
    ],
)
def test_a_run_of_a_hardened_dataset_bypasses_the_verification(
    project: Path,
    lightly: Api,
    dataset: str,
    words: tuple[str, ...],
    options: object,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lightly.new_dataset(dataset)
    said = []
    create = Runs.store_config

    def spied(runs: Runs, selection: Any, **options: bool) -> str:
        said.append(options)
        return create(runs, selection, **options)

    monkeypatch.setattr(Runs, "store_config", spied)
    shown = run("schedule", dataset, "--samples", "10", *words)
    assert shown.exit_code == 0, shown.output
    assert said == [options]


def test_the_worker_of_a_hardened_dataset_is_told_of_the_option(project: Path) -> None:
    shown = run("worker-command", "fenced")
    assert 'worker_config={"datasource": {"bypass_verify": True}}' in shown.stderr
    assert "lightly-access schedule fenced" in shown.stderr
    assert shown.stdout.endswith("lightly/worker:latest\n")
    assert run("worker-command", "cows").stderr == ""


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("nothing", "--samples", "10"), 1, "Lightly has none of this name"),
        (("cam1", "--samples", "0"), 2, "--samples"),
        (("cam1", "--samples", "10", "--strategy", "diversty"), 2, "did you mean 'diversity'?"),
    ],
)
def test_a_run_that_cannot_be_is_refused(
    project: Path, lightly: Api, words: tuple[str, ...], code: int, said: str
) -> None:
    refused = run("schedule", *words)
    assert refused.exit_code == code
    assert said in " ".join(refused.output.split())


def test_a_run_without_or_with_a_wrong_token(project: Path, lightly: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIGHTLY_TOKEN", "not-the-token")
    refused = run("schedule", "cam1", "--samples", "10")
    assert refused.exit_code == 1
    assert "401" in refused.output
    assert "not-the-token" not in refused.output
    monkeypatch.delenv("LIGHTLY_TOKEN")
    assert run("schedule", "cam1", "--samples", "10").exit_code == 2
