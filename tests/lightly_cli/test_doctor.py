"""`lightly-access doctor` whole: the token, no network, no Pulumi, a stack; no secret is shown and nothing written."""

import json
import shutil
import socket
import subprocess
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from lightly_cli.main import main
from lightly_sandbox.emulators.server import listening
from lightly_sandbox.lightly.app import App
from lightly_sandbox.lightly.store import USER_ID
from lightly_sandbox.pulumi_cli.finder import find

from tests.lightly_access.audit.clouds import NONCE, TOKEN, Lightly
from tests.lightly_access.deployed.states import dataset, key, light_row, state
from tests.lightly_sandbox.lightly.caller import NOWHERE


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "Pulumi.yaml").write_text("name: farm\nruntime: python\n")
    (tmp_path / "Pulumi.prod.yaml").write_text("config:\n  lightly-access:empty: true\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", "/nonexistent")
    for name in ("LIGHTLY_CA_CERTS", "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LIGHTLY_TOKEN", TOKEN)
    monkeypatch.setenv("LIGHTLY_SERVER_LOCATION", closed_port())
    return tmp_path


@pytest.fixture
def lightly(project: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lightly]:
    with listening(App(NONCE, TOKEN, NOWHERE)) as url:
        monkeypatch.setenv("LIGHTLY_SERVER_LOCATION", url)
        yield Lightly(url)


