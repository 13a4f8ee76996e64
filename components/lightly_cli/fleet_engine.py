"""Pulumi's engine, once for each shard, side by side, through the Automation API and in the project's folder.

Of the class of the Automation API that runs commands the one below differs in how a run ends: a Ctrl-C is ours to
answer, for all of them at once.
"""

import contextlib
import os
import re
import signal
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from lightly_access.fleet.ran import Ran
from lightly_access.fleet.seen import FOLDER
from lightly_core.counted import counted
from lightly_core.scrub import Scrubber
from pulumi import automation
from pulumi.automation import CommandResult, EngineEvent, OnOutput, PulumiCommand
from pulumi.automation.errors import CommandError, create_command_error

from lightly_cli.deployed import DeploymentError, told

_COLOUR = re.compile(r"<\{%.*?%\}>")
_ECHO = re.compile(r"(?:update|preview|destroy) failed|Resource monitor has terminated, shutting down")
"""What Pulumi says last when something else, which it said, went wrong."""
_UNCHANGED = "same"
_REFRESHED, _DONE = "resources refreshed", "resources"


class Running:
    """The Pulumis that run now."""

    def __init__(self) -> None:
        self._lock, self._processes, self.ending = threading.Lock(), set[subprocess.Popen[str]](), threading.Event()

    @contextlib.contextmanager
    def one(self, process: "subprocess.Popen[str]") -> Any:
        """Inside the block it is one of them; after it nothing that it started is left."""
        with self._lock:
            self._processes.add(process)
            if self.ending.is_set():
                process.send_signal(signal.SIGINT)
        try:
            yield
        finally:
            with self._lock:
                self._processes.discard(process)
            _kill(process)

    def end(self) -> None:
        """Ask each to cancel: it lets the steps that are on their way end, and writes what it has done."""
        with self._lock:
            self.ending.set()
            for process in self._processes:
                process.send_signal(signal.SIGINT)

    def kill(self) -> None:
        """End them as a crash does."""
        with self._lock:
            for process in self._processes:
                _kill(process)


def _kill(process: "subprocess.Popen[str]") -> None:
    """It, and whatever it has started: a group of its own."""
    with contextlib.suppress(OSError):
        os.killpg(process.pid, signal.SIGKILL)


class Command(PulumiCommand):
    """Pulumi's command line, the one on PATH."""

    def __init__(self, running: Running) -> None:
        super().__init__()
        self._running = running

    def run(
        self,
        args: list[str],
        cwd: str,
        additional_env: Mapping[str, str],
        on_output: OnOutput | None = None,
        on_error: OnOutput | None = None,
    ) -> CommandResult:
        """Run it to its end, whoever asks for that. Raises CommandError."""
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            process = subprocess.Popen(  # noqa: S603 - the user's own
                [self.command, "--non-interactive", *args],
                stdin=subprocess.DEVNULL,
                stdout=out,  # a pipe would end it in the middle of its steps when we are killed
                stderr=err,
                text=True,
                cwd=cwd,
                env={**os.environ, **additional_env, "PULUMI_AUTOMATION_API": "true"},
                start_new_session=True,  # a Ctrl-C comes to us: each is told once
            )
            with self._running.one(process):
                process.wait()
            done = CommandResult(_text(out), _text(err), process.returncode)
        if done.code:
            raise create_command_error(done)
        return done


def _text(file: IO[bytes]) -> str:
    """All of it, which Go writes in UTF-8, whatever the locale is; what is none stops nobody."""
    file.seek(0)
    return file.read().decode(errors="replace")


class _Stack(automation.Stack):
    """One that is neither selected nor asked for outputs and history after a run: the events tell enough."""

    def __init__(self, name: str, workspace: automation.Workspace) -> None:
        self.name, self.workspace = name, workspace

    def outputs(self) -> automation.OutputMap:
        return {}

    def info(self, show_secrets: bool = True) -> automation.UpdateSummary:
        return automation.UpdateSummary("", datetime.now(UTC), "", {}, {}, "")


Comes = Callable[[str, int, int, str], None]
"""Is told of a stack how many of how many it has done, and of what; of 0 where nobody knows."""


