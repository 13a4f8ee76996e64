"""A stack on the file cloud: what the fidelity scenarios cannot show."""

import json
import stat
import threading
from pathlib import Path

import pytest
from lightly_core.secret import Secret
from lightly_sandbox.engine import checkpoint
from lightly_sandbox.engine.checkpoint import StackLocked, UnreadableState
from lightly_sandbox.engine.config import ProjectError
from lightly_sandbox.engine.secrets import WrongPassphrase

from tests.lightly_sandbox.engine.stacks import Sandbox

ONE = 'Thing("one", "one", word=config.get("word"))\n'
HOOK = """
hooks = pulumi.ResourceHookBinding(before_create=[print])
Thing("a", "a", opts=pulumi.ResourceOptions(hooks=hooks))
"""
CTRL_C = """
import os, pathlib, signal, time
engine = int(pathlib.Path(os.environ["FILECLOUD_ENGINE"]).read_text())
things = pulumi.Output.all(Thing("one", "one").id, Thing("two", "two").id)
things.apply(lambda _: (os.kill(engine, signal.SIGINT), time.sleep(60)))
"""
SECRET = """
word = config.require_secret("word")
thing = Thing("one", "one", word=word)
pulumi.export("word", word)
pulumi.export("more", pulumi.Output.secret({"n": 1}))
pulumi.export("version", version)
"""


def test_a_plugin_of_the_project_is_started_and_used(tmp_path: Path) -> None:
    sandbox = Sandbox(tmp_path / "box", ONE)
    assert sandbox.stack().up().changes == {"create": 2, "update": 0, "replace": 0, "delete": 0, "same": 0}
    assert sandbox.stack().up().changes == {"create": 0, "update": 0, "replace": 0, "delete": 0, "same": 2}
    assert sandbox.things() == {"one"}
    assert sandbox.stack().destroy().changes["delete"] == 2
    assert sandbox.things() == set()


def test_a_preview_changes_nothing(tmp_path: Path) -> None:
    sandbox = Sandbox(tmp_path / "box", ONE)
    found = sandbox.stack().preview()
    assert found.ok
    assert found.changes["create"] == 2
    assert not sandbox.state.exists()
    assert sandbox.things() == set()


def test_secrets_are_encrypted_at_rest_and_wrapped_in_results(tmp_path: Path) -> None:
    sandbox = Sandbox(tmp_path / "box", SECRET)
    found = sandbox.stack(word=Secret("hunter2hunter2")).up()
    assert found.ok, found.diagnostics
    assert isinstance(found.outputs["word"], Secret)
    assert found.outputs["word"].reveal() == "hunter2hunter2"
    assert json.loads(found.outputs["more"].reveal()) == {"n": 1}
    assert found.outputs["version"] == "1"
    assert "hunter2" not in sandbox.state.read_text() + repr(found) + repr(sandbox.events)
    assert stat.S_IMODE(sandbox.state.stat().st_mode) == 0o600


def test_an_exported_state_is_the_file(tmp_path: Path) -> None:
    sandbox = Sandbox(tmp_path / "box", SECRET)
    sandbox.stack(word=Secret("hunter2hunter2")).up()
    exported, written = sandbox.stack().export(), json.loads(sandbox.state.read_text())
    assert exported["deployment"]["resources"] == written["deployment"]["resources"]
    assert set(written["deployment"]) == {"manifest", "secrets_providers", "resources", "metadata"}


def test_a_wrong_passphrase_is_refused_before_anything_is_done(tmp_path: Path) -> None:
    sandbox = Sandbox(tmp_path / "box", ONE)
    sandbox.stack().up()
    with pytest.raises(WrongPassphrase):
        sandbox.stack(phrase="wrong").destroy()
    assert sandbox.things() == {"one"}


def test_a_second_run_at_once_is_refused(tmp_path: Path) -> None:
    sandbox = Sandbox(tmp_path / "box", ONE)
    with checkpoint.locked(sandbox.state), pytest.raises(StackLocked, match="another run"):
        sandbox.stack().up()
    assert sandbox.stack().up().ok


