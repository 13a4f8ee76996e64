"""Every file that a verb writes: all of it or nothing, and one sentence where it cannot be."""

import ast
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, get_args, get_type_hints

import lightly_cli
import pytest
import typer
from lightly_cli import output
from lightly_cli.main import VERBS, app
from typer.testing import CliRunner

READ = {
    "analyze": {"--against"},
    "check": {"--against"},
    "init": {"--folder", "--wheel"},  # the first is an argument, which its own tests try
    "doctor": {"--state"},
    "fleet": {"--policy-pack"},
    "recover": {"--state"},
    "rehearse": {"--data"},
    "report": {"--config", "--state"},
    "sandbox": {"--data"},
    "serve": {"--input-mount", "--lightly-mount", "--cert", "--key"},
    "status": {"--state"},
    "verify": {"--state"},
}
"""The paths that a verb reads."""
FILES: list[tuple[str, ...]] = [
    ("schema", "--out"),
    ("audit", "--import-file", "cows"),
    ("report", "--html"),
    ("report", "--json"),
    ("report", "--markdown"),
    ("revoke", "--receipt", "farm-animals", "--stack", "rehearsal"),
    ("verify", "--junit"),
    ("verify", "--sarif"),
    ("rehearse", "--json"),
    ("sandbox", "--env-file"),
]
FOLDERS: list[tuple[str, ...]] = [
    ("handoff", "--out", "farm-animals", "--stack", "rehearsal"),
    ("deployer-policy", "--out", "rehearsal", "--cloud", "aws"),
]
"""Of each path that is written: the verb, the option, and what else it takes to come so far."""


LATER = {"move": {"--backup"}}
"""A folder whose files go through `output.write` when two stacks were read, and before either is changed."""


def is_path(hint: object) -> bool:
    return hint is Path or any(is_path(part) for part in get_args(hint))


def paths(verb: str) -> Iterator[str]:
    """The options of a verb that are paths."""
    function: Any = getattr(import_module(f"lightly_cli.{verb.replace('-', '_')}"), verb.replace("-", "_"))
    for name, hint in get_type_hints(function, include_extras=True).items():
        if is_path(hint):
            (option,) = (part for part in get_args(hint) if isinstance(part, typer.models.ParameterInfo))
            first = str(option.default)  # where the first name of an option stands, beside Annotated
            yield first if first.startswith("--") else f"--{name.replace('_', '-')}"


@pytest.mark.parametrize("verb", VERBS)
def test_every_path_of_a_verb_is_one_that_is_tried_here(verb: str) -> None:
    written = {option for named, option, *_ in (*FILES, *FOLDERS) if named == verb}
    assert set(paths(verb)) == written | READ.get(verb, set()) | LATER.get(verb, set())


def test_no_verb_writes_to_a_file_in_a_way_of_its_own() -> None:
    ways = {"write_text", "write_bytes", "open", "mkdir", "touch", "fdopen", "write_for_owner"}
    for path in sorted(Path(lightly_cli.__file__).parent.glob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        called = {ast.unparse(each.func) for each in ast.walk(tree) if isinstance(each, ast.Call)}
        uses = {name for name in called if name.rpartition(".")[2] in ways} - {"os.open"}  # of /dev/null, in main
        assert not uses or path.name == "output.py", (path.name, uses)


def refused(words: tuple[str, ...], place: Path) -> str:
    """What the verb says of the place."""
    verb, option, *more = words
    done = CliRunner().invoke(app, [verb, *more, option, str(place)])
    assert done.exit_code == 2, (done.exit_code, done.output, done.exception)
    assert "Traceback" not in done.output
    said = " ".join(done.stderr.split())
    assert option in said
    return said


@pytest.mark.parametrize("words", FILES, ids=" ".join)
def test_a_file_that_cannot_be_is_refused_before_any_work(words: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("before")
    assert f"mkdir -p {tmp_path / 'no'}" in refused(words, tmp_path / "no" / "out")
    assert "irectory" in refused(words, tmp_path)
    assert "Not a directory" in refused(words, tmp_path / "file" / "out")
    assert "expected a file that can be written" in refused(words, Path("/sys/out"))
    assert "name too long" in refused(words, tmp_path / ("x" * 300))
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("words", FOLDERS, ids=" ".join)
def test_a_folder_that_cannot_be_is_refused(words: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("before")
    for place in (tmp_path / "file", tmp_path / "file" / "out", Path("/sys/out"), tmp_path / ("x" * 300)):
        assert "expected a folder that can be written" in refused(words, place)
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


@contextmanager
def full_disk() -> Iterator[None]:
    """No file may grow beyond 64 bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


WRITERS: list[Callable[[Path], None]] = [
    lambda place: output.write("--out", place / "a", "x" * 65),
    lambda place: output.write("--out", place / "a", "x" * 65, private=True),
    lambda place: output.write_folder("--out", place, {"a": "short", "b": "x" * 65}),
    lambda place: output.write_folder("--out", place / "new" / "folder", {"a": "short", "b": "x" * 65}),
]


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("before", [None, "before"])
def test_a_full_disk_leaves_what_was_there(writer: Callable[[Path], None], before: str | None, tmp_path: Path) -> None:
    if before:
        (tmp_path / "a").write_text(before)
    with pytest.raises(typer.BadParameter, match="File too large"), full_disk():
        writer(tmp_path)
    assert {each.name: each.read_text() for each in tmp_path.iterdir()} == ({"a": before} if before else {})


def test_a_device_a_pipe_and_a_link_are_written_to(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("before")
    (tmp_path / "real").chmod(0o640)
    (tmp_path / "link").symlink_to("real")
    output.writable("--out", tmp_path / "link")
    output.write("--out", tmp_path / "link", "after")
    assert ((tmp_path / "real").read_text(), (tmp_path / "real").stat().st_mode & 0o777) == ("after", 0o640)
    assert (tmp_path / "link").is_symlink()
    with pytest.raises(typer.BadParameter, match="No space left on device"):
        output.write("--out", Path("/dev/full"), "x")
    program = [sys.executable, "-m", "lightly_cli.main", "schema"]
    piped = subprocess.run([*program, "--out", "/dev/stdout"], capture_output=True, text=True, check=True)
    assert piped.stdout == subprocess.run(program, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("words", [("schema",), ("check", "rehearsal"), ("--help",)], ids=" ".join)
def test_standard_output_on_a_full_disk_ends_in_a_sentence(words: tuple[str, ...]) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "lightly_cli.main", *words], stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert done.stderr == "lightly-access: the output cannot be written: No space left on device\n"
    assert done.returncode == 2
