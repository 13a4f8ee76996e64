"""`lightly-access move`: a dataset goes from one stack to another, in both states and both manifests."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from lightly_core.counted import counted

if TYPE_CHECKING:
    from lightly_access.manifest import Manifest
    from lightly_access.move.state import MovedStates, Places


def move(
    dataset: Annotated[str, typer.Argument(help="The dataset's key in the manifest.", show_default=False)],
    source: Annotated[str, typer.Option("--from", show_default=False, help="The stack that has it.")],
    target: Annotated[str, typer.Option("--to", show_default=False, help="The stack that shall have it.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    backup: Annotated[
        Path, typer.Option(file_okay=False, help="The folder for both states as they were, encrypted.")
    ] = Path(),
) -> None:
    """Move a dataset with its accesses, keys and registration to another stack of the project. No cloud is touched,
    nothing is made anew, and Lightly goes on with what it has.

    The dataset's entry goes from one manifest to the other, with its comments. A store that the other stack does not
    have is declared there as it is (`create: false`): the stack that made it keeps it. Between shards of one manifest
    the states alone are changed. Both are written to files before. A move that was cut off is gone on with by the same
    command.

    \b
    Examples:
      lightly-access move tractors --from prod --to prod-eu
      lightly-access move tractors --from prod --to prod-eu --yes

    Pulumi opens the secrets of both stacks for it, into memory alone. Deploy the other stack first afterwards: the
    preview of both shows no change.

    Exit codes: 0 moved, 1 not wanted, 2 wrong usage, or it cannot be moved: then nothing was changed, or it says what.
    """
    from lightly_access.move.state import MoveError

    from lightly_cli.deployed import DeploymentError

    if source == target:
        raise typer.BadParameter("got the same stack twice, expected another one", param_hint="--to")
    try:
        _Move(dataset, source, target, backup).run(ask=not yes)
    except (MoveError, DeploymentError) as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(2) from None


class _Move:
    """One move, in steps of which each may be the last before the machine dies: whatever is run then deletes nothing,
    and the next call goes on."""

    def __init__(self, dataset: str, source: str, target: str, backup: Path) -> None:
        self.dataset, self.source, self.target, self.backup = dataset, source, target, backup
        self.files = {stack: _file(stack, option) for stack, option in ((source, "--from"), (target, "--to"))}

    def run(self, *, ask: bool) -> None:
        """Raises MoveError, DeploymentError, or typer.BadParameter for what cannot be written."""
        from lightly_access.move.shards import belongs, of_one_manifest, shard_places
        from lightly_access.move.stores import places

        from lightly_cli import ended
        from lightly_cli.states import States

        states = States()
        mine, theirs = self._manifest(self.source), self._manifest(self.target)
        declared = mine if self.dataset in mine.datasets else theirs
        if self.dataset not in declared.datasets:
            raise typer.BadParameter(f"neither {self.source} nor {self.target} declares {self.dataset!r}")
        shards = of_one_manifest((self.source, mine), (self.target, theirs))
        if shards:
            belongs(theirs, self.dataset, self.target)
        state, there = (states.read(stack) for stack in (self.source, self.target))
        found = self._moved(
            state, there, declared, shard_places(theirs, self.dataset) if shards else places(declared, self.dataset)
        )
        texts = {self.source: [], self.target: []} if shards else self._texts(mine, theirs, state)
        self._try(texts[self.target])
        self._tell(found, texts)
        if not ended.agreed(not ask, "Move it?"):
            raise typer.Exit(1)
        for stack in (self.source, self.target):
            typer.echo(states.keep(stack, "move", self.backup))
        if found.target is not None:
            states.bring(self.target, found.target)
        self._write(texts, self.target)
        if found.source is not None:
            states.bring(self.source, found.source)
        self._write(texts, self.source)
        typer.echo(f"{self.dataset} is in {self.target} now; deploy that one first:")
        for stack in (self.target, self.source):
            typer.echo(f"  pulumi up --stack {stack}")

    def _moved(self, source: Any, target: Any, declared: "Manifest", places: "Places") -> "MovedStates":
        from lightly_access.deployed.exported import StateError
        from lightly_access.move.shards import known_as
        from lightly_access.move.state import MoveError, deployed_datasets, moved

        name = known_as(declared, self.dataset, {*deployed_datasets(source), *deployed_datasets(target)})
        try:
            return moved(source, target, self.target.rpartition("/")[2], name, places)
        except StateError as wrong:
            raise MoveError(f"{self.source}: {wrong}") from None

    def _manifest(self, stack: str) -> "Manifest":
        """Raises typer.BadParameter for a stack with problems."""
        from lightly_access.manifest import Manifest
        from lightly_access.manifest.stack_file import check_path, stack_config

        path = self.files[stack]
        checked = check_path(path)
        if checked.manifest is not None:
            return checked.manifest
        tables = {f"lightly-access:{table}" for table in ("stores", "datasets", "accounts", "manifest")}
        if not tables & stack_config(path).keys():  # a stack that is new
            nothing = Manifest.check({"empty": True}).manifest
            assert nothing is not None
            return nothing
        raise typer.BadParameter(f"{stack} has problems\nhint: lightly-access check {stack}")

    def _texts(self, mine: "Manifest", theirs: "Manifest", state: Any) -> dict[str, list[tuple[Path, str, str]]]:
        """What each manifest's file was and shall be, by stack: nothing for one that is as it shall be."""
        from lightly_access.manifest.yaml_edit import NotEditableError

        from lightly_cli.moved_entry import into, out_of

        try:
            if self.dataset not in mine.datasets:
                return {self.source: [], self.target: []}
            gone, entry = out_of(self.files[self.source], self.dataset)
            if self.dataset in theirs.datasets:
                return {self.source: gone, self.target: []}
            come = into(self.files[self.target], self.dataset, entry, mine, theirs, state)
            return {self.source: gone, self.target: come}
        except NotEditableError as refused:
            raise typer.BadParameter(str(refused)) from None
        except (OSError, UnicodeDecodeError) as error:
            raise typer.BadParameter(str(error)) from None

    def _try(self, files: list[tuple[Path, str, str]]) -> None:
        """That the target's manifest is good with the entry, in a copy, before anything is written: a secret that it
        names may not be there, or a directory be taken. Raises typer.BadParameter."""
        from tempfile import TemporaryDirectory

        from lightly_access.manifest.stack_file import check_path, manifest_files

        from lightly_cli.output import write_folder

        path = self.files[self.target].resolve()
        texts = {each: each.read_text(encoding="utf-8") for each in manifest_files(path)}
        texts |= {file.resolve(): after for file, _, after in files}
        base = Path(os.path.commonpath([each.parent for each in texts]))
        with TemporaryDirectory() as copy:
            write_folder("--to", Path(copy), {str(each.relative_to(base)): text for each, text in texts.items()})
            problems = check_path(Path(copy) / path.relative_to(base)).problems if files else ()
        if problems:
            said = f"{self.target} would have a problem: {problems[0].what}"
            raise typer.BadParameter(f"{said}\nhint: {problems[0].hint or 'mend it there first'}")

    def _tell(self, found: "MovedStates", texts: dict[str, list[tuple[Path, str, str]]]) -> None:
        from lightly_access.manifest.stack_file import shown_path

        for name in found.names if found.target is not None else ():
            typer.echo(f"  {name}")
        said = f"{counted(len(found.names), 'resource goes', 'resources go')} from {self.source} to {self.target}"
        typer.echo(said if found.target is not None else f"{self.target} has its resources already")
        for stack in (self.target, self.source):
            for file, _, _ in texts[stack]:
                typer.echo(f"{shown_path(file)} is written")

    def _write(self, texts: dict[str, list[tuple[Path, str, str]]], stack: str) -> None:
        from lightly_access.manifest.yaml_edit import Edit
        from lightly_core.whole_file import write_whole

        for file, before, after in texts[stack]:
            if not file.exists() and not before:
                write_whole(file, after)
            else:
                Edit(file, before, after, 1).write()


def _file(stack: str, option: str) -> Path:
    """The stack's own file; a folder may have its name. Raises typer.BadParameter."""
    from lightly_access.manifest.stack_file import project_root, stack_files
    from lightly_core.fault import Fault, did_you_mean

    known, short = stack_files(project_root(Path.cwd())), stack.rpartition("/")[2]
    if short not in known:
        said = Fault(f"a stack that has a file here: {', '.join(known) or 'none'}", did_you_mean(short, known))
        raise typer.BadParameter(said.sentence(stack), param_hint=option)
    return known[short]
