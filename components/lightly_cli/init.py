"""`lightly-access init`: a project of one's own."""

import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated

import typer

from lightly_cli.output import copy, write_folder
from lightly_cli.session import note

_WHEELS = "wheels"
_HEAD = "# lightly-access, and in requirements.lock what is below it, each at one version.\n-c requirements.lock\n"

if TYPE_CHECKING:
    from lightly_access.project.answers import Answers
    from lightly_access.project.files import Lock
    from lightly_access.project.record import Record


def _folder(text: str) -> Path:
    """Where the project will be: an empty text, as of a variable that is not set, is not the folder one is in."""
    if not text:
        raise typer.BadParameter("got '', expected a folder\nhint: . is the one you are in")
    if Path(text).is_file():
        raise typer.BadParameter(f"got {text!r}, expected a folder, not a file")
    return Path(text)


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", parser=_folder, help="Where; it is made if need be.")],
    name: Annotated[str | None, typer.Option(help="The project's name. Default: that of the folder.")] = None,
    stack: Annotated[str | None, typer.Option(help="The name of the first stack (prod).")] = None,
    dataset: Annotated[str | None, typer.Option(help="The key of the first dataset (first-dataset).")] = None,
    type_: Annotated[str | None, typer.Option("--type", help="What it holds: images or videos.")] = None,
    read: Annotated[
        str | None, typer.Option("--input", metavar="KIND", help="Where its data are: s3, azure, gcs, obs or local.")
    ] = None,
    lightly: Annotated[
        str | None, typer.Option(metavar="KIND", help="Where Lightly writes. Default: as --input.")
    ] = None,
    owner: Annotated[str | None, typer.Option(help="Who must agree to changes, for CODEOWNERS.")] = None,
    ci: Annotated[
        str | None, typer.Option(help="Whose pipelines check and deploy: github, gitlab or none (none).")
    ] = None,
    shards: Annotated[
        str | None, typer.Option(metavar="N", help="How many stacks deploy the manifest, each a part (1).")
    ] = None,
    gitops: Annotated[
        str | None,
        typer.Option(
            metavar="WORDS", help="What else deploys: operator, argocd, deployments, esc, backstage, by commas."
        ),
    ] = None,
    wheel: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            help="A wheel of lightly-access to put into the project, where no package index of yours has it: "
            "everything is then locked with hashes.",
        ),
    ] = None,
    upgrade: Annotated[
        bool, typer.Option("--upgrade", help="Bring the files of this version, and show what changes.")
    ] = False,
) -> None:
    """Make a project of your own: a program, a manifest with a first dataset, guardrails, a lock, and a README.

    What is not said is asked on a terminal, and else as its default is. Nothing that is there is overwritten: run
    again, it writes what is missing. With --upgrade also files that stand as an earlier version wrote them; what you
    have changed stays, and the difference is shown.

    \b
    Examples:
      lightly-access init acme-lightly
      lightly-access init acme-lightly --input gcs --lightly s3 \\
        --dataset farm-animals --owner @acme/vision
      lightly-access init acme-lightly --ci github --gitops operator,argocd
      lightly-access init acme-lightly --shards 8
      lightly-access init --upgrade .

    Exit codes: 0 done, 1 something of yours differs and stays, 2 wrong usage.
    """
    from lightly_access.manifest import Manifest
    from lightly_access.manifest.schema import schema_text
    from lightly_access.project import joined
    from lightly_access.project.files import STORES, extras, form, is_stack_file, manifest, project_files, stores
    from lightly_access.project.record import FILE, Fate, Record

    record = _record(folder)
    flags = {"name": name, "stack": stack, "dataset": dataset, "type": type_, "input": read, "lightly": lightly}
    more = {"owner": owner, "ci": ci, "shards": shards, "gitops": gitops}
    answers = _answers({**flags, **more}, folder, record)
    wrong = [f"--{problem}" for problem in answers.problems()]
    if wrong := wrong or [str(problem) for problem in Manifest.check(manifest(answers)).problems]:
        raise typer.BadParameter("\n".join(wrong))
    there = joined.stores(folder)
    if "backstage" in answers.gitops and not form(answers, there):
        hint = "such an entry names a key that somebody made: write it by hand"
        said = f"got backstage, expected a store whose access we make\nhint: {hint}"
        raise typer.BadParameter(said, param_hint="--gitops")
    files = project_files(answers, _lock(extras(answers, there), folder, wheel), schema_text(), there)
    if there and not (folder / STORES).exists():  # they stand elsewhere
        del files[STORES]
    before = record or Record(answers)
    if shards is not None:
        before = before.without(each for each in files if is_stack_file(each) and not (folder / each).exists())
    new = {name: text for name, text in files.items() if before.fate(name, _text(folder / name), text) == Fate.NEW}
    if refusals := joined.refused(folder, new):
        hint = "put it right and run this again: nothing was written"
        raise typer.BadParameter("\n".join([*map(str, refusals), f"hint: {hint}"]))
    if wheel:
        copy("--wheel", wheel, folder / _WHEELS / wheel.name)
    stays = _write(folder, files, before, upgrade=upgrade)
    left = _left(folder, files, before)
    write_folder("DIR", folder, {FILE: before.after(answers, files, _texts(folder, [*files, *left])).text()})
    if record is None:
        place = quote(str(folder))
        note(f"# next: cd {place}, put the names of your stores into manifest/stores.yaml, and see README.md")
    elif f"manifest/datasets/{answers.dataset}.yaml" in new and there and stores(answers, there):
        note(f"# next: put the names of your own stores into manifest/datasets/{answers.dataset}.yaml")
    raise typer.Exit(1 if stays and upgrade else 0)


