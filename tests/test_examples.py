"""Every Python example is a project that does what it says: its program runs, and registers what its golden file has.

`GOLDEN=write python -m pytest tests/test_examples.py` writes the golden files anew; they are reviewed as documentation.
"""

import json
import os
import re
import runpy
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml
from lightly_access.manifest.stack_file import check_path

from tests.lightly_access.recording import Recording, record

EXAMPLES = Path(__file__).parents[1] / "examples"
PROGRAMS = sorted(path.parent for path in EXAMPLES.glob("*/__main__.py"))
GOLDEN = Path(__file__).parent / "golden_examples"
NAMED = [pytest.param(folder, id=folder.name) for folder in PROGRAMS]


def configured(folder: Path) -> None:
    """As `pulumi up` tells the program, after the commands of the README."""
    project = yaml.safe_load((folder / "Pulumi.yaml").read_text())
    commands = re.findall(r"pulumi config set (--secret )?(\S+)", (folder / "README.md").read_text())
    full = {name: name if ":" in name else f"{pulumi.get_project()}:{name}" for _, name in commands}
    given = {full[name]: f"the-value-of-{name}" for _, name in commands}
    secret = [full[name] for option, name in commands if option]
    pulumi.runtime.set_all_config({**project.get("config", {}), **given}, secret)


def graph(recording: Recording) -> list[str]:
    through = {key: f" through {provider}" for key, provider in recording.through.items()}
    return sorted(
        f"{kind} {name}{through.get((kind, name), '')}"
        for kind, found in recording.found.items()
        if kind.rpartition(":")[2][0].isupper()
        for name in found
    )


@pytest.mark.parametrize("folder", NAMED)
def test_a_program_registers_what_its_golden_file_says(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recording = record()
    recording.hierarchical = True  # what the example says of its account is so
    configured(folder)
    monkeypatch.chdir(folder)
    monkeypatch.setattr(pulumi, "get_root_directory", lambda: str(folder))

    @pulumi.runtime.test  # type: ignore[untyped-decorator]  # the SDK's decorator has no types
    def program() -> Any:
        runpy.run_path(str(folder / "__main__.py"), run_name="__main__")

    program()
    found, golden = graph(recording), GOLDEN / f"{folder.name}.json"
    if os.environ.get("GOLDEN") == "write":
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(json.dumps(found, indent=2) + "\n")
    assert found == json.loads(golden.read_text())
    assert recording.found["lightly:index:Verification"]


@pytest.mark.parametrize("folder", NAMED)
def test_a_readme_has_the_commands_and_no_more_extras_than_the_program_needs(folder: Path) -> None:
    text, program = (folder / "README.md").read_text(), (folder / "__main__.py").read_text()
    said = re.search(r"pip install 'lightly-access(?:\[([a-z,]+)\])?'", text)
    assert said
    words = program + "".join(file.read_text() for file in (folder / "manifest").rglob("*.yaml"))
    kinds = {"aws": r"\bS3[A-Z]|kind: s3", "azure": r"Azure|kind: azure", "gcp": r"Gcs|kind: gcs"}
    assert (said[1] or "").split(",") == ([extra for extra, sign in kinds.items() if re.search(sign, words)] or [""])
    for command in ("pulumi stack init dev", "pulumi config set --secret lightly:token", "pulumi up"):
        assert f"\n    {command}\n" in text


def test_the_manifest_is_one_without_a_word_against_it() -> None:
    checked = check_path(EXAMPLES / "manifest" / "Pulumi.dev.yaml", {})
    assert [*checked.problems, *checked.warnings] == []


def test_the_table_of_examples_has_all_of_them() -> None:
    listed = re.findall(r"^\| \[(\w+)\]", (EXAMPLES / "README.md").read_text(), re.MULTILINE)
    assert set(listed) >= {folder.name for folder in PROGRAMS}
    assert all((EXAMPLES / name / "README.md").is_file() for name in listed)
