"""`rotate --leaked` and `revoke` of every kind of credential, with Pulumi's engine on local clouds."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from lightly_cli import leaked as leaked_module
from lightly_cli.main import main
from lightly_sandbox import credential_clients
from lightly_sandbox.credential_log import Credential
from lightly_sandbox.deployer import Deployer
from lightly_sandbox.kinds.s3.client import account
from lightly_sandbox.sandbox import Sandbox
from lightly_sandbox.start import start_sandbox

from tests.deploying import ROOT, STACK, deployer, must, seed
from tests.lightly_sandbox.hygiene.secret_search import SecretSearch
from tests.pulumi_on_path import pulumi_on_path

pytestmark = pytest.mark.sandbox
PHRASE = "phrase-canary-77aa"
KEPT = ("dashcam", "tractors", "beehives", "farm-animals", "plums", "barn-cameras")
"""Of the rehearsal's datasets: keys of users, SAS tokens, keys of service accounts, roles, an external key; the last
one stays, so that a run needs a token."""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with start_sandbox(kinds=("s3", "azure", "gcs", "obs")) as running:
        seed(running)
        yield running


@pytest.fixture(scope="module")
def stack(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Deployer:
    """Deployed once; every test has a dataset of its own."""
    written = yaml.safe_load((ROOT / "stacks" / f"Pulumi.{STACK}.yaml").read_text())["config"]
    stores = {name: each for name, each in written["lightly-access:stores"].items() if each["kind"] != "local"}
    datasets = {name: written["lightly-access:datasets"][name] for name in KEPT}
    config = {"lightly-access:stores": stores, "lightly-access:datasets": datasets}
    folder = tmp_path_factory.mktemp("stack")
    made = deployer(sandbox, folder, config, phrase=PHRASE, checkpoints=True)
    must(made.up())
    return made


@pytest.fixture
def run(
    sandbox: Sandbox, stack: Deployer, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """A verb, as a user runs it."""

    def verb(*args: str, **env: str) -> tuple[int, str, str]:
        capfd.readouterr()
        with (
            pytest.MonkeyPatch.context() as patch,
            pulumi_on_path(sandbox, stack._folder, patch, PHRASE, **env),
            pytest.raises(SystemExit) as ended,
        ):
            main([*args, "--stack", STACK])
        out, err = capfd.readouterr()
        assert search(stack).found(out + err) == []
        return int(ended.value.code or 0), out, err

    return verb


def search(stack: Deployer) -> SecretSearch:
    return SecretSearch({str(each): each.secret.reveal() for each in credentials(stack)})


def credentials(stack: Deployer) -> list[Credential]:
    return credential_clients.registered(stack.state(show_secrets=True))


def of(stack: Deployer, dataset: str) -> list[Credential]:
    return [each for each in credentials(stack) if each.dataset == dataset]


def manifest(stack: Deployer) -> dict[str, Any]:
    """What the verbs wrote into the stack's file."""
    text = (stack._folder / "project" / f"Pulumi.{STACK}.yaml").read_text()
    found: dict[str, Any] = yaml.safe_load(text)["config"]["lightly-access:datasets"]
    return found