def _record(folder: Path) -> "Record | None":
    """What an earlier run left. Raises BadParameter."""
    from lightly_access.project.record import FILE, Record

    file = folder / FILE
    try:
        return Record.read(file.read_text(encoding="utf-8")) if file.exists() else None
    except (OSError, ValueError) as error:
        raise typer.BadParameter(f"{file}: {error}", param_hint="DIR") from None


def _answers(flags: Mapping[str, str | None], folder: Path, record: "Record | None") -> "Answers":
    """What was said; else what was said before; else what is asked on a terminal; else the default."""
    from lightly_access.project.answers import Answers

    said = {key: value for key, value in flags.items() if value is not None}
    if record:
        return replace(record.answers, **said)
    plain = re.sub(r"[^a-z0-9-]+", "-", folder.resolve().name.lower()).strip("-")
    same = {"lightly": said["input"]} if "input" in said else {}
    default = Answers.of({"name": plain, **same, **said})
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return default
    asked = {"name": "Name of the project", "dataset": "First dataset", "type": "images or videos"}
    asked |= {"input": "Its data are in (s3, azure, gcs, obs, local)", "lightly": "Lightly writes to"}
    found: dict[str, str] = {}
    for key, question in asked.items():
        begins = found.get("input", default.lightly) if key == "lightly" else getattr(default, key)
        found[key] = said.get(key) or typer.prompt(question, default=begins, err=True)
    return replace(default, **found)


def _lock(extras: list[str], folder: Path, wheel: Path | None) -> "Lock":
    """With hashes where the wheel is at hand: pip wants all of them or none."""
    from hashlib import sha256

    from lightly_access.project.files import Lock
    from lightly_core.version import VERSION

    from lightly_cli.installed import shared

    brings = f"[{','.join(extras)}]" if extras else ""
    locked = (shared() / "requirements" / "deploy.txt").read_text(encoding="utf-8")
    place = Path(_WHEELS) / (wheel.name if wheel else f"lightly_access-{VERSION}-py3-none-any.whl")
    found = wheel or folder / place
    if not found.exists():
        plain = "\n".join(re.findall(r"(?m)^[\w.\[\]-]+==[^\s;\\]+(?: ; [^\\\n]+)?", locked))
        return Lock(f"{_HEAD}lightly-access{brings}=={VERSION}\n", f"{plain}\n")
    mark = sha256(found.read_bytes()).hexdigest()
    return Lock(f"{_HEAD}./{place.as_posix()}{brings} --hash=sha256:{mark}\n", re.sub(r"(?m)^ +# .*\n", "", locked))


def _texts(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """What stands there."""
    return {name: text for name in names if (text := _text(folder / name)) is not None}


def _text(file: Path) -> str | None:
    """None where nothing is. What is no UTF-8 is somebody's own: no file of ours equals it. Raises BadParameter."""
    if not file.exists() and not file.is_symlink():
        return None
    if not file.is_file():  # a folder, a pipe, a link to nowhere
        raise typer.BadParameter(f"{file}: expected a file, or nothing\nhint: nothing was written", param_hint="DIR")
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        said = f"{file}: {error.strerror}\nhint: nothing was written"
        raise typer.BadParameter(said, param_hint="DIR") from None


def _write(folder: Path, files: Mapping[str, str], record: "Record", *, upgrade: bool) -> list[str]:
    """Write what may be; returns the names of what is somebody's own and differs from what would be written."""
    from lightly_access.project.files import is_yours
    from lightly_access.project.record import Fate, difference

    stays, put, there = list[str](), dict[str, str](), _texts(folder, files)
    said, older = list[str](), list[str]()
    for name, new in files.items():
        path, now = folder / name, there.get(name)
        fate = record.fate(name, now, new)
        if fate == Fate.NEW or (fate == Fate.OURS and upgrade):
            put[name] = new
            said.append(f"{'made' if now is None else 'changed'} {path}")
        elif fate == Fate.OURS:
            older.append(f"stands as an earlier run wrote it: {path}")
        elif fate == Fate.YOURS and not is_yours(name):
            stays.append(name)
            said.append(f"yours, stays: {path}")
        if now is not None and now != new and upgrade and not is_yours(name):
            said += [f"  {line}" for line in difference(name, now, new)]
    write_folder("DIR", folder, put)
    hint = f"hint: lightly-access init --upgrade {quote(str(folder))}"
    for line in (*said, *older, *([hint] if older else [])):
        typer.echo(line)
    if not put:
        note("# nothing to write")
    return stays


def _left(folder: Path, files: Mapping[str, str], record: "Record") -> list[str]:
    """Says and returns what an earlier run wrote and this one would not, and which is still there."""
    from lightly_access.project.files import is_stack_file

    left = [name for name in record.files if name not in files and (folder / name).exists()]
    left = [name for name in left if not name.startswith("manifest/")]
    for name in left:
        typer.echo(f"no longer written, and still there: {folder / name}")
    stack = record.answers.stack
    if f"Pulumi.{stack}.yaml" in left:
        way = f"remove Pulumi.{stack}-shard-*.yaml, and begin as in From one stack to shards, in docs/guides/shards.md"
        typer.echo(f"hint: remove it where {stack} was never deployed; else {way}")
    elif any(map(is_stack_file, left)):
        typer.echo("hint: before a shard's file goes, its datasets do: More shards, in docs/guides/shards.md")
    elif left:
        typer.echo("hint: remove it, unless both shall run")
    return left
