"""`lightly-access report`, of a file: its forms, its exit codes, and that no secret of the state is in any of them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from lightly_cli.main import main

from tests.lightly_access.deployed.states import RED, dataset, key, light_row, state

RECORDED = Path(__file__).parents[1] / "stacks" / "recorded" / "state.json"


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(["report", *args])
    out, err = capsys.readouterr()
    return int(ended.value.code or 0), out, err


@pytest.fixture
def red(tmp_path: Path) -> Path:
    (written := tmp_path / "state.json").write_text(
        json.dumps(state(dataset("cows", INPUT=(key(), light_row(read=RED)))))
    )
    return written


def test_without_a_file_it_is_printed_and_red_ends_with_1(red: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "--state", str(red))
    assert code == 1
    assert out.startswith("farm prod: 1 of 1 dataset not as expected")
    assert "    fix: make it" in out


def test_every_form_is_written_at_once_and_nothing_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = {form: tmp_path / f"report.{form}" for form in ("html", "markdown", "json")}
    options = [word for form, file in names.items() for word in (f"--{form}", str(file))]
    code, out, _ = run(capsys, "--state", str(RECORDED), *options)
    assert (code, out) == (0, "")
    assert names["html"].read_text().startswith("<!doctype html>")
    assert names["markdown"].read_text().startswith("# Lightly access: lightly-access rehearsal")
    assert json.loads(names["json"].read_text())["ok"] is True


def test_a_dash_is_standard_output(red: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "--state", str(red), "--json", "-")
    assert json.loads(out)["red"][0]["dataset"] == "cows"


def test_exemptions_are_those_of_the_file_that_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (config := tmp_path / "Pulumi.prod.yaml").write_text(
        "config:\n  lightly-guardrails:exempt:\n    - {rule: s3-versioning, reason: made again, until: 2027-03-31}\n"
    )
    _, out, _ = run(capsys, "--state", str(RECORDED), "--config", str(config), "--json", "-")
    (exempt,) = json.loads(out)["guardrails"]["exemptions"]
    assert (exempt["rule"], exempt["until"], exempt["resource"]) == ("s3-versioning", "2027-03-31", None)
    _, out, _ = run(capsys, "--state", str(RECORDED), "--json", "-")
    assert json.loads(out)["guardrails"]["exemptions"] is None


@pytest.mark.parametrize("form", ["html", "markdown", "json"])
def test_no_secret_is_shown_even_of_a_state_with_secrets_in_clear(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    signature, secret = "4dabf18193072939515e22adb298388d", "kZ8+Wq3/Lm5Xv9Rt2Yb7Nc4Hd6Jf1Pg0As8Ue+Qi"
    document = json.loads(RECORDED.read_text())

    def opened(value: object) -> object:
        if isinstance(value, dict):
            if signature in value:
                return {signature: value[signature], "plaintext": json.dumps(secret)}
            return {key: opened(each) for key, each in value.items()}
        return [opened(each) for each in value] if isinstance(value, list) else value

    (file := tmp_path / "state.json").write_text(json.dumps(opened(document)))
    assert secret in file.read_text()
    code, out, err = run(capsys, "--state", str(file), f"--{form}", "-")
    assert code in (0, 1)
    assert secret not in out + err


@pytest.mark.parametrize(
    ("text", "said"), [("no json", "got no JSON"), ("{}", "got no deployment")], ids=["text", "another document"]
)
def test_what_is_no_deployment_ends_with_2(
    text: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (file := tmp_path / "state.json").write_text(text)
    code, _, err = run(capsys, "--state", str(file))
    assert code == 2
    assert said in err


def test_a_file_that_cannot_be_written_is_wrong_usage(red: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "--state", str(red), "--html", str(red / "no" / "folder.html"))
    assert code == 2
    assert "expected a file that can be written" in err


@pytest.mark.sandbox
def test_a_stack_and_its_exemptions_are_read_through_pulumi_without_its_passphrase(
    project: Callable[..., None], red: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project("stack", "init", "prod")
    project("stack", "import", "--force", "--file", str(red))
    for name, value in {"rule": "s3-versioning", "reason": "made again", "until": "2027-03-31"}.items():
        project("config", "set", "--path", f"lightly-guardrails:exempt[0].{name}", value)
    monkeypatch.delenv("PULUMI_CONFIG_PASSPHRASE")
    code, out, err = run(capsys, "--stack", "prod", "--json", "-")
    assert code == 1, err
    document = json.loads(out)
    assert document["red"][0]["dataset"] == "cows"
    assert [each["rule"] for each in document["guardrails"]["exemptions"]] == ["s3-versioning"]


def test_a_configuration_that_cannot_be_read_is_wrong_usage(
    red: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (config := tmp_path / "Pulumi.prod.yaml").write_text("config: [: {")
    code, _, err = run(capsys, "--state", str(red), "--config", str(config))
    assert code == 2
    assert "Pulumi.prod.yaml" in err
