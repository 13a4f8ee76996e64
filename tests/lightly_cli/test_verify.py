"""`lightly-access verify`: of a file with a small Lightly, and of a stack that was really deployed."""

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NoReturn
from xml.etree import ElementTree as ET

import pytest
from lightly_api import client
from lightly_api.errors import ProviderError
from lightly_cli import rounds, verify
from lightly_cli.main import main
from lightly_core.capability import Capability, Purpose, expected
from lightly_core.pulumi_struct import SECRET, SIGNATURE
from lightly_core.scrub import Scrubber
from lightly_core.secret import Secret
from lightly_sandbox.pulumi_cli.finder import find
from lightly_sandbox.start import start_sandbox

from tests.lightly_access.deployed.states import dataset, light_row, state
from tests.lightly_access.deployed.states import key as credential
from tests.lightly_provider.echoing_cloud import HOWS, echoing_cloud
from tests.lightly_provider.fake_lightly import GREEN, TOKEN, FakeLightly, Fault, fake_lightly
from tests.lightly_provider.fake_time import FakeTime
from tests.lightly_sandbox.faults.chain import PHRASE, Chain
from tests.lightly_sandbox.hygiene.secret_search import SecretSearch

DENIED = {**GREEN, "canWrite": False, "canOverwrite": False, "errors": {"canWrite": "(AccessDenied) Access Denied"}}
CANARY = "kZ8+Wq3/Lm5Xv9Rt2Yb7Nc4Hd6Jf1Pg0As8Ue+Qi"
SEARCH = SecretSearch({"key": CANARY, "token": TOKEN})
REFUSED = {"expected": False, "actual": False, "ok": True, "evidence": ["proof"]}
PROBED = {"expected": True, "actual": True, "ok": True, "evidence": ["probe", "proof"]}


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        main(["verify", *args])
    out, err = capsys.readouterr()
    return int(ended.value.code or 0), out, err


@pytest.fixture
def lightly(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeLightly]:
    with fake_lightly() as fake:
        monkeypatch.setenv("LIGHTLY_TOKEN", TOKEN)
        monkeypatch.setenv("LIGHTLY_SERVER_LOCATION", fake.url)
        monkeypatch.setattr(client, "RetryPolicy", FakeTime().retry_policy)
        yield fake


def entry(purpose: Purpose) -> dict[str, Any]:
    proof = {str(name): wanted for name, wanted in expected(purpose).items()}
    path = f"s3://{'in' if purpose == 'INPUT' else 'out'}/"
    known = {"kind": "s3", "access": "user", "path": path, "identity": str(purpose)}
    return {**known, "fingerprint": "ab", "proof": proof}


def deployed(lightly: FakeLightly, *names: str) -> dict[str, Any]:
    """A state in which all is well, and at Lightly what it says; its keys are external, and encrypted."""
    closed = light_row(write=REFUSED, overwrite=REFUSED, delete=REFUSED)
    own = (credential(), light_row(delete=PROBED))
    document = state(*(dataset(name, INPUT=(credential(), closed), LIGHTLY=own) for name in names))
    for each in document["deployment"]["resources"]:
        if each["type"].endswith(":Verification"):
            name = each["urn"].rpartition("::")[2].removesuffix("-verification")
            each["id"] = lightly.add(name)
            asked = {"INPUT": entry(Purpose.INPUT), "LIGHTLY": {**entry(Purpose.LIGHTLY), "given": True, "proof": {}}}
            lightly.register(each["id"], asked)
            keys = {SIGNATURE: SECRET, "ciphertext": "v1:abc:def"}
            each["inputs"] = {"datasetId": each["id"], "dataset": name, "datasources": asked, "credentials": keys}
    return document


@pytest.fixture
def file(lightly: FakeLightly, tmp_path: Path) -> Path:
    (written := tmp_path / "state.json").write_text(json.dumps(deployed(lightly, "cows", "bees")))
    return written


