"""Every stack file is an example: it says whom it is for, checks without a warning, and is least privilege."""

import re
from pathlib import Path

import pytest
from jsonschema import Draft7Validator
from lightly_access.kinds.s3.store import S3Store
from lightly_access.manifest import Manifest
from lightly_access.manifest.schema import manifest_schema
from lightly_access.manifest.stack_file import check_path, stack_files
from lightly_access.manifest.yaml_text import read
from lightly_core.capability import Purpose

from tests.lightly_access.manifest.test_properties import renders

ROOT = Path(__file__).parents[2]
STACKS = stack_files(ROOT)
FILES = [*STACKS.values(), *sorted((ROOT / "stacks" / "gitops").rglob("*.yaml"))]


def manifest_of(stack: str) -> Manifest:
    checked = check_path(STACKS[stack])
    assert [str(found) for found in (*checked.problems, *checked.warnings)] == []
    assert checked.manifest
    return checked.manifest


@pytest.mark.parametrize("stack", STACKS)
def test_a_stack_says_whom_it_is_for_and_checks_without_a_warning(stack: str) -> None:
    assert STACKS[stack].read_text(encoding="utf-8").startswith(("# Example. For ", "# For "))
    assert manifest_of(stack).datasets


@pytest.mark.parametrize("stack", STACKS)
def test_the_documents_of_a_stack_are_least_privilege(stack: str) -> None:
    manifest = manifest_of(stack)
    for dataset in manifest.datasets.values():
        for purpose, source in ((Purpose.INPUT, dataset.input), (Purpose.LIGHTLY, dataset.lightly)):
            if not source.made_elsewhere:  # then no document of ours grants it
                renders(purpose, source, manifest.stores[source.store])


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_editors_find_the_schema_of_a_file(file: Path) -> None:
    found = re.search(r"^# yaml-language-server: \$schema=(\S+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    if found:
        assert (file.parent / found[1]).resolve() == ROOT / "stacks" / "schema.json"
    else:
        assert file.name == "Pulumi.rehearsal.yaml"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_file_is_valid_by_the_schema(file: Path) -> None:
    value = read(file.read_text(encoding="utf-8"), file.name).value
    assert [error.message for error in Draft7Validator(manifest_schema()).iter_errors(value)] == []


def test_the_scenarios_show_what_they_say() -> None:
    assert len(manifest_of("starter").stores) == 1
    lake = manifest_of("datalake").stores["lake"]
    assert isinstance(lake, S3Store)
    assert lake.kms_key
    assert not lake.create
    assert {dataset.lightly.access for dataset in manifest_of("user-keys").datasets.values()} == {"user"}
    assert all(
        dataset.input.made_elsewhere and dataset.lightly.made_elsewhere
        for dataset in manifest_of("adopted").datasets.values()
    )
    assert set(manifest_of("gitops").datasets) == {"apples", "conveyor-belt"}
