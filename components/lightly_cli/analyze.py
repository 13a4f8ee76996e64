"""`lightly-access analyze`: what Lightly could do with each datasource, decided offline."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from lightly_access.analysis.view import Placed
    from lightly_access.manifest import Checked


def analyze(
    dataset: Annotated[
        list[str] | None,
        typer.Argument(metavar="[DATASET]...", show_default=False, help="The keys of datasets. Default: all of them."),
    ] = None,
    stack: Annotated[
        str | None,
        typer.Option(
            metavar="STACK or PATH",
            show_default=False,
            help="A stack, stack file or manifest folder. Default: every stack of this project.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for machines, with every single case.")] = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown, for a pull request.")] = False,
    against: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            exists=True,
            file_okay=False,
            show_default=False,
            help="Of --markdown: this project as it was before, in another folder; say what changes.",
        ),
    ] = None,
) -> None:
    """Show what Lightly could do with each datasource: from the manifest alone, offline, before anything is deployed.

    For every capability: is it allowed inside the path, beside it, in another store, and which statement decides? Then
    who can get in, for how long, and what a leaked credential would reach. Datasources that differ only in their path
    are shown as one. What the purpose does not need must be refused; anything else is an error.

    \b
    Examples:
      lightly-access analyze                            every stack but examples
      lightly-access analyze farm-animals --stack prod  one dataset
      lightly-access analyze --markdown > analysis.md   for a pull request
      lightly-access analyze --markdown --against ../main  what it changes
      lightly-access analyze --json |
        jq '.datasources[] | select(.ok != true) | .unexpected'

    --json prints {"ok": true, "problems": [], "datasources": [...]}; lightly_access/analysis/document.py has its shape.

    Exit codes: 0 exactly what each purpose needs (external keys cannot be analysed offline, and it says so), 1
    something is wider or narrower, 2 wrong usage or a manifest with problems.
    """
    if as_json and as_markdown:
        raise typer.BadParameter("got --json and --markdown, expected one of the two")
    if against and not as_markdown:
        raise typer.BadParameter("got no --markdown, expected both", param_hint="--against")
    checked = _checked(stack, Path.cwd())
    if any(found.manifest is None for found in checked.values()):
        _refuse(checked, as_json=as_json)
    found = _found(checked, dataset or [])
    if as_json:
        from lightly_access.analysis.document import written

        for text in written(found):
            typer.echo(text, nl=False)
        typer.echo()
    elif against:
        from lightly_access.analysis.changes import changes

        typer.echo(changes(_before(stack, against), found), nl=False)
    elif as_markdown:
        from lightly_access.analysis.markdown import markdown

        typer.echo(markdown(found), nl=False)
    else:
        from lightly_access.analysis.terminal import show
        from rich.console import Console

        show(found, Console(highlight=False, markup=False, emoji=False))
    raise typer.Exit(0 if all(placed.analysis.ok for placed in found) else 1)


def _before(stack: str | None, folder: Path) -> "list[Placed]":
    """The analysis of the project as it was; of a stack that was not there yet, or had problems, nothing.

    Raises BadParameter for a folder that is no project, of which all would be new.
    """
    from lightly_access.manifest.stack_file import PROJECT_FILE
    from lightly_core.fault import Fault

    if not (folder / PROJECT_FILE).is_file():
        fault = Fault(
            f"the folder of this project as it was, with its {PROJECT_FILE}",
            "`git worktree add DIR COMMIT` makes it; leave --against out where there was no project yet",
        )
        raise typer.BadParameter(fault.sentence(str(folder)), param_hint="--against")
    earlier = _earlier(stack, folder) if stack is not None else None
    if earlier is not None and not earlier.exists():
        return []
    try:
        checked = _checked(stack if earlier is None else str(earlier), folder)
    except typer.BadParameter:  # no such stack, or none at all
        return []
    for path, found in checked.items():
        if found.manifest is None:
            hint = f"hint: lightly-access check {path}"
            typer.echo(f"note: {path} had problems, so all of it counts as new\n{hint}", err=True)
    return _found({path: each for path, each in checked.items() if each.manifest}, [])


def _earlier(stack: str, folder: Path) -> Path | None:
    """Where a file or folder was that is named by its path; None for the name of a stack, which is found in both."""
    from lightly_access.manifest.stack_file import project_root

    found = Path(stack).resolve()
    if not found.exists():
        return None
    return folder / found.relative_to(project_root(found if found.is_dir() else found.parent))


def _checked(stack: str | None, folder: Path) -> "dict[Path, Checked]":
    """The manifests to look at, of the project in a folder. Raises BadParameter when there is none."""
    from lightly_access.fleet.checked import check_paths
    from lightly_access.manifest.stack_file import NoManifestError, find_all, own_stack_files, project_root

    root = project_root(folder)
    try:
        paths = find_all(stack, root) if stack is not None else list(own_stack_files(root).values())
    except NoManifestError as nothing:
        raise typer.BadParameter(str(nothing), param_hint="--stack") from None
    if not paths:
        raise typer.BadParameter(
            f"there is no Pulumi.<stack>.yaml in {root} that is no example\nhint: --stack names a file or a folder"
        )
    return check_paths(paths)


def _refuse(checked: "dict[Path, Checked]", *, as_json: bool) -> None:
    """Say what is wrong with the manifests, and end: nothing that they ask for can be evaluated."""
    from lightly_cli.check import show

    bad = {path: found for path, found in checked.items() if found.manifest is None}
    if as_json:
        problems = [problem.as_json() for found in bad.values() for problem in found.problems]
        typer.echo(json.dumps({"ok": False, "problems": problems, "datasources": []}, indent=2))
    else:
        show(bad, stderr=True)
    raise typer.Exit(2)


def _found(checked: "dict[Path, Checked]", wanted: list[str]) -> "list[Placed]":
    """The analysis of the wanted datasets, or of all. Raises BadParameter for a name that no stack has.

    Shards are one stack here: each dataset is in one of them, and which one changes nothing about its rights.
    """
    from lightly_access.analysis.survey import survey
    from lightly_access.analysis.view import Placed
    from lightly_access.manifest.part import part
    from lightly_access.tables.shard import named_after
    from lightly_core.fault import Fault, did_you_mean

    manifests = {_stack(path): found.manifest for path, found in checked.items() if found.manifest}
    known = {name for manifest in manifests.values() for name in part(manifest).datasets}
    for name in wanted:
        if name not in known:
            declared = (
                f"one of the datasets: {', '.join(sorted(known))}" if known else "a dataset, but none is declared"
            )
            raise typer.BadParameter(Fault(declared, did_you_mean(name, known)).sentence(name))
    return [
        Placed(analysis, named_after(stack, manifest.shard))
        for stack, manifest in manifests.items()
        for analysis in survey(manifest, wanted)
    ]


def _stack(path: Path) -> str:
    return path.name.removeprefix("Pulumi.").removesuffix(".yaml")