def test_who_does_not_wait_any_more_ends_it_with_the_datasets_that_are_on_their_way(
    lightly: FakeLightly, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, over = list[str](), threading.Event()

    def look(api: object, dataset: str, inputs: object) -> NoReturn:
        begun.append(dataset)
        over.wait()
        raise ProviderError("nobody reads this")

    class Pool(ThreadPoolExecutor):
        def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
            super().shutdown(wait=False, cancel_futures=cancel_futures)
            over.set()
            super().shutdown()

    monkeypatch.setattr(rounds, "look", look)
    monkeypatch.setattr(rounds, "ThreadPoolExecutor", Pool)
    (file := tmp_path / "state.json").write_text(json.dumps(deployed(lightly, *(f"cows-{n}" for n in range(40)))))
    asking = rounds.Rounds(client.LightlyApi(Secret(TOKEN), lightly.url), Scrubber(), None, file, probe=False)

    def leave(done: int, of: int) -> None:
        assert (done, of) == (0, 40)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        asking.ask([], comes=leave)
    assert len(begun) <= 8


def test_all_is_well_and_nothing_was_changed(
    file: Path, lightly: FakeLightly, capsys: pytest.CaptureFixture[str]
) -> None:
    before = file.read_bytes()
    code, out, err = run(capsys, "--state", str(file))
    assert code == 0, err
    assert "ok  cows: nothing changed since 2026-11-28 09:00 UTC" in out
    assert "LIGHTLY delete: not asked" in out
    assert "its keys are encrypted in this state and were not tried" in out
    assert {seen.method for seen in lightly.seen} == {"GET"}
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_a_light_that_went_red_is_in_every_document(
    file: Path, lightly: FakeLightly, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lightly.verdicts = [DENIED]
    junit, sarif = tmp_path / "lights.xml", tmp_path / "lights.sarif"
    code, out, _ = run(capsys, "cows", "--state", str(file), "--json", "--junit", str(junit), "--sarif", str(sarif))
    found = json.loads(out)
    assert code == 1
    assert [(each["light"], each["change"], each["since"]) for each in found["changes"]] == [
        ("write", "went red", "2026-11-28T09:00:00Z"),
        ("overwrite", "went red", "2026-11-28T09:00:00Z"),
    ]
    assert list(found["datasets"]) == ["cows"]
    root = ET.parse(junit).getroot()  # noqa: S314 - our own
    assert (root.get("tests"), root.get("failures")) == ("10", "2")
    assert len(json.loads(sarif.read_text())["runs"][0]["results"]) == 2


def test_what_somebody_registered_or_deleted_at_lightly_is_red_and_named(
    file: Path, lightly: FakeLightly, capsys: pytest.CaptureFixture[str]
) -> None:
    cows, bees = lightly.datasets
    lightly.datasources[cows, "LIGHTLY"]["fullPath"] = "s3://theirs/"
    del lightly.datasets[bees]
    code, out, _ = run(capsys, "--state", str(file))
    assert code == 1
    assert "LIGHTLY list, read, write, overwrite: went red: somebody registered another one: s3://theirs/" in out
    assert "INPUT list, read" in out
    assert "nothing is registered at Lightly, expected s3://in/" in out


def test_who_was_not_asked_is_neither_well_nor_red(
    file: Path, lightly: FakeLightly, capsys: pytest.CaptureFixture[str]
) -> None:
    lightly.faults = [Fault("GET", ".*/verify", 403)]
    code, out, _ = run(capsys, "--state", str(file))
    assert code == 2
    assert ": could not be asked" in out
    assert "hint: the owner of the token may not do this" in out


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["cow"], "did you mean 'cows'?"),
        (["--watch", "60", "--json"], "expected one of the two"),
        (["--junit", "{file}/lights.xml"], "expected a file that can be written"),
    ],
    ids=["dataset", "two forms", "file"],
)
def test_wrong_usage_says_what_was_expected(
    args: list[str], said: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = run(capsys, *(arg.format(file=file) for arg in args), "--state", str(file))
    assert code == 2
    assert said in err


@pytest.mark.parametrize("text", ["", "not JSON", "[]", '{"deployment": []}'])
def test_a_file_that_is_no_state_is_named(text: str, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(text)
    code, _, err = run(capsys, "--state", str(file))
    assert code == 2
    assert str(file) in err
    assert "hint: " in err


def test_without_a_token_nothing_is_opened(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("LIGHTLY_TOKEN")
    monkeypatch.setenv("PATH", "/nonexistent")
    code, _, err = run(capsys)
    assert code == 2
    assert "LIGHTLY_TOKEN is not set" in err


def test_a_watch_says_each_change_once(
    file: Path, lightly: FakeLightly, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers: list[list[dict[str, Any]]] = [[GREEN], [DENIED], [DENIED], [GREEN]]

    def pause(seconds: float) -> None:
        assert seconds == 60
        if not answers:
            raise KeyboardInterrupt
        lightly.verdicts = answers.pop(0)

    monkeypatch.setattr(verify, "sleep", pause)
    code, out, _ = run(capsys, "cows", "--state", str(file), "--watch", "60")
    assert code == 130
    assert [line.split(" UTC cows ", 1)[1].split(": ")[:2] for line in out.splitlines() if " UTC cows " in line] == [
        ["LIGHTLY write, overwrite", "went red"],
        ["LIGHTLY write, overwrite", "as expected again"],
    ]


@pytest.mark.parametrize("how", HOWS)
def test_no_key_of_a_state_in_clear_is_shown_whatever_lightly_and_the_store_repeat(
    file: Path, lightly: FakeLightly, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], how: str
) -> None:
    document = json.loads(file.read_text())
    table = {"accessKeyId": "AKIAIOSFODNN7EXAMPLE", "secretAccessKey": CANARY, "region": "eu-central-1"}
    opened = {SIGNATURE: SECRET, "plaintext": json.dumps(dict.fromkeys(Purpose, table))}
    for each in document["deployment"]["resources"]:
        if each["type"].endswith(":Verification"):
            each["inputs"]["credentials"] = opened
    file.write_text(json.dumps(document))
    lightly.verdicts = [{**DENIED, "errors": {"canWrite": f"(AccessDenied) {CANARY} is denied"}}]
    junit, sarif = file.with_suffix(".xml"), file.with_suffix(".sarif")
    with echoing_cloud(how, file.parent) as cloud:
        cloud.knows.append(CANARY)
        monkeypatch.setenv("AWS_ENDPOINT_URL", cloud.url)
        code, out, err = run(capsys, "cows", "--state", str(file), "--junit", str(junit), "--sarif", str(sarif))
    assert code == 1
    assert "its keys" not in out  # they were used
    assert SEARCH.found(out + err + junit.read_text() + sarif.read_text()) == []


@pytest.mark.sandbox
def test_a_deployed_stack_is_asked_with_its_keys_and_left_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with start_sandbox() as sandbox:
        cows = Chain(sandbox, tmp_path)
        cows.must(cows.up())
        stack = cows.stack()
        for name, value in {
            **sandbox.environment(),
            "PULUMI_BACKEND_URL": (tmp_path / cows.name / "backend").as_uri(),
            "PULUMI_HOME": str(tmp_path / cows.name / "home"),
            "PULUMI_CONFIG_PASSPHRASE": PHRASE,
            "PULUMI_SKIP_UPDATE_CHECK": "true",
        }.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("PATH", str(find().path.parent), prepend=":")
        monkeypatch.chdir(tmp_path / cows.name / "project")
        before, calls = stack.state(), cows.calls("lightly")

        code, out, err = run(capsys, "--stack", "rehearsal", "--json")
        assert code == 0, out + err
        (found,) = json.loads(out)["datasets"].values()
        assert "probe" in found["datasources"]["LIGHTLY"]["delete"]["evidence"]
        assert found["notes"] == []

        (group,) = cows.customer.iam.list_groups_for_user(UserName=cows.user())["Groups"]
        cows.customer.iam.remove_user_from_group(GroupName=group["GroupName"], UserName=cows.user())
        code, out, err = run(capsys, "--stack", "rehearsal", "--json")
        assert code == 1, out + err
        changes = [(each["purpose"], each["light"], each["change"]) for each in json.loads(out)["changes"]]
        assert changes == [("LIGHTLY", str(name), "went red") for name in Capability]
        code, out, err = run(capsys, "--stack", "rehearsal", "--no-probe")
        assert code == 1, out + err
        assert f"RED {cows.name}: 4 lights changed since " in out  # nobody but the key can tell of delete

        monkeypatch.delenv("PULUMI_CONFIG_PASSPHRASE")
        assert run(capsys, "--stack", "rehearsal", "--no-probe")[0] == 1
        code, _, err = run(capsys, "--stack", "rehearsal")
        assert code == 2
        assert "--no-probe" in err

        assert stack.state() == before
        after = cows.calls("lightly")
        assert {name for name in after if after[name] != calls.get(name)} <= {"get_datasources", "verify"}
