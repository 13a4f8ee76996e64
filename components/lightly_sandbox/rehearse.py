"""The rehearsal: start the local clouds, play the phases, write down what happened, stop what was started."""

import contextlib
import fcntl
import json
import os
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from lightly_access.kinds.registry import kind_of
from lightly_access.manifest import ManifestError
from lightly_access.manifest.stack_file import check_path, find
from lightly_access.report.document import as_text
from lightly_access.report.lights import Phase, Report
from lightly_api.client import LightlyApi
from lightly_core.lightly_rules import DATASET_TYPES
from lightly_core.owner_file import folder_for_owner, open_for_owner, write_for_owner

from lightly_sandbox import data, fixtures, interrupt, pulumi_cli, scenario
from lightly_sandbox.context import Context, Record, Reporter
from lightly_sandbox.deployer import Deployer, Event, State
from lightly_sandbox.deployer.deployer import passphrase
from lightly_sandbox.deployer.guardrails import guardrails
from lightly_sandbox.excerpt import known
from lightly_sandbox.fixtures import Fixture
from lightly_sandbox.kinds import registry
from lightly_sandbox.lights import datasets
from lightly_sandbox.piece import Piece
from lightly_sandbox.sandbox import Sandbox
from lightly_sandbox.scenario import PHASES
from lightly_sandbox.start import start_sandbox

STACK = "rehearsal"


class UnknownPhaseError(ValueError):
    """`--only` names something that is not a phase."""

    def __init__(self, name: str) -> None:
        names = ", ".join(phase.name for phase in PHASES)
        super().__init__(f"--only: got {name!r}, expected one or more of: {names}\nhint: --only up,again")


class OutputFolderError(OSError):
    """The output files cannot be written."""


@dataclass(frozen=True)
class Options:
    """What the user asked for."""

    project: Path
    only: tuple[str, ...] = ()
    stores: tuple[str, ...] = ()
    """The kinds of store to rehearse; all when none is named."""
    data: Path | None = None
    folder: Path | None = None
    stack: str = STACK

    @property
    def out(self) -> Path:
        """Where the output files go."""
        return self.folder or self.project / "build" / "rehearsal"

    def phases(self) -> list[scenario.Phase]:
        """The phases to play: all, or those named and `up`, which the others build on. Raises UnknownPhaseError."""
        known = [phase.name for phase in PHASES]
        for name in self.only:
            if name not in known:
                raise UnknownPhaseError(name)
        return [phase for phase in PHASES if not self.only or phase.name in (*self.only, "up")]

    def piece(self) -> Piece:
        """What of the stack is rehearsed. Raises ManifestError, UnknownKindError and EmptySelectionError."""
        kinds = known(self.stores)
        checked = check_path(find(self.stack, self.project), os.environ)
        if checked.manifest is None:
            raise ManifestError(checked.problems, checked.warnings)
        return Piece.of(self.project, self.stack, checked.manifest, kinds)


@dataclass
class Rehearsal:
    """What happened."""

    records: list[Record] = field(default_factory=list)
    report: Report = field(default_factory=Report)

    @property
    def ok(self) -> bool:
        """Whether every phase did what it should, and there was one."""
        return bool(self.records) and all(record.ok for record in self.records)


def seed(sandbox: Sandbox, piece: Piece, folder: Path | None = None) -> dict[str, Fixture]:
    """Make what is there before the first deployment: the stores that are adopted, with data, and what somebody else
    made for them; and the datasets at Lightly that are adopted. Returns the owners of the stores, by kind."""
    owners = fixtures.owners(piece.manifest, piece.config)
    fixtures.seed(sandbox, owners, data.files(folder))
    lightly = LightlyApi(sandbox.token, sandbox.lightly.url).datasets
    for key, dataset in piece.manifest.datasets.items():
        if dataset.adopt:
            lightly.create(dataset.name or key, DATASET_TYPES[dataset.type])
    return owners


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """The folder, made and held by this rehearsal alone while it runs. Raises OutputFolderError."""
    try:
        folder_for_owner(folder)
        lock = open_for_owner(folder / ".lock", "w")
    except OSError as error:
        hint = "the rehearsal writes its files there; make it a folder that you may write to"
        raise OutputFolderError(f"{folder} cannot be used: {error.strerror}\nhint: {hint}") from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OutputFolderError(f"another rehearsal runs in {folder}\nhint: wait for it, or stop it") from None
        yield