class Heard:
    """What the events of one run say."""

    def __init__(self, stack: str, known: int, comes: Comes) -> None:
        """`known` resources the stack has before the run."""
        self._stack, self._known, self._comes = stack, known, comes
        self._scrubber = Scrubber.of_environment(os.environ)
        self._summed = False
        self.changes, self.errors = Counter[str](), dict[str, None]()
        self._begun: dict[str, set[str]] = {noun: set() for noun in (_REFRESHED, _DONE)}
        self._done: dict[str, set[str]] = {noun: set() for noun in self._begun}

    def hear(self, event: EngineEvent) -> None:
        """One event; the engine sends them one after another."""
        if begun := event.resource_pre_event:
            self._step(begun.metadata, over=_word(begun.metadata.op) == _UNCHANGED)
        elif ended := event.res_outputs_event or event.res_op_failed_event:
            self._step(ended.metadata, over=True)
        elif event.summary_event:
            self._summed = True
            self.changes.update({_word(op): count for op, count in event.summary_event.resource_changes.items()})
        elif event.diagnostic_event and event.diagnostic_event.severity == "error":
            self._fault(event.diagnostic_event.urn or "", event.diagnostic_event.message)
        elif event.policy_event and event.policy_event.enforcement_level == "mandatory":
            self._fault(event.policy_event.resource_urn or "", event.policy_event.message)

    def _step(self, step: Any, *, over: bool) -> None:
        """A resource may have several steps, when it is replaced."""
        noun = _REFRESHED if _word(step.op) == "refresh" else _DONE
        begun, done = self._begun[noun], self._done[noun]
        begun.add(step.urn)
        if over:
            done.add(step.urn)
        known = self._known if len(begun) <= self._known else 0  # of what is made anew nobody knows the number
        self._comes(self._stack, len(done), known, noun)

    def _fault(self, urn: str, message: str) -> None:
        text = self._scrubber.scrub(_COLOUR.sub("", message).strip())
        if text and not _ECHO.fullmatch(text):
            name = "" if "::pulumi:pulumi:Stack::" in urn else urn.rpartition("::")[2]
            self.errors[f"{name}: {text}" if name else text] = None

    @property
    def said(self) -> str:
        """What changed, in Pulumi's words; of a run that was cut off, what is known of it."""
        if not self._summed:
            steps = len(set().union(*self._begun.values()))
            return f"cut off after {counted(steps, 'resource')}" if steps else "no change is known"
        changed = {op: count for op, count in self.changes.items() if op != _UNCHANGED}
        return ", ".join(f"{count} {op}" for op, count in changed.items()) or "no change"


class Engine:
    """Runs a verb of Pulumi for one shard; from several threads at once."""

    def __init__(self, root: Path, running: Running, known: Mapping[str, int], comes: Comes, seen: str) -> None:
        """`known` are the stacks that there are, and how many resources; `comes` is told how far each has come; `seen`
        is a folder for what the programs of one run tell each other."""
        self._root, self._running, self._known, self._comes, self._seen = root, running, known, comes, seen
        self._command = Command(running)

    def run(self, verb: str, stack: str, more: Mapping[str, Any]) -> Ran:
        """`up`, `preview` or `destroy`, with `more` of its arguments in the Automation API. A stack that does not exist
        yet is made, or is nothing to destroy."""
        began, heard = time.monotonic(), Heard(stack, self._known.get(stack, 0), self._comes)
        if self._running.ending.is_set():
            return Ran(stack, None, "interrupted")
        if verb == "destroy" and stack not in self._known:
            return Ran(stack, True, "was never deployed")
        errors: tuple[str, ...] = ()
        try:
            if stack not in self._known:
                told("stack", "init", stack, "--no-select", stack=None)
            workspace = automation.LocalWorkspace(
                work_dir=str(self._root), pulumi_command=self._command, env_vars={FOLDER: self._seen}
            )
            getattr(_Stack(stack, workspace), verb)(on_event=heard.hear, **more)
        except CommandError as failed:
            errors = tuple(heard.errors) or (_last(str(failed), stack),)
        except DeploymentError as failed:
            errors = (str(failed),)
        took = time.monotonic() - began
        if errors and self._running.ending.is_set():
            return Ran(stack, None, "interrupted", seconds=took)
        return Ran(stack, not errors, heard.said, errors, {"changes": dict(heard.changes)}, took)


def _word(op: object) -> str:
    return str(getattr(op, "value", op))


def _last(text: str, stack: str) -> str:
    """Of what Pulumi printed, the last of its errors, with the lines that belong to it."""
    errors = re.findall(r"\berror: .+(?:\n[ \t]+\S.*)*", text) or ["Pulumi ended without a word"]
    said = Scrubber.of_environment(os.environ).scrub(errors[-1].strip())
    # Its own words name `pulumi cancel` without the stack: another one may be selected.
    hint = f"\nhint: where that run is not there any more, `lightly-access recover --stack {stack}` ends its lock"
    return said + hint if "currently locked" in said else said
