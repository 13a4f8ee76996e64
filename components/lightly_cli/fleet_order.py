"""In which order the shards of a fleet are run, how many at once, and how all of them end at a Ctrl-C."""

import json
import os
import signal
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from lightly_access.deployed.exported import table
from lightly_access.fleet.ran import Ran
from lightly_access.fleet.stacks import Fleet
from lightly_access.manifest import Manifest
from lightly_access.manifest.part import part
from lightly_core.scrub import Scrubber

from lightly_cli.deployed import DeploymentError, told
from lightly_cli.fleet_shown import Shown
from lightly_cli.session import session

if TYPE_CHECKING:
    from lightly_cli.fleet_engine import Running

Run = Callable[[str], Ran]
_ENDING = "ending: what is on its way is waited for"
_NOT_WAITED = "another Ctrl-C does not wait, and leaves work for `recover`"
_HANGUP = getattr(signal, "SIGHUP", None)  # Windows has none


def in_order(
    verb: str,
    fleet: Fleet,
    manifest: Manifest,
    stacks: Sequence[str],
    known: Mapping[str, int],
    parallel: int,
    shown: Shown,
    more: Mapping[str, Any],
    *,
    standing: bool,
) -> Sequence[Ran]:
    """`up`, `preview` or `destroy` of these shards: the one that makes stores before the others, or after them.

    `known` are the stacks that there are; `standing`, whether one that is no shard any more has datasets. Raises
    KeyboardInterrupt when all have ended.
    """
    from lightly_access.manifest.stack_file import project_root

    from lightly_cli.fleet_engine import Engine, Running

    running = Running()
    with tempfile.TemporaryDirectory() as seen:
        engine = Engine(project_root(Path.cwd()), running, known, shown.comes, seen)
        first = next(iter(fleet.shards))
        others = [stack for stack in stacks if stack != first]

        def run(stack: str) -> Ran:
            return engine.run(verb, stack, more)

        if verb == "destroy":
            runs = side_by_side(others, run, parallel, shown, running)
            if standing or not all(each.ok for each in runs):
                return [_not_run(first, "the others use what it made", shown), *runs]
            return [*side_by_side([first], run, 1, shown, running), *runs]
        begun = side_by_side([first] if first in stacks else [], run, 1, shown, running)
        waiting = set() if all(each.ok for each in begun) else _waiting(fleet, manifest, first)
        left = {stack: _not_run(stack, f"it needs what {first} makes", shown) for stack in others if stack in waiting}
        runs = side_by_side([stack for stack in others if stack not in left], run, parallel, shown, running)
        return [*begun, *sorted([*runs, *left.values()], key=lambda each: others.index(each.stack))]


@contextmanager
def ended_as_by_ctrl_c() -> Iterator[None]:
    """Inside the block SIGTERM, by which pipelines end what they cancel, is a Ctrl-C; so is the end of the terminal,
    where that is not ignored (nohup), but never a second one: system and shell both tell of it."""
    interrupted = False

    def interrupt(number: int, frame: FrameType | None) -> None:
        nonlocal interrupted
        again, interrupted = interrupted, True
        if not (again and number == _HANGUP):
            raise KeyboardInterrupt

    asked = [signal.SIGINT, signal.SIGTERM, *([_HANGUP] if _HANGUP else [])]
    before = {each: signal.getsignal(each) for each in asked if signal.getsignal(each) not in (signal.SIG_IGN, None)}
    for each in before:
        signal.signal(each, interrupt)
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def side_by_side(
    stacks: Sequence[str], run: Run, parallel: int, shown: Shown, running: "Running | None" = None
) -> list[Ran]:
    """All of them, in their order. Raises KeyboardInterrupt as soon as none is under way any more."""

    def begun(stack: str) -> Ran:
        if running is None or not running.ending.is_set():
            shown.begins(stack)
        try:
            return run(stack)
        except Exception as error:  # of this shard alone, whatever it is: the others go on, and are told of
            if session.debug:
                raise
            text = Scrubber.of_environment(os.environ).scrub(f"{type(error).__name__}: {error}")
            return Ran(stack, False, "not foreseen", (f"{text}\nhint: `lightly-access --debug` shows where",))

    with ThreadPoolExecutor(parallel) as pool:
        futures = list[Future[Ran]]()
        try:
            futures += (pool.submit(begun, stack) for stack in stacks)
            _hear(futures, shown)
        except KeyboardInterrupt:
            shown.interrupted.set()
            pool.shutdown(wait=False, cancel_futures=True)
            if running is None:
                shown.says(_ENDING)
            else:
                _end(running, futures, shown)
            raise
        return [future.result() for future in futures]


def _hear(futures: Iterable[Future[Ran]], shown: Shown) -> None:
    for future in as_completed(futures):
        shown.ends(future.result())


def _end(running: "Running", futures: Iterable[Future[Ran]], shown: Shown) -> None:
    """Ask all to end, and wait for them; at a second interrupt, do not."""
    running.end()
    shown.says(f"{_ENDING}; {_NOT_WAITED}")
    try:
        for future in as_completed([each for each in futures if not each.cancelled()]):
            shown.ends(future.result(), always=True)
    except KeyboardInterrupt:
        running.kill()
        raise


def _not_run(stack: str, why: str, shown: Shown) -> Ran:
    run = Ran(stack, None, why)
    shown.ends(run)
    return run


def _waiting(fleet: Fleet, manifest: Manifest, first: str) -> set[str]:
    """The shards that need something of the first, which has not said it yet."""
    try:
        outputs = table(json.loads(told("stack", "output", "--json", stack=first)))
    except (DeploymentError, ValueError):
        outputs = {}
    known = table(outputs.get("shared")).keys()
    parts = {stack: part(replace(manifest, shard=shard)) for stack, shard in fleet.shards.items()}
    return {stack for stack, mine in parts.items() if not mine.taken <= known}


def known_stacks() -> dict[str, int]:
    """The stacks that Pulumi has of this project, and how many resources. Raises DeploymentError.

    Those that a bare name means have one here: with its organization Pulumi lists a stack of another one, whose project
    has our name (`cloudBackendReference.String` in `pkg/backend/httpstate/stack.go` of pulumi/pulumi).
    """
    # Said, because PULUMI_OPTION_FULLY_QUALIFY_STACK_NAMES would have all of them with one.
    listed = json.loads(told("stack", "ls", "--json", "--fully-qualify-stack-names=false", stack=None))
    return {str(each["name"]): int(each.get("resourceCount") or 0) for each in listed if "/" not in str(each["name"])}
