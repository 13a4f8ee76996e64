"""`init`: a project that is right at once, for every kind of store; run again it changes nothing of anybody's."""

import itertools
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from lightly_access.kinds import registry
from lightly_access.manifest import Manifest
from lightly_access.project.answers import Answers
from lightly_access.project.files import is_yours, manifest
from lightly_access.project.record import FILE, Record
from lightly_cli.main import app
from typer.testing import CliRunner, Result

KINDS = [name for name, kind in registry.kinds().items() if kind.starter()]


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(app, list(map(str, words)))


def texts(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_text("utf-8") for path in files}


@pytest.mark.parametrize(("read", "written"), list(itertools.product(KINDS, KINDS)))
def test_a_new_project_is_right_at_once_whatever_its_kinds(
    read: str, written: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    made = run("init", "acme-vision", "--input", read, "--lightly", written, "--dataset", "cows")
    assert made.exit_code == 0, made.output
    monkeypatch.chdir("acme-vision")
    checked = run("check")
    assert checked.exit_code == 0, checked.output
    assert "1 dataset" in checked.output
    if "local" not in (read, written):  # whose folders are those of another machine
        assert "warning" not in checked.output
    extras = sorted({str(row.extra) for name, row in registry.kinds().items() if name in {read, written} and row.extra})
    wanted = f"lightly-access[{','.join(extras)}]==" if extras else "lightly-access=="
    assert wanted in Path("requirements.txt").read_text()


BARE = "config:\n  lightly-access:manifest: manifest/\n"


@pytest.mark.parametrize(("before", "after"), list(itertools.product(KINDS, KINDS)))
@pytest.mark.parametrize("stack", [None, BARE], ids=["as it was made", "without what the clouds are told"])
def test_another_dataset_is_right_at_once_or_refused_with_the_way_out(
    before: str, after: str, stack: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever kinds of store the project has, and whatever kind the new dataset asks for."""
    monkeypatch.chdir(tmp_path)
    run("init", ".", "--name", "acme", "--input", before)
    Path("Pulumi.prod.yaml").write_text(stack or Path("Pulumi.prod.yaml").read_text())
    stood, was = texts(tmp_path), run("check")
    made = run("init", ".", "--dataset", "more", "--input", after, "--lightly", after)
    if made.exit_code:
        assert (made.exit_code, texts(tmp_path)) == (2, stood)
        assert "hint: " in made.output
        return
    assert ("your own stores" in made.output) is (before != after)
    checked = run("check")
    assert checked.exit_code == was.exit_code
    assert was.exit_code or "2 datasets" in checked.output


@pytest.mark.parametrize("kind", KINDS)
def test_a_store_of_the_kind_is_used_whatever_it_is_called(kind: str, tmp_path: Path) -> None:
    run("init", tmp_path, "--name", "acme", "--input", kind)
    stores = tmp_path / "manifest" / "stores.yaml"
    stores.write_text(stores.read_text().replace("images:", "lake:").replace("results:", "ours:"))
    (tmp_path / "manifest" / "datasets" / "first-dataset.yaml").unlink()
    stores.rename(stores.with_name("shared.yaml"))
    made = run("init", tmp_path, "--dataset", "more")
    assert made.exit_code == 0, made.output
    assert not stores.exists()
    written = yaml.safe_load((tmp_path / "manifest" / "datasets" / "more.yaml").read_text())
    assert written.keys() == {"datasets"}
    assert {written["datasets"]["more"][purpose]["store"] for purpose in ("input", "lightly")} <= {"lake", "ours"}


def test_a_manifest_that_was_wrong_before_is_no_reason_to_refuse_and_what_gets_worse_is(tmp_path: Path) -> None:
    run("init", tmp_path, "--name", "acme")
    datasets = tmp_path / "manifest" / "datasets"
    (datasets / "wrong.yaml").write_text("datasets:\n  wrong: {type: images}\n")
    assert run("init", tmp_path, "--dataset", "more").exit_code == 0
    (datasets / "team.yaml").write_text((datasets / "more.yaml").read_text().replace("more:", "taken:"))
    refused = run("init", tmp_path, "--dataset", "taken")
    assert refused.exit_code == 2
    assert "nothing was written" in refused.output
    assert not (datasets / "taken.yaml").exists()


@given(st.from_regex(r"[a-z][a-z0-9-]{1,39}", fullmatch=True), st.sampled_from(KINDS), st.sampled_from(KINDS))
def test_every_name_of_a_project_gives_stores_that_can_be(name: str, read: str, written: str) -> None:
    answers = Answers(name, input=read, lightly=written)
    assert not [*answers.problems(), *Manifest.check(manifest(answers)).problems]


def test_run_twice_it_changes_nothing(tmp_path: Path) -> None:
    run("init", tmp_path / "acme", "--input", "gcs")
    before = texts(tmp_path)
    again = run("init", tmp_path / "acme")
    assert again.exit_code == 0
    assert texts(tmp_path) == before


def test_what_is_missing_is_written_again_and_what_was_deleted_of_yours_is_not(tmp_path: Path) -> None:
    run("init", tmp_path)
    before = texts(tmp_path)
    (tmp_path / "policies" / "__main__.py").unlink()
    (tmp_path / "manifest" / "datasets" / "first-dataset.yaml").unlink()
    run("init", tmp_path)
    del before["manifest/datasets/first-dataset.yaml"]
    assert texts(tmp_path) == before


def test_an_upgrade_brings_our_files_keeps_yours_and_shows_the_difference(tmp_path: Path) -> None:
    run("init", tmp_path)
    before = texts(tmp_path)
    record = Record.read(before[FILE])
    ours, changed = "policies/__main__.py", "Pulumi.yaml"
    older = Record(
        record.answers,
        {
            **record.files,
            ours: Record(record.answers).after(record.answers, {ours: "older\n"}, {ours: "older\n"}).files[ours],
        },
    )
    (tmp_path / ours).write_text("older\n")
    (tmp_path / FILE).write_text(older.text())
    (tmp_path / changed).write_text("name: mine\n")
    (tmp_path / "README.md").write_text("mine\n")
    told = run("init", tmp_path)
    assert told.output.count("hint: lightly-access init --upgrade") == 1
    assert (tmp_path / ours).read_text() == "older\n"
    upgraded = run("init", "--upgrade", tmp_path)
    assert upgraded.exit_code == 1, "something of yours stays"
    assert (tmp_path / ours).read_text() == before[ours]
    assert f"yours, stays: {tmp_path / changed}" in upgraded.output
    assert "  -name: mine" in upgraded.output
    assert "  -older" in upgraded.output
    assert (tmp_path / changed).read_text() == "name: mine\n"
    assert (tmp_path / "README.md").read_text() == "mine\n"
    again = run("init", "--upgrade", tmp_path)
    assert (tmp_path / changed).read_text() == "name: mine\n"
    assert again.exit_code == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--input", "s33"], "--input: got 's33', expected s3, azure, gcs, obs or local hint: did you mean 's3'"),
        (["--name", "Acme Vision"], "small letters"),
        (["--type", "crops"], "images or videos"),
        (["--dataset", "a/b"], "dataset"),
        (["--owner", "two words"], "@acme/platform"),
        (["--stack", "a b"], "name of a stack"),
        (["--stack=--yes"], "name of a stack"),
        (["--stack", "prod.deploy"], "name of a stack"),
        (["--ci", "githup"], "did you mean 'github'"),
    ],
)
def test_an_answer_that_cannot_be_writes_nothing(words: list[str], said: str, tmp_path: Path) -> None:
    refused = run("init", tmp_path / "acme", *words)
    assert refused.exit_code == 2
    assert said in " ".join(refused.output.split())
    assert not (tmp_path / "acme").exists()


def test_pipelines_can_be_added_later_and_are_remembered(tmp_path: Path) -> None:
    run("init", tmp_path)
    assert not (tmp_path / ".github").exists()
    run("init", tmp_path, "--ci", "github")
    before = texts(tmp_path)
    assert {"pull-request.yml", "deploy.yml"} <= {path.name for path in (tmp_path / ".github" / "workflows").iterdir()}
    assert run("init", "--upgrade", tmp_path).exit_code == 0
    assert texts(tmp_path) == before


def test_what_is_no_longer_written_is_named_as_long_as_it_is_there(tmp_path: Path) -> None:
    run("init", tmp_path, "--ci", "github", "--shards", "3")
    for words in (("--ci", "none", "--shards", "2"), ()):
        told = run("init", tmp_path, *words)
        assert told.exit_code == 0
        for name in (".github/workflows/deploy.yml", "Pulumi.prod-shard-3.yaml"):
            assert f"no longer written, and still there: {tmp_path / name}\n" in told.output
            assert (tmp_path / name).exists()
    (tmp_path / "Pulumi.prod-shard-3.yaml").unlink()
    assert "prod-shard-3" not in run("init", tmp_path).output


def test_the_file_of_the_one_stack_that_was_before_shards_has_a_way_out_of_its_own(tmp_path: Path) -> None:
    run("init", tmp_path)
    told = run("init", tmp_path, "--shards", "2").output
    assert f"still there: {tmp_path / 'Pulumi.prod.yaml'}\nhint: remove it where prod was never deployed; else" in told
    assert "before a shard's file goes" not in told


def test_shards_that_are_asked_for_are_all_written(tmp_path: Path) -> None:
    run("init", tmp_path, "--shards", "3")
    before = texts(tmp_path)
    (tmp_path / "Pulumi.prod-shard-2.yaml").unlink()
    run("init", tmp_path)
    assert not (tmp_path / "Pulumi.prod-shard-2.yaml").exists()
    run("init", tmp_path, "--shards", "3")
    assert texts(tmp_path) == before


def test_a_folder_with_a_space_can_be_pasted_from_the_output(tmp_path: Path) -> None:
    assert f"cd '{tmp_path / 'my project'}', put" in run("init", tmp_path / "my project").output


def test_nothing_is_said_to_be_made_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "manifest").write_text("a file")
    told = run("init", tmp_path)
    assert told.exit_code == 2
    assert "made " not in told.output


@pytest.mark.parametrize("made", [Path.mkdir, os.mkfifo, lambda path: path.symlink_to("../elsewhere")])
def test_what_is_no_file_is_refused_and_nothing_is_written(made: Callable[[Path], None], tmp_path: Path) -> None:
    (folder := tmp_path / "acme").mkdir()
    made(folder / "README.md")
    (wheel := tmp_path / "lightly_access-0.1.0-py3-none-any.whl").touch()
    told = run("init", folder, "--wheel", wheel)
    assert told.exit_code == 2
    assert "README.md: expected a file, or nothing" in told.output
    assert ([*folder.iterdir()], {*tmp_path.iterdir()}) == ([folder / "README.md"], {folder, wheel})


@pytest.mark.parametrize(("folder", "said"), [("", "got '', expected a folder"), ("notes", "not a file")])
def test_a_project_is_made_in_a_folder_that_is_named(
    folder: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notes").touch()
    refused = run("init", folder, "--name", "farm")
    assert refused.exit_code == 2
    assert said in refused.output
    assert list(tmp_path.iterdir()) == [tmp_path / "notes"]


def test_what_is_no_text_is_yours_and_stays(tmp_path: Path) -> None:
    run("init", tmp_path)
    (file := tmp_path / "policies" / "__main__.py").write_bytes(b"\xff\xfe\x00")
    for words in ([], ["--upgrade"]):
        told = run("init", tmp_path, *words)
        assert f"yours, stays: {file}" in told.output
        assert told.exit_code == bool(words)
        assert file.read_bytes() == b"\xff\xfe\x00"


def test_a_record_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("- x")
    refused = run("init", tmp_path)
    assert refused.exit_code == 2
    assert list(tmp_path.iterdir()) == [tmp_path / FILE]


def test_a_wheel_locks_everything_by_its_hash(tmp_path: Path) -> None:
    """pip itself reads the lock: nothing is left that has no hash."""
    wheel = tmp_path / "lightly_access-0.1.0-py3-none-any.whl"
    wheel.write_bytes(b"a wheel")
    run("init", tmp_path / "acme", "--wheel", wheel)
    assert (tmp_path / "acme" / "wheels" / wheel.name).read_bytes() == b"a wheel"
    lock = (tmp_path / "acme" / "requirements.lock").read_text()
    names = [line for line in lock.splitlines() if "==" in line]
    assert all(line.endswith("\\") for line in names)
    assert "--hash=sha256:" in (tmp_path / "acme" / "requirements.txt").read_text()
    dry = [sys.executable, "-m", "pip", "install", "--dry-run", "--no-deps", "--no-index", "-r", "requirements.txt"]
    done = subprocess.run(dry, cwd=tmp_path / "acme", capture_output=True, text=True)
    assert "hash" not in done.stderr.lower(), done.stderr


def test_what_is_yours_is_never_ours() -> None:
    assert is_yours("manifest/datasets/x.yaml")
    assert is_yours("Pulumi.prod.yaml")
    assert not is_yours("Pulumi.yaml")
    assert not is_yours("manifest/schema.json")
    answers = Answers("acme")
    assert Answers.of(yaml.safe_load(Record(answers).text())["answers"]) == answers