@pytest.mark.parametrize("dataset", ["dashcam", "tractors", "beehives"])
def test_a_leaked_credential_is_refused_before_the_run_and_replaced_by_it(
    dataset: str,
    sandbox: Sandbox,
    stack: Deployer,
    run: Callable[..., tuple[int, str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    old = of(stack, dataset)
    assert len(old) == 2
    assert all(credential_clients.use(sandbox, each) is None for each in old)
    at_the_run: list[str | None] = []
    real = leaked_module.Leaked.write

    def write(self: leaked_module.Leaked) -> list[str]:
        at_the_run.extend(credential_clients.use(sandbox, each) for each in old)
        return real(self)

    monkeypatch.setattr(leaked_module.Leaked, "write", write)
    code, out, err = run("rotate", dataset, "--leaked", "--yes", "--json")
    assert code == 0, out + err
    assert all(at_the_run), "they were refused before anything else was done"
    told = json.loads(out)
    for row, each in zip(told["leaked"], sorted(old, key=lambda one: one.purpose), strict=True):
        (gone,) = row["out"]
        assert (row["purpose"], gone["refused"]) == (each.purpose, True)
        assert gone["id"].rpartition("/")[2] in row["out"][0]["queries"][0]["text"]
        assert gone["created"][:16] in gone["queries"][0]["text"]
        assert "inside the path" in row["reach"][0]
        assert row["new"] not in (None, gone["id"])
    new = of(stack, dataset)
    assert all(credential_clients.use(sandbox, each) is None for each in new)
    assert all(credential_clients.use(sandbox, each) for each in old)
    assert {each.secret.reveal() for each in old}.isdisjoint(each.secret.reveal() for each in new)

    before = manifest(stack)
    code, out, err = run("rotate", dataset, "--leaked", "--yes")
    assert code == 0
    assert "replaced already" in err
    assert "--again" in err
    assert manifest(stack) == before
    assert all(credential_clients.use(sandbox, each) is None for each in new)


def test_a_run_that_was_killed_between_any_two_steps_goes_on(
    sandbox: Sandbox, stack: Deployer, run: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    (old,) = [each for each in of(stack, "dashcam") if each.purpose == "LIGHTLY"]
    arguments = ("rotate", "dashcam", "--purpose", "lightly", "--leaked", "--again", "--yes")

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    for step in ("write", "told"):
        with monkeypatch.context() as patch:
            patch.setattr(leaked_module.Leaked, step, dies)
            if step == "told":
                patch.setattr("lightly_cli.ended.up", dies)
            assert run(*arguments)[0] == 130
        assert credential_clients.use(sandbox, old), "it stays off"
    text = manifest(stack)["dashcam"]["lightly"]["rotate_now"]

    no = dict.fromkeys(("canList", "canRead", "canWrite", "canOverwrite"), False)
    with sandbox.faults(sandbox.lightly, {"call": "verify", "answer": no}):
        code, _, err = run("rotate", "dashcam", "--purpose", "lightly", "--leaked", "--yes")
    assert code == 1
    assert "it is off, and nothing replaces it yet" in err
    code, out, err = run("rotate", "dashcam", "--purpose", "lightly", "--leaked", "--yes", "--json")
    assert code == 0, out + err
    assert manifest(stack)["dashcam"]["lightly"]["rotate_now"] == text, "it is one and the same leak"
    (new,) = [each for each in of(stack, "dashcam") if each.purpose == "LIGHTLY"]
    assert credential_clients.use(sandbox, new) is None
    assert len(account(sandbox, "customer").iam.list_access_keys(UserName=_user(stack, new))["AccessKeyMetadata"]) == 1


def _user(stack: Deployer, credential: Credential) -> str:
    resources = stack.state()["deployment"]["resources"]
    (user,) = [each["outputs"]["user"] for each in resources if each.get("id") == credential.identity]
    return str(user)


@pytest.mark.parametrize("dataset", ["dashcam", "tractors", "beehives", "farm-animals"])
def test_a_revoked_dataset_has_a_receipt_that_shows_every_credential_refused(
    dataset: str, sandbox: Sandbox, stack: Deployer, run: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    issued = of(stack, dataset)
    replaced = any("rotate_now" in manifest(stack)[dataset][purpose] for purpose in ("input", "lightly"))
    samples = {each["name"]: each["nSamples"] for each in _at_lightly(sandbox).values()}
    receipt = tmp_path / "receipt.json"
    code, out, err = run("revoke", dataset, "--yes", "--receipt", str(receipt))
    assert code == 0, out + err
    assert manifest(stack)[dataset]["revoked"] is True
    texts = [str(manifest(stack)[dataset][purpose].get("rotate_now")) for purpose in ("input", "lightly")]
    assert all(text.startswith("revoked-") is (dataset == "tractors") for text in texts), "no SAS comes back to life"
    assert all(credential_clients.use(sandbox, each) for each in issued)
    told = json.loads(receipt.read_text())
    assert (told["ok"], told["ended_by"], told["dataset"]) == (True, "pulumi up", dataset)
    assert not any(told["lightly"].values())
    now = [each["id"].rpartition("/")[2] for each in told["credentials"] if each["source"] == "state"]
    assert len(now) == len(issued)
    assert all(any(part[:8] in each.identity for each in issued) for part in now)
    for each in told["credentials"]:
        assert each["state"] == "ended"
        assert all(shown["works"] is False for shown in each["shown"])
        tried = [shown for shown in each["shown"] if shown["how"] == "tried"]
        assert bool(tried) is (each["source"] == "state" and each["access"] != "delegated"), "used if somebody has it"
    if replaced:  # by the tests above, where they ran in this process
        assert {each["source"] for each in told["credentials"]} == {"state", "history"}, "also what was replaced"
    assert {each["name"]: each["nSamples"] for each in _at_lightly(sandbox).values()} == samples
    code, out, err = run("revoke", dataset, "--yes", "--json")
    assert json.loads(out)["ended_by"] == "an earlier run"
    assert not any(each["state"] == "works" for each in json.loads(out)["credentials"])
    if dataset == "farm-animals":
        return
    shutil.move(history := stack._folder / "backend" / ".pulumi" / "history", tmp_path)
    code, out, err = run("revoke", dataset, "--yes", "--json")
    shutil.move(tmp_path / "history", history)
    told = json.loads(out)
    assert (code, told["credentials"], told["unasked"]) == (0, [], []), "the state alone shows that it was revoked"


def test_where_pulumi_fails_the_clouds_end_it_and_what_somebody_else_made_is_named_as_working(
    stack: Deployer, run: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lightly_cli.ended.up", lambda *_: False)
    code, out, err = run("revoke", "plums", "--yes", "--json", LIGHTLY_TOKEN="")
    assert code == 1, out + err
    told = json.loads(out)
    assert told["ended_by"] == "the clouds alone"
    assert told["lightly"] is None
    by_purpose = {each["purpose"]: each for each in told["credentials"]}
    assert (by_purpose["INPUT"]["ours"], by_purpose["INPUT"]["state"]) == (False, "works")
    assert (by_purpose["LIGHTLY"]["ours"], by_purpose["LIGHTLY"]["state"]) == (True, "ended")
    assert "stored access policy" in by_purpose["LIGHTLY"]["done"]


def _at_lightly(sandbox: Sandbox) -> dict[str, Any]:
    found: dict[str, Any] = sandbox.control(sandbox.lightly, "GET", "/state")["datasets"]
    return found
