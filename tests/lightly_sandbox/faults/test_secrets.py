"""Canaries: no secret comes out of a run, whatever goes wrong in it and whoever repeats it in his answer."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lightly_sandbox.deployer import Event, Outcome

from tests.lightly_sandbox.faults.chain import PHRASE, Chain
from tests.lightly_sandbox.test_rehearse import descendants


class Watcher(list[Event]):
    """Keeps the events, and at each step what anybody on the machine can read of the processes of the run."""

    def __init__(self) -> None:
        super().__init__()
        self.arguments, self.environments = "", ""

    def append(self, event: Event) -> None:
        super().append(event)
        if event.kind == "step-started":
            for pid in descendants(os.getpid()):
                self.arguments += _read(pid, "cmdline")
                self.environments += _read(pid, "environ")


def _read(pid: int, what: str) -> str:
    try:
        return Path(f"/proc/{pid}/{what}").read_text(errors="replace")
    except OSError:  # it has ended
        return ""


def secrets_of(cows: Chain) -> dict[str, str]:
    """Everything that must not be shown, by what it is."""
    known = {f"the secret of {credential}": credential.secret.reveal() for credential in cows.credentials()}
    admin = cows.sandbox.accounts["customer"].secret_access_key.reveal()
    return {**known, "the token": cows.sandbox.token.reveal(), "the passphrase": PHRASE, "the deployer's key": admin}


def shown(cows: Chain, *results: Outcome) -> str:
    """All that a run says, shows and keeps."""
    said = [text for result in results for text in (*result.diagnostics, str(result))]
    said += [str(event) for event in cows.events]
    said += [path.read_text(errors="replace") for path in cows.folder.rglob("*") if path.is_file()]
    return "\n".join(said)


def test_no_secret_leaves_a_run_in_which_all_goes_well(
    chain: Callable[..., Chain], capfd: pytest.CaptureFixture[str]
) -> None:
    cows = chain(events=Watcher())
    results = [cows.must(cows.stack().preview()), cows.must(cows.up())]
    cows.lightly["rotate_now"] = "now"
    secrets = secrets_of(cows)
    results += [cows.must(cows.up()), cows.must(cows.stack().refresh())]
    secrets |= secrets_of(cows)
    results.append(cows.must(cows.stack().destroy()))
    text = shown(cows, *results) + "".join(capfd.readouterr())
    watcher = cows.events
    assert isinstance(watcher, Watcher)
    assert len(secrets) == 6
    assert [what for what, secret in secrets.items() if secret in text + watcher.arguments] == []
    # The token and the deployer's key are where the user put them, in the environment; nothing else is.
    in_environments = {what for what, secret in secrets.items() if secret in watcher.environments}
    assert in_environments <= {"the token", "the deployer's key"}


def test_an_answer_that_repeats_every_secret_gives_none_away(
    chain: Callable[..., Chain], capfd: pytest.CaptureFixture[str]
) -> None:
    cows = chain(retry_policy={"deadline": 1, "confirmations": 1})
    cows.must(cows.up())
    unknown = ("the deployer's key", "the passphrase")  # to whoever answers: the latter is Pulumi's alone
    secrets = {what: secret for what, secret in secrets_of(cows).items() if what not in unknown}
    echo = " and ".join(secrets.values())
    no = dict.fromkeys(("canList", "canRead", "canWrite", "canOverwrite"), False)
    faults: list[dict[str, Any]] = [
        {"call": "verify", "answer": {**no, "errors": {"canWrite": echo, "canList": echo}}},
        {"call": "verify", "status": 400, "answer": {"code": "BAD_REQUEST", "error": echo}},
        {"call": "verify", "status": 403, "answer": {"code": "DATASET_DATASOURCE_CREDENTIALS_ERROR", "error": echo}},
        {"call": "verify", "answer": echo},
    ]
    results = []
    for number, fault in enumerate(faults):
        cows.retry_policy["deadline"] = 2 + number % 2  # something to verify again
        with cows.sandbox.faults(cows.sandbox.lightly, fault):
            results += [cows.up(), cows.stack().refresh()]
    aws_knows = " and ".join(secret for what, secret in secrets.items() if what != "the token")
    fault = {"action": "iam:GetRole", "status": 400, "code": "Malformed", "message": aws_knows, "times": 9}
    with cows.sandbox.faults(cows.sandbox.aws, fault):
        results.append(cows.stack().refresh())
    assert sum(not result.ok for result in results) >= 5, "these were faults"
    text = shown(cows, *results) + "".join(capfd.readouterr())
    given_away = [what for what, secret in secrets.items() if secret in text or json.dumps(secret)[1:-1] in text]
    assert given_away == []