@pytest.mark.parametrize("text", ["", "[]", '{"version": 4}', '{"version": 3, "deployment": {"snippets": [1]}}'])
def test_a_foreign_state_is_refused(text: str, tmp_path: Path) -> None:
    sandbox = Sandbox(tmp_path / "box", ONE)
    sandbox.state.write_text(text)
    with pytest.raises(UnreadableState, match="hint: "):
        sandbox.stack().up()
    assert sandbox.state.read_text() == text


def test_an_error_of_the_program_is_one_diagnostic_from_its_own_line_on(tmp_path: Path) -> None:
    sandbox = Sandbox(tmp_path / "box", ONE + 'raise ValueError("no good")\n')
    found = sandbox.stack().up()
    assert not found.ok
    (text,) = found.diagnostics
    assert "ValueError: no good" in text
    assert "launch.py" not in text
    assert "asyncio" not in text


def test_a_program_that_dies_says_how(tmp_path: Path) -> None:
    sandbox = Sandbox(tmp_path / "box", 'import os, sys\nprint("last words", file=sys.stderr)\nos._exit(7)\n')
    (text,) = sandbox.stack().up().diagnostics
    assert "exit code 7" in text
    assert "last words" in text


@pytest.mark.parametrize(
    ("program", "named"),
    [
        ('Thing("a", "a", opts=pulumi.ResourceOptions(transforms=[lambda args: None]))', "transforms"),
        ('one = Thing("a", "a")\nThing("b", "b", opts=pulumi.ResourceOptions(replace_with=[one]))', "replaceWith"),
        ('Thing("a", "a", file=pulumi.StringAsset("x"))', "asset"),
        ('pulumi.StackReference("o/p/s")', "stack references"),
        (
            'Thing("a", "a", opts=pulumi.ResourceOptions(hooks=pulumi.ResourceHookBinding(before_create=[print])))',
            "hook",
        ),
    ],
)
def test_what_is_not_supported_is_refused_by_name(program: str, named: str, tmp_path: Path) -> None:
    sandbox = Sandbox(tmp_path / "box", program + "\n")
    found = sandbox.stack().up()
    assert not found.ok
    assert any(named.lower() in text.lower() for text in found.diagnostics), found.diagnostics


def test_a_package_without_a_plugin_is_named_with_the_way_out(tmp_path: Path) -> None:
    program = 'pulumi.CustomResource("other:index:Thing", "a", {})\n'
    found = Sandbox(tmp_path / "box", program).stack().up()
    assert any("no plugin for package 'other'" in text and "hint: " in text for text in found.diagnostics)


def test_a_cancelled_run_begins_nothing_new_and_leaves_a_valid_state(tmp_path: Path) -> None:
    sandbox = Sandbox(tmp_path / "box", "import time\ntime.sleep(60)\n")
    stack = sandbox.stack()
    timer = threading.Timer(1.0, stack.cancel)
    timer.start()
    found = stack.up()
    timer.join()
    assert not found.ok
    assert "cancelled" in found.diagnostics[0]
    assert sandbox.stack().export()["version"] == 3


def test_ctrl_c_ends_the_run_and_the_state_is_valid(tmp_path: Path) -> None:
    sandbox = Sandbox(tmp_path / "box", CTRL_C)
    done = sandbox.in_process("up", "1", {})
    assert "KeyboardInterrupt" in done.stderr
    state = json.loads(sandbox.state.read_text())["deployment"]
    assert "pending_operations" not in state
    assert {item["id"] for item in state["resources"] if item["type"] == "filecloud:index:Thing"} == sandbox.things()


def test_a_project_that_asks_for_more_than_the_engine_does_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="`packages` is not supported"):
        Sandbox(tmp_path / "box", ONE, more_yaml="packages: {x: ../x}\n").stack()
