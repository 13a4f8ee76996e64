"""`lightly-access status`, of a file and of a stack that Pulumi has."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from lightly_cli.main import main

from tests.lightly_access.deployed.states import RED, dataset, key, light_row, state


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(["status", *args])
    out, err = capsys.readouterr()
    return int(ended.value.code or 0), out, err


@pytest.fixture
def file(tmp_path: Path) -> Path:
    bees = dataset("bees", INPUT=(key(), light_row()))
    cows = dataset("cows", INPUT=(key(), light_row()), LIGHTLY=(key(), light_row(write=RED, overwrite=RED)))
    (written := tmp_path / "state.json").write_text(json.dumps(state(bees, cows)))
    return written


def test_red_comes_first_with_its_cause_and_fix_and_ends_with_1(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "--state", str(file))
    lines = out.splitlines()
    assert code == 1
    assert lines[1].startswith("RED cows: verified ")
    assert "        RED write, overwrite: no bucket" in lines
    assert "        fix make it" in lines
    assert "not well: cows LIGHTLY: write, overwrite red" in lines
    assert "due by 2026-12-27" in lines[-1]


def test_only_the_datasets_that_are_named_count(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "bees", "--state", str(file), "--json")
    document = json.loads(out)
    assert code == 0
    assert document["ok"] is True
    assert list(document["datasets"]) == ["bees"]
    assert document["datasets"]["bees"]["datasources"]["INPUT"]["credential"]["due"] == "2026-12-27"


@pytest.mark.parametrize(
    ("args", "said"),
    [(["cow"], "did you mean 'cows'?"), (["--fail-on", "late"], "expected red, due, stale:<age>")],
    ids=["dataset", "condition"],
)
def test_wrong_usage_says_what_was_expected(
    args: list[str], said: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = run(capsys, *args, "--state", str(file))
    assert code == 2
    assert said in err


@pytest.mark.parametrize("text", ["", "not JSON", "[]", "{}"])
def test_a_file_that_is_no_state_is_named(text: str, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(text)
    code, _, err = run(capsys, "--state", str(file))
    assert code == 2
    assert str(file) in err
    assert "hint: `pulumi stack export --file state.json`" in err


def test_without_pulumi_it_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    code, _, err = run(capsys)
    assert code == 2
    assert "pulumi is not on PATH\nhint: " in err


@pytest.mark.sandbox
def test_a_stack_is_read_through_pulumi_without_its_passphrase(
    project: Callable[..., None], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], file: Path
) -> None:
    told = project
    told("stack", "init", "prod")
    code, out, err = run(capsys)
    assert (code, "no dataset is deployed here" in out) == (0, True), err
    told("stack", "import", "--force", "--file", str(file))
    monkeypatch.delenv("PULUMI_CONFIG_PASSPHRASE")
    code, out, err = run(capsys, "--stack", "prod")
    assert code == 1, err
    assert "RED cows" in out
    code, _, err = run(capsys, "--stack", "nowhere")
    assert code == 2
    assert "no stack named 'nowhere' found" in err