def closed_port() -> str:
    """A server that is not there."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, dict[str, dict[str, Any]]]:
    """The exit code, and the findings by their names."""
    with pytest.raises(SystemExit) as ended:
        main(["doctor", "--json", *args])
    out, err = capsys.readouterr()
    assert TOKEN not in out + err
    document = json.loads(out)
    assert document["ok"] == (ended.value.code == 0)
    return int(ended.value.code or 0), {each["name"]: each for each in document["findings"]}


def test_a_token_is_asked_of_whom_it_is(lightly: Lightly, capsys: pytest.CaptureFixture[str]) -> None:
    lightly.dataset("cows")
    _, found = run(capsys)
    assert found["token"]["state"] == "ok"
    assert found["token"]["said"].startswith("LIGHTLY_TOKEN, taken by 127.0.0.1:")
    assert f"of Lightly's user {USER_ID}, who has 1 dataset " in found["token"]["said"]
    assert found["clock"]["state"] == "ok"


def test_a_token_that_is_wrong_is_bad_and_so_is_none(
    lightly: Lightly, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LIGHTLY_TOKEN", "another-token-4711")
    code, found = run(capsys)
    assert code == 1
    assert found["token"]["state"] == "bad"
    assert "401" in found["token"]["said"]
    assert "give a valid one in lightly:token" in found["token"]["fix"]
    assert "network" not in found
    assert "another-token-4711" not in json.dumps(found)
    monkeypatch.delenv("LIGHTLY_TOKEN")
    assert run(capsys)[1]["token"]["said"] == "there is none"


def test_the_stack_is_asked_for_the_token_first(
    lightly: Lightly, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    encrypted = "  lightly:token: {secure: v1:x:y}\n"
    (project / "Pulumi.prod.yaml").write_text(f"config:\n  lightly-access:empty: true\n{encrypted}")
    _, found = run(capsys)
    assert found["token"]["state"] == "bad"
    assert "lightly:token cannot be opened: pulumi is not on PATH" in found["token"]["said"]


def test_without_a_network_it_says_so_once(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stores = "    lake: {kind: s3, bucket: acme-lake, region: eu-central-1, create: true}\n"
    (project / "Pulumi.prod.yaml").write_text(
        f"config:\n  aws:region: eu-central-1\n  lightly-access:stores:\n{stores}  lightly-access:datasets: {{}}\n"
    )
    monkeypatch.setenv("AWS_ENDPOINT_URL", closed_port())
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "canary-of-a-secret-key-4711")
    code, found = run(capsys)
    assert code == 1
    assert "token" not in found
    assert not [name for name in found if name.startswith("aws")]
    assert found["network"]["state"] == "bad"
    assert "not asked: token, aws login" in found["network"]["said"]
    assert "clock" not in found


def test_without_pulumi_it_says_so_once_and_how_to_get_it(
    lightly: Lightly, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, found = run(capsys)
    assert code == 1
    assert found["pulumi"]["said"] == "it is not on PATH"
    assert "https://www.pulumi.com/docs/install/" in found["pulumi"]["fix"]
    assert found["provider"]["state"] == "bad"
    assert "deployment" not in found
    assert sorted(path.name for path in project.iterdir()) == ["Pulumi.prod.yaml", "Pulumi.yaml"]


@pytest.mark.parametrize("script", ["echo v3.100.0", "exit 3", "echo nonsense"])
def test_a_pulumi_that_is_no_good_is_said_once(
    script: str, project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "bin").mkdir()
    (fake := project / "bin" / "pulumi").write_text(f"#!/bin/sh\n{script}\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{project / 'bin'}:/bin:/usr/bin")
    found = run(capsys)[1]
    assert found["pulumi"]["state"] == "bad"
    assert "deployment" not in found


def test_providers_that_run_already_need_no_plugin(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    store = "lake: {kind: s3, bucket: acme, region: eu-central-1}"
    (project / "Pulumi.prod.yaml").write_text(
        f"config:\n  aws:region: eu-central-1\n  lightly-access:stores:\n    {store}\n"
    )
    monkeypatch.setenv("PULUMI_HOME", str(project))
    assert run(capsys)[1]["plugins"]["state"] == "warning"
    monkeypatch.setenv("PULUMI_DEBUG_PROVIDERS", "aws:1234,lightly:1235")
    assert run(capsys)[1]["plugins"]["state"] == "ok"


def test_every_line_that_is_not_well_has_a_hint(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["doctor"])
    lines = capsys.readouterr().out.splitlines()
    assert ended.value.code == 1
    for line, following in pairwise(lines):
        assert following.startswith("     hint: ") == line.startswith(("BAD ", "warn", "?   ")), line
    assert lines[-1].startswith("not well: pulumi, provider, network")


def test_a_manifest_with_problems_is_bad_and_the_rest_goes_on(
    lightly: Lightly, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "Pulumi.prod.yaml").write_text("config:\n  lightly-access:stores: {lake: {kind: s4}}\n")
    _, found = run(capsys)
    assert found["manifest"]["state"] == "bad"
    assert found["manifest"]["fix"] == "lightly-access check prod"
    assert found["token"]["state"] == "ok"


def test_a_deployment_that_is_late_is_told_of_a_state(
    lightly: Lightly, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "state.json").write_text(json.dumps(state(dataset("bees", INPUT=(key(), light_row())))))
    _, found = run(capsys, "--state", "state.json")
    assert "due by 2026-12-27" in found["deployment"]["said"] or "late" in found["deployment"]["said"]


@pytest.mark.parametrize(("args", "said"), [(["--stack", "prd"], "did you mean 'prod'?"), ([], "more than one stack")])
def test_wrong_usage_is_2(args: list[str], said: str, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(project / "Pulumi.prod.yaml", project / "Pulumi.test.yaml")
    with pytest.raises(SystemExit) as ended:
        main(["doctor", *args])
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


@pytest.mark.sandbox
def test_a_stacks_own_token_is_opened_through_pulumi_and_the_stack_is_read(
    lightly: Lightly, project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pulumi = find().path
    for name, value in {
        "PULUMI_BACKEND_URL": f"file://{project}",
        "PULUMI_HOME": str(project / "home"),
        "PULUMI_CONFIG_PASSPHRASE": "passphrase",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "LIGHTLY_TOKEN": "another-token-4711",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PATH", str(pulumi.parent), prepend=":")
    said = run(capsys)[1]["deployment"]
    assert (said["state"], said["said"]) == ("warning", "Pulumi has no stack prod")
    for words in (["stack", "init", "prod"], ["config", "set", "--secret", "lightly:token", TOKEN, "--stack", "prod"]):
        subprocess.run([pulumi, "--non-interactive", *words], check=True, capture_output=True)
    _, found = run(capsys)
    assert found["token"]["said"].startswith("lightly:token, taken by "), found
    assert found["deployment"]["said"] == "the stack has no dataset yet"
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "another")
    shut = run(capsys)[1]["token"]
    assert shut["state"] == "bad"
    assert shut["said"].startswith("lightly:token cannot be opened: ")
    assert "passphrase" in shut["said"]
