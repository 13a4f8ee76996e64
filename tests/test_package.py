"""What is built: the same bytes twice, what is needed and nothing else; and what a user's type checker says of it."""

import json
import subprocess
import sys
import tarfile
import zipfile
from configparser import ConfigParser
from email import message_from_string
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = sorted(
    path.name for parent in ("components", "policies") for path in (ROOT / parent).glob("lightly_*") if path.is_dir()
)


def _built(source: Path, folder: Path, *what: str) -> Path:
    subprocess.run([sys.executable, "-m", "hatchling", "build", *what, "-d", str(folder)], cwd=source, check=True)
    (made,) = folder.iterdir()
    return made


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _built(ROOT, tmp_path_factory.mktemp("wheel"), "-t", "wheel")


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _built(ROOT, tmp_path_factory.mktemp("sdist"), "-t", "sdist")


def test_the_wheel_of_the_sdist_is_the_wheel_of_the_tree_byte_for_byte(
    wheel: Path, sdist: Path, tmp_path: Path
) -> None:
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    (source,) = tmp_path.iterdir()
    assert _built(source, tmp_path / "again", "-t", "wheel").read_bytes() == wheel.read_bytes()
    (tmp_path / "again" / wheel.name).unlink()
    assert _built(source, tmp_path / "again", "-t", "sdist").read_bytes() == sdist.read_bytes()


def test_the_wheel_has_all_that_stands_beside_the_code_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    tracked = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "components", "policies/lightly_policies"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    code = {
        name.removeprefix("components/").removeprefix("policies/")
        for name in tracked
        if not name.endswith("PulumiPlugin.yaml")
    }
    distribution = wheel.name.removesuffix("-py3-none-any.whl")
    assert {name for name in names if name.split("/")[0] in PACKAGES} == code
    assert {name.split("/")[0] for name in names} == {*PACKAGES, f"{distribution}.data", f"{distribution}.dist-info"}
    assert {f"{package}/py.typed" for package in PACKAGES} <= names


def test_the_wheel_says_what_it_is_and_brings_the_programs_that_pulumi_looks_for(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (said,) = (name for name in archive.namelist() if name.endswith("METADATA"))
        (points,) = (name for name in archive.namelist() if name.endswith("entry_points.txt"))
        about = message_from_string(archive.read(said).decode())
        programs = ConfigParser()
        programs.read_string(archive.read(points).decode())
    assert about["License-Expression"] == "Apache-2.0"
    assert "Typing :: Typed" in about.get_all("Classifier", [])
    assert {"aws", "azure", "gcp", "rehearsal"} <= set(about.get_all("Provides-Extra", []))
    assert set(programs["console_scripts"]) == {
        *("lightly-access", "pulumi-resource-lightly", "pulumi-resource-lightly-access"),
        "pulumi-analyzer-lightly-guardrails",
    }


@pytest.mark.parametrize("strict", [True, False])
def test_pyright_follows_users_programs_to_their_types(strict: bool, tmp_path: Path) -> None:
    """With a mistake in it too: else a checker that sees nothing would be content."""
    for example in (ROOT / "examples").glob("*/__main__.py"):
        program = example.read_text("utf-8")
        if not strict:
            program = program.replace('"region": "eu-central-1"', '"region": 1', 1)
            program = program.replace("dataset.lights", "dataset.light")
        (tmp_path / f"{example.parent.name}.py").write_text(program)
    paths = [str(ROOT / folder) for folder in ("components", "policies")]
    settings = {"extraPaths": paths, "typeCheckingMode": "strict"}
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings))
    command = [sys.executable, "-m", "basedpyright", "--outputjson", "--pythonpath", sys.executable]
    done = subprocess.run([*command, "--project", str(tmp_path)], capture_output=True, text=True)
    found = {each["rule"] for each in json.loads(done.stdout)["generalDiagnostics"] if each["severity"] == "error"}
    assert found == set() if strict else found >= {"reportArgumentType", "reportAttributeAccessIssue"}
