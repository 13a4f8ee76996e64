"""`lightly-access fleet` with a Pulumi that does what a file says: order, failures, exit codes, and Ctrl-C."""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import lightly_cli.deployed
import pytest
import yaml
from lightly_access.fleet.ran import Ran
from lightly_access.fleet.seen import FOLDER
from lightly_access.tables.shard import shard_of
from lightly_cli.deployed import DeploymentError
from lightly_cli.fleet_engine import Heard
from lightly_cli.fleet_order import ended_as_by_ctrl_c, side_by_side
from lightly_cli.fleet_shown import Shown
from lightly_cli.main import main
from lightly_cli.states import States
from pulumi.automation import EngineEvent, OpType
from pulumi.automation.events import ResourcePreEvent, ResOutputsEvent, StepEventMetadata

from tests.lightly_access.fleet.test_settled import deployed

PULUMI = f"""#!{sys.executable}
import os, sys
words = " ".join(sys.argv[1:])
if "version" in words:
    print("v3.300.0")
elif "stack ls" in words:
    before = ['{{"name": "prod-shard-4", "resourceCount": 9}}'] if os.path.exists("prod-shard-4.json") else []
    ours = "" if "--fully-qualify-stack-names=false" in words else "us/farm/"
    named = (ours + "prod-shard-1", ours + "prod-shard-2", "eve/prod-shard-3", "eve/prod-shard-5")
    names = [f'{{{{"name": "{{each}}", "resourceCount": 3}}}}' for each in named] + before
    print(f'[{{", ".join(names)}}]')
elif "stack export" in words:
    state = words.split("--stack ")[-1].split()[0] + ".json"
    print(open(state).read() if os.path.exists(state) else '{{"version": 3, "deployment": {{}}}}')
elif "stack import" in words:
    open("log", "a").write("import " + words.split("--stack ")[-1].split()[0] + "\\n")
elif "stack output" in words:
    print(open("shared.json").read() if os.path.exists("shared.json") else "{{}}")
else:
    stack = words.split("--stack ")[-1].split()[0] if "--stack " in words else words.split("init ")[-1].split()[0]
    verb = next(each for each in ("init", "up", "preview", "destroy") if each in words.split())
    with open("seen", "a") as seen:
        print(os.environ.get("{FOLDER}"), file=seen)
    with open("log", "a") as log:
        more = [each for each in sys.argv if each == "--refresh" or each.endswith("policies")]
        log.write(" ".join([verb, stack, *more]) + "\\n")
    if os.path.exists(f"{{verb}} {{stack}}"):
        print("error: " + (open(f"{{verb}} {{stack}}").read() or "it broke"), file=sys.stderr)
        sys.exit(1)
"""
OURS = {"kind": "s3", "bucket": "acme-out", "region": "eu-central-1", "create": True}
YOURS = {"kind": "s3", "bucket": "acme-in", "region": "eu-central-1"}
LAST = next(f"cows {number}" for number in range(99) if shard_of(f"cows {number}", 3) == 3)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with three shards, of which the third has a dataset in a store that is made."""
    (tmp_path / "Pulumi.yaml").write_text("name: farm\nruntime: python\n")
    dataset = {
        "type": "images",
        "input": {"store": "lake", "path": "in/", "access": "delegated"},
        "lightly": {"store": "results", "path": "out/", "access": "delegated"},
    }
    tables = {"stores": {"lake": YOURS, "results": OURS}, "datasets": {LAST: dataset}}
    for number in (1, 2, 3):
        config = {f"lightly-access:{key}": value for key, value in {**tables, "shard": f"{number}/3"}.items()}
        file = tmp_path / f"Pulumi.prod-shard-{number}.yaml"
        file.write_text(yaml.safe_dump({"config": {"aws:region": "eu-central-1", **config}}))
    (script := tmp_path / "pulumi").write_text(PULUMI)
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as ended:
        main(["fleet", *words])
    said = capsys.readouterr()
    return int(ended.value.code or 0), said.out + said.err


def log(folder: Path) -> list[str]:
    file = folder / "log"
    return file.read_text().splitlines() if file.exists() else []


def test_the_first_shard_goes_first_and_is_destroyed_last(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = run(capsys, "up", "--yes", "--parallel", "1")
    assert code == 0, said
    assert log(folder) == ["up prod-shard-1", "up prod-shard-2", "init prod-shard-3", "up prod-shard-3"]
    (folder / "log").unlink()
    code, said = run(capsys, "destroy", "--yes")
    assert code == 0, said
    assert log(folder) == ["destroy prod-shard-2", "destroy prod-shard-1"]
    assert "prod-shard-3  ok  was never deployed" in said


def test_a_failure_stops_nobody_who_does_not_need_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "up prod-shard-2").touch()
    code, said = run(capsys, "up", "--yes", "--json")
    shards = json.loads(said[said.index("{") :])["shards"]
    assert code == 1
    assert [each["ok"] for each in shards] == [True, False, True]
    assert shards[1]["errors"] == ["error: it broke"]


def test_whoever_holds_a_stack_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    held = "the stack is currently locked by 1 lock(s). End it with `pulumi cancel`.\n  lock.json: created by eve@farm"
    (folder / "up prod-shard-2").write_text(held)
    said = run(capsys, "up", "--yes")[1]
    assert "created by eve@farm" in said
    assert "`lightly-access recover --stack prod-shard-2` ends its lock" in said


def test_what_nobody_foresaw_in_one_shard_is_said_of_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = run(capsys, "preview", "--json")  # of which no event comes: the Automation API raises then
    assert code == 1
    assert [each["said"] for each in json.loads(said[said.index("{") :])["shards"]][:2] == ["not foreseen"] * 2


def test_who_needs_what_the_first_shard_makes_waits_for_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "up prod-shard-1").touch()
    code, said = run(capsys, "up", "--yes")
    assert code == 1
    assert log(folder) == ["up prod-shard-1", "up prod-shard-2"]
    assert "prod-shard-3  not run  it needs what prod-shard-1 makes" in said
    (folder / "shared.json").write_text('{"shared": {"results": {}}}')  # an earlier run has made it
    assert run(capsys, "up", "--yes")[0] == 1
    assert "up prod-shard-3" in log(folder)


def test_the_first_shard_stays_as_long_as_another_one_stands(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "destroy prod-shard-2").touch()
    code, said = run(capsys, "destroy", "--yes")
    assert code == 1
    assert log(folder) == ["destroy prod-shard-2"]
    assert "prod-shard-1  not run  the others use what it made" in said


def test_only_the_shard_of_a_dataset_runs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = run(capsys, "up", "--yes", "--only", LAST)
    assert code == 0, said
    assert log(folder) == ["init prod-shard-3", "up prod-shard-3"]


@pytest.mark.parametrize(
    "words",
    [("up",), ("destroy",), ("settle",), ("up", "test", "--yes"), ("sink", "--yes"), ("up", "--yes", "--only", "x")],
)
def test_wrong_usage_runs_nothing(folder: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]) -> None:
    assert run(capsys, *words)[0] == 2
    assert log(folder) == []


@pytest.mark.parametrize(("dataset", "hint"), [(LAST, "fleet settle prod"), ("gone", "pulumi destroy --stack")])
def test_no_dataset_is_forgotten_in_a_stack_that_is_no_shard_any_more(
    dataset: str, hint: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "prod-shard-4.json").write_text(json.dumps(deployed("prod-shard-4", {dataset})))
    for verb in ("preview", "up", "status", "verify", "destroy"):
        code, said = run(capsys, verb, *(["--yes"] if verb in ("up", "destroy") else []), "--json")
        (found,) = [each for each in json.loads(said[said.index("{") :])["shards"] if each["stack"] == "prod-shard-4"]
        assert (code != 0, found["ok"]) == (True, False)
        assert f"Lightly keeps what access it has to {dataset}," in found["errors"][0]
        assert hint in found["errors"][0]
    assert "destroy prod-shard-1" not in log(folder), "the stores that it uses stay"
    (folder / "log").unlink()
    code, said = run(capsys, "settle", "--yes", "--json")
    document, _ = json.JSONDecoder().raw_decode(said[said.index("{") :])
    shards = {each["stack"]: each for each in document["shards"]}
    if dataset == LAST:
        assert code == 0, said
        assert (shards["prod-shard-3"]["came"], shards["prod-shard-4"]["went"]) == ([LAST], [LAST])
        assert log(folder) == ["init prod-shard-3", "import prod-shard-3", "import prod-shard-4"]
    else:
        assert (code, shards["prod-shard-4"]["ok"]) == (1, False)
        assert "every dataset is in the stack of its shard" not in said


def test_what_was_never_deployed_is_not_well(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = run(capsys, "status", "--json")
    shards = {each["stack"]: each for each in json.loads(said)["shards"]}
    assert code == 1
    assert {stack: each["ok"] for stack, each in shards.items()} == {
        "prod-shard-1": True,
        "prod-shard-2": True,
        "prod-shard-3": False,
    }
    assert shards["prod-shard-3"]["errors"] == [f"{LAST}: not deployed"]


def test_a_state_that_somebody_else_has_written_meanwhile_is_not_written_over(monkeypatch: pytest.MonkeyPatch) -> None:
    now: dict[str, Any] = {"prod": {"deployment": {"manifest": 1}}}
    monkeypatch.setattr(lightly_cli.deployed, "document", lambda stack, _, **__: now[stack])
    monkeypatch.setattr(lightly_cli.deployed, "bring", now.__setitem__)
    states = States()
    states.read("prod")
    for number in (2, 3):  # its own do not count
        states.bring("prod", {"deployment": {"manifest": number}})
    now["prod"] = {"deployment": {"manifest": "of another run"}}
    with pytest.raises(DeploymentError, match="prod was deployed in the meantime"):
        states.bring("prod", {"deployment": {"manifest": 4}})
    assert now["prod"]["deployment"]["manifest"] == "of another run"


def test_pulumi_is_told_of_guardrails_and_to_look_first(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "policies").mkdir()
    code, said = run(capsys, "up", "--yes", "--only", LAST, "--refresh", "--policy-pack", "policies")
    assert code == 0, said
    assert log(folder)[-1] == f"up prod-shard-3 {folder / 'policies'} --refresh"


def test_the_programs_of_one_run_share_a_folder_that_ends_with_it(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, "up", "--yes")[0] == 0
    found = set((folder / "seen").read_text().split()) - {"None"}  # `stack init` runs no program
    assert len(found) == 1
    assert not Path(found.pop()).exists()


def test_a_manifest_with_problems_runs_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for file in folder.glob("Pulumi.prod-*"):
        file.write_text(file.read_text().replace("path: out/", "path: ''"))
    code, said = run(capsys, "up", "--yes")
    assert code == 1
    assert ".lightly.path" in said
    assert log(folder) == []


def test_a_stack_file_that_cannot_be_read_is_named_where_it_is_of_a_shard(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "Pulumi.other.yaml").write_bytes(b"\xff\xfe")
    assert run(capsys, "up", "--yes", "--only", LAST)[0] == 0
    (folder / "Pulumi.prod-shard-2.yaml").write_bytes(b"\xff\xfe")
    code, said = run(capsys, "up", "--yes")
    assert code == 2
    assert "the file of prod-shard-2 says of no shard, or cannot be read" in said


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_at_ctrl_c_each_pulumi_is_told_once_and_waited_for(
    sent: signal.Signals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lightly_cli.fleet_engine import Command, Running

    told: Any = (
        f"#!{sys.executable}\nimport os, signal, sys\n"
        "if 'version' in sys.argv: print('v3.300.0'); sys.exit()\n"
        "def end(*_): open(sys.argv[-1], 'a').write('told'); sys.exit(1)\n"
        "signal.signal(signal.SIGINT, end)\nopen(sys.argv[-1] + ' is ready', 'w').close()\n"
        "while True: signal.pause()\n"
    )
    (script := tmp_path / "pulumi").write_text(told)
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    running, begun = Running(), threading.Semaphore(0)
    command, popen = Command(running), subprocess.Popen

    def starting(*args: Any, **options: Any) -> Any:
        os.mkfifo(ready := tmp_path / f"{args[0][-1]} is ready")
        process = popen(*args, **options)
        ready.read_text()  # its handler is there
        begun.release()
        return process

    monkeypatch.setattr(subprocess, "Popen", starting)

    def up(stack: str) -> Ran:
        with pytest.raises(Exception, match="code: 1"):
            command.run([stack], str(tmp_path), {})
        return Ran(stack, None, "interrupted")

    def interrupt() -> None:
        for _ in range(2):
            begun.acquire()
        os.kill(os.getpid(), sent)

    threading.Thread(target=interrupt).start()
    with pytest.raises(KeyboardInterrupt), ended_as_by_ctrl_c():
        side_by_side(["one", "two", "three"], up, 2, Shown(3, silent=True), running)
    assert [file.read_text() for file in (tmp_path / "one", tmp_path / "two")] == ["told", "told"]
    assert not (tmp_path / "three").exists(), "what had not begun does not begin"


@pytest.mark.parametrize("first", [signal.SIGINT, signal.SIGHUP])
def test_a_terminal_that_is_closed_is_no_second_ctrl_c_which_kills(first: signal.Signals) -> None:
    with ended_as_by_ctrl_c():
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(first)
        for _ in ("of the system", "of a shell"):
            signal.raise_signal(signal.SIGHUP)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def test_a_pulumi_goes_on_whatever_kills_us(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (script := tmp_path / "pulumi").write_text(
        f"#!{sys.executable}\nimport os, signal, sys\n"
        "if 'version' in sys.argv: print('v3.300.0'); sys.exit()\n"
        "us = os.getppid(); os.kill(us, signal.SIGKILL)\n"
        "while os.getppid() == us: pass\n"
        "try: said = os.write(1, b'created') and 'went on'\n"
        "except BrokenPipeError: said = 'died in the middle'\n"
        "open('end', 'w').write(said)\n"
    )
    script.chmod(0o755)
    os.mkfifo(tmp_path / "end")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    us = "from lightly_cli.fleet_engine import Command, Running; Command(Running()).run(['up'], '.', {})"
    process = subprocess.Popen(
        [sys.executable, "-c", us], cwd=tmp_path, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    )
    assert (tmp_path / "end").read_text() == "went on"
    assert process.wait() == -signal.SIGKILL


def test_what_pulumi_prints_is_read_whatever_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from lightly_cli.fleet_engine import Command, Running

    (script := tmp_path / "pulumi").write_text(
        "#!/bin/sh\n[ $1 = version ] && printf v3.300.0 || printf '\\303\\244 \\377'\n"
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert Command(Running()).run(["up"], str(tmp_path), {}).stdout == "\xe4 \ufffd"


def step(op: str, name: str, done: bool) -> EngineEvent:
    metadata = StepEventMetadata(op=OpType(op), urn=f"urn:pulumi:prod::farm::x::{name}", type="x", provider="")
    if done:
        return EngineEvent(0, 0, res_outputs_event=ResOutputsEvent(metadata))
    return EngineEvent(0, 0, resource_pre_event=ResourcePreEvent(metadata))


def test_the_engines_events_say_how_many_resources_are_done() -> None:
    told = list[tuple[int, int, str]]()
    heard = Heard("prod", 2, lambda stack, *counts: told.append(counts))
    for op, name, done in (
        ("refresh", "a", False),
        ("refresh", "a", True),
        ("same", "a", False),  # of an unchanged one the outputs may not be told
        ("create-replacement", "b", False),
        ("create-replacement", "b", True),
        ("delete-replaced", "b", True),
        ("create", "c", True),
    ):
        heard.hear(step(op, name, done))
    assert heard.said == "cut off after 3 resources"
    assert told == [
        (0, 2, "resources refreshed"),
        (1, 2, "resources refreshed"),
        (1, 2, "resources"),
        (1, 2, "resources"),
        (2, 2, "resources"),
        (2, 2, "resources"),
        (3, 0, "resources"),
    ]