def rehearse(options: Options, reporter: Reporter, keep: Callable[[Sandbox], None] | None = None) -> Rehearsal:
    """Play the phases. Whatever happens, an interrupt too, the servers are stopped and what is known is written.

    `keep` is called before the clouds are stopped. Raises UnknownPhaseError, UnknownKindError, EmptySelectionError,
    NoDataError, ToolMissingError and OutputFolderError before anything is started.
    """
    phases, piece = options.phases(), options.piece()
    list(data.files(options.data))
    pulumi_cli.find()
    for service in registry.needed(piece.kinds):
        service.prepare()
    with interrupt.remembered(), alone(options.out):
        return _play(options, phases, piece, reporter, keep)


def _play(
    options: Options,
    phases: list[scenario.Phase],
    piece: Piece,
    reporter: Reporter,
    keep: Callable[[Sandbox], None] | None,
) -> Rehearsal:
    for stale in ("lights.json", "stack.json", "log.txt"):
        (options.out / stale).unlink(missing_ok=True)
    for stale in ("pulumi", "mounts"):
        shutil.rmtree(options.out / stale, ignore_errors=True)
    rehearsal = Rehearsal()
    reporter.step("starting the local clouds")
    asked = fixtures.asked(fixtures.owners(piece.manifest, piece.config))
    with start_sandbox(options.out / "log.txt", piece.kinds, options.out / "mounts", asked) as sandbox:
        sandbox.start_provider()
        phrase, folder = passphrase(), options.out / "pulumi"
        with ThreadPoolExecutor(1) as beside:
            # Where it fails `up` tries again, and says so.
            beside.submit(Deployer(piece.project, piece.stack, folder, {}, phrase=phrase).make)
            owners = seed(sandbox, piece, options.data)
        piece = piece.played(owners)
        reporter.begins(piece.words())
        deployer = Deployer(
            piece.project,
            piece.stack,
            folder,
            sandbox.deployment(),
            phrase=phrase,
            on_event=lambda event: _show(event, reporter),
            packs=[guardrails(folder)],
        )
        context = Context(sandbox, deployer, reporter, piece.manifest, owners, piece.config)
        # While Pulumi starts, and this process would wait.
        threading.Thread(target=_import_builders, args=(piece.kinds,), daemon=True).start()
        for phase in phases:
            interrupt.check()
            rehearsal.records.append(context.play(phase.name, phase.purpose, phase.play))
            _keep_up(rehearsal, deployer.state(), options.out)
            if phase.name == "up" and not rehearsal.ok:
                break  # nothing that follows could mean anything
        if keep:
            keep(sandbox)
    return rehearsal


def _import_builders(kinds: Iterable[str]) -> None:
    """Of the SDKs of the clouds what the program needs of them; where one is missing the program says so."""
    with contextlib.suppress(ImportError):
        for kind in kinds:
            kind_of(kind).builder()


def _show(event: Event, reporter: Reporter) -> None:
    """What is being done right now."""
    if event.kind in ("step-started", "step-failed", "status"):
        words = (event.op, event.urn.rpartition("::")[2], event.message)
        reporter.step(" ".join(word for word in words if word))


def _keep_up(rehearsal: Rehearsal, state: State, out: Path) -> None:
    """Write what is known after each phase; the lights are those of the last phase that had any."""
    shown = datasets(state) or rehearsal.report.datasets
    rehearsal.report = Report(shown, tuple(summary(record) for record in rehearsal.records))
    try:
        write_for_owner(out / "lights.json", as_text(rehearsal.report))
        if state["deployment"].get("resources"):  # after `destroy` the last state that held something is worth more
            write_for_owner(out / "stack.json", json.dumps(state, indent=4) + "\n")
    except OSError as error:
        raise OutputFolderError(f"{out} cannot be written to: {error.strerror}") from None


def summary(record: Record) -> Phase:
    """A phase as the report has it."""
    return Phase(
        record.name,
        record.ok,
        record.seconds,
        record.created,
        record.updated,
        record.replaced,
        record.deleted,
        record.calls,
    )
