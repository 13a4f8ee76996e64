"""Every place where something is said, shown, kept or passed on: no secret is there.

The rehearsal is played once, with all kinds of stores and all phases, and with one in which Lightly and the clouds
repeat secrets in their answers.
"""

import json
from pathlib import Path

import pytest
from lightly_access.report.document import from_json
from lightly_access.report.html import page

from tests.lightly_sandbox.hygiene.conftest import OF_THE_USER, Played

STATE = "pulumi/backend/.pulumi/stacks/lightly-access/rehearsal.json"
SERVERS = (*(f"kinds.{name}.emulator" for name in ("s3", "azure", "gcs", "local")), "lightly_sandbox.lightly")
PLUGINS = tuple(f"kinds.{name}.mock_provider" for name in ("s3", "azure", "gcs"))
OTHERS = ("azurite/dist/src/blob/main.js", "/pulumi", "lightly_sandbox.provider_process", "lightly_policies.guardrails")


def test_the_rehearsal_was_whole_and_there_were_secrets_of_every_kind(played: Played) -> None:
    assert played.code == 0, played.text("stderr")[-4000:]
    phases = [phase["name"] for phase in json.loads(played.text("stdout"))["phases"]]
    assert phases == ["up", "again", "rotate", "echo", "break", "destroy", "revoked"]
    whats = " ".join(json.loads(played.text("secrets.json")))
    for kind in (
        "ExternalId.value", "the session token", "AccessKey.secret", "the SAS token", "the service account key",
        "SANDBOX_OBS_WRITER_SECRET_ACCESS_KEY", "Key.privateKey", "secret_access_key of the deployer of aws",
        "the nonce of lightly_sandbox.kinds.gcs.mock_provider", "token of the deployer of azure", "AzureSas.accountKey",
        "IDENTITY_HEADER", "SANDBOX_STRANGER_GOOGLE_CREDENTIALS", "the passphrase", "the secret of the configuration",
    ):  # fmt: skip
        assert kind in whats
    assert len(played.search) >= 60


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_what_the_verb_prints(played: Played, stream: str) -> None:
    assert played.found(stream) == []


@pytest.mark.parametrize("file", ["log.txt", "lights.json", "stack.json", STATE])
def test_the_files_that_it_writes(played: Played, file: str) -> None:
    assert played.found(f"project/build/rehearsal/{file}") == []


def test_the_report_as_a_page(played: Played) -> None:
    report = from_json(json.loads(played.text("project/build/rehearsal/lights.json")))
    assert "farm-animals" in page(report)
    assert played.search.found(page(report)) == []


def test_events_of_previews_and_deployments(played: Played) -> None:
    assert "[secret]" in played.text("heard/events") or "<secret>" in played.text("heard/events"), "some were repeated"
    assert played.found("heard/events") == []


def test_results_and_their_diagnostics(played: Played) -> None:
    assert "ok=False" in played.text("heard/results")
    assert played.found("heard/results") == []


def test_records_of_phases(played: Played) -> None:
    assert played.found("heard/records") == []


def test_errors_of_providers_as_they_cross_the_wire(played: Played) -> None:
    assert played.found("heard/details") == []


def test_every_state_that_was_ever_on_the_disk(played: Played) -> None:
    assert '"ciphertext"' in played.text("heard/states")
    assert played.found("heard/states") == []


def test_nothing_else_was_written_below_the_project_or_the_home(played: Played) -> None:
    files = [path for path in (played.folder / "project").rglob("*") if path.is_file() and not path.is_symlink()]
    assert [file.name for file in files if played.search.found(file.read_text(errors="replace"))] == []


def test_no_temporary_file_is_left(played: Played) -> None:
    assert [str(path) for path in (played.folder / "temporary").rglob("*")] == []


@pytest.mark.parametrize("module", [*SERVERS, *PLUGINS, *OTHERS])
def test_the_arguments_of_each_process(played: Played, module: str) -> None:
    mine = [process for process in played.processes if process.runs(module)]
    assert mine, "it was not seen"
    assert played.search.found("\n".join(argument for seen in mine for argument in seen.arguments)) == []


def test_the_arguments_of_whatever_else_was_started(played: Played) -> None:
    assert (
        played.search.found("\n".join(argument for process in played.processes for argument in process.arguments)) == []
    )


@pytest.mark.parametrize("module", [*SERVERS, *PLUGINS, *OTHERS])
def test_the_environment_that_each_process_begins_with(played: Played, module: str) -> None:
    mine = [process for process in played.processes if process.runs(module)]
    assert mine, "it was not seen"
    assert {name for seen in mine for name in seen.names} & OF_THE_USER.keys() == set()
    assert played.search.found("\n".join(entry for seen in mine for entry in seen.environment)) == []


def test_every_process_that_was_started_is_one_of_those(played: Played) -> None:
    known = (*SERVERS, *PLUGINS, *OTHERS, "hygiene.verb")  # the last: between a fork and what is then executed
    others = {process.arguments for process in played.processes if not process.runs(*known)}
    # Python's `platform` asks the system what it is when a client of Azure says who it is.
    assert others <= {("uname", "-p")}


def test_all_that_was_heard_was_looked_at() -> None:
    looked = Path(__file__).read_text()
    assert [
        name for name in ("details", "events", "records", "results", "states") if f"heard/{name}" not in looked
    ] == []
