"""Stack files and manifest folders, with file and line in every problem."""

from pathlib import Path

import pytest
from lightly_access.manifest import Manifest
from lightly_access.manifest.stack_file import NoManifestError, check_path, find, project_root, stack_files

STORES = """\
stores:
  lake: {kind: s3, bucket: acme-datalake, region: eu-central-1}
"""
COWS = """\
datasets:
  cows:
    type: images
    input: {store: lake, path: cows/, access: delegated}
    lightly: {store: lake, path: lightly/cows/, access: delegated}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "stacks" / "herd").mkdir(parents=True)
    (tmp_path / "Pulumi.yaml").write_text("name: lightly-access\nruntime: python\nstackConfigDir: stacks\n")
    (tmp_path / "stacks" / "Pulumi.prod.yaml").write_text("config:\n  lightly-access:manifest: stacks/herd/\n")
    (tmp_path / "stacks" / "herd" / "stores.yaml").write_text(STORES)
    (tmp_path / "stacks" / "herd" / "cows.yaml").write_text(COWS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_folder_gives_the_same_manifest_as_one_file(project: Path) -> None:
    found = check_path(project / "stacks" / "Pulumi.prod.yaml")
    assert found.problems == ()
    assert found.manifest
    assert set(found.manifest.datasets) == {"cows"}
    assert Manifest.parse({"manifest": "stacks/herd"}, root=project) == found.manifest
    assert check_path(project / "stacks" / "herd").manifest == found.manifest


def test_a_name_defined_in_two_files_is_a_problem_naming_both(project: Path) -> None:
    (project / "stacks" / "herd" / "more").mkdir()
    (project / "stacks" / "herd" / "more" / "cows-again.yaml").write_text(f"# again\n{COWS}")
    [problem] = check_path(project / "stacks" / "Pulumi.prod.yaml").problems
    assert problem.where == "datasets.cows"
    assert str(problem.place) == "stacks/herd/more/cows-again.yaml:3"
    assert problem.hint == "stacks/herd/cows.yaml:2 defines it too"


def test_a_name_defined_in_the_stack_and_in_the_folder_is_a_problem(project: Path) -> None:
    stack = project / "stacks" / "Pulumi.prod.yaml"
    stack.write_text(
        stack.read_text() + "  lightly-access:stores: {lake: {kind: s3, bucket: other, region: eu-west-1}}\n"
    )
    [problem] = check_path(stack).problems
    assert (problem.where, str(problem.place)) == ("stores.lake", "stacks/herd/stores.yaml:2")
    assert problem.hint == "stacks/Pulumi.prod.yaml:3 defines it too"


def test_problems_carry_the_line_of_the_value(project: Path) -> None:
    (project / "stacks" / "herd" / "cows.yaml").write_text(COWS.replace("path: cows/", "path: /cows"))
    (project / "stacks" / "herd" / "pigs.yaml").write_text("datasets:\n  pigs:\n    typ: images\n")
    problems = check_path(project / "stacks" / "Pulumi.prod.yaml").problems
    assert {(problem.where, str(problem.place)) for problem in problems} == {
        ("datasets.cows.input.path", "stacks/herd/cows.yaml:4"),
        ("datasets.pigs.typ", "stacks/herd/pigs.yaml:3"),
        ("datasets.pigs.type", "stacks/herd/pigs.yaml:2"),
        ("datasets.pigs.input", "stacks/herd/pigs.yaml:2"),
        ("datasets.pigs.lightly", "stacks/herd/pigs.yaml:2"),
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "dataset:\n  x: 1\n",
            "dataset: got 'dataset', expected stores or datasets in a manifest file\nhint: did you mean",
        ),
        ("config:\n  lightly-access:datasets: {}\n", "hint: `stores:` and `datasets:` stand at the top here"),
        ("accounts: {}\n", "hint: `lightly-access:accounts` stands in the stack's file"),
        ("cows: {type: images, input: {}}\n", "hint: a dataset stands below `datasets:`"),
        ("lake: {kind: s3}\n", "hint: a store stands below `stores:`"),
        ("- 1\n", "manifest: got a list, expected the tables stores and datasets"),
        ("a: [\n", "expected a YAML file"),
        ("datasets:\n\tcows: 1\n", "expected a YAML file\nhint: YAML is indented by spaces"),
        ("datasets:\n  cows\n    type: images\n", "expected a YAML file\nhint: is a `:` missing in the line before"),
        ("datasets:\n  cows: 1\n  pigs\n", "expected a YAML file\nhint: is a `:` missing"),
        ("stores: 7\n", "stores: got 7, expected a table of stores by name"),
        ("datasets: {cows: {}, cows: {}}\n", "datasets.cows: got the same name again"),
        (b"\xff\xfe", "not UTF-8 text"),
    ],
)
def test_a_manifest_file_that_is_none_is_a_problem_in_that_file(project: Path, text: str | bytes, said: str) -> None:
    file = project / "stacks" / "herd" / "wrong.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    problems = check_path(project / "stacks" / "Pulumi.prod.yaml").problems
    assert [problem for problem in problems if said in str(problem)], [str(problem) for problem in problems]
    assert {problem.place.file for problem in problems if problem.place} == {"stacks/herd/wrong.yaml"}


@pytest.mark.parametrize("name", ["stacks/fram", "", "no\0folder", "x" * 5000, "Pulumi.yaml", "../../../nowhere"])
def test_a_folder_that_is_not_there_is_a_problem(project: Path, name: str) -> None:
    found = Manifest.check({"manifest": name}, root=project)
    assert [problem.where for problem in found.problems][:1] == ["manifest"]


def test_hidden_and_other_files_of_the_folder_are_not_read(project: Path) -> None:
    for name in (".hidden.yaml", "README.md", "notes.txt"):
        (project / "stacks" / "herd" / name).write_text("not: [a manifest")
    assert check_path(project / "stacks" / "Pulumi.prod.yaml").manifest


def test_a_manifest_file_can_be_checked_alone(project: Path) -> None:
    assert check_path(project / "stacks" / "herd" / "stores.yaml").manifest
    [problem, other] = check_path(project / "stacks" / "herd" / "cows.yaml").problems
    assert {problem.where, other.where} == {"datasets.cows.input.store", "datasets.cows.lightly.store"}


def test_the_text_of_a_stack_file_is_checked_and_other_namespaces_are_left_alone(project: Path) -> None:
    stack = project / "stacks" / "Pulumi.dev.yaml"
    stack.write_text(
        "config:\n  aws:region: eu-central-1\n  lightly:token: {secure: v1:x}\n  lightly-access:manifest: stacks/herd\n"
        "  lightly-access:datasets: {}\n  lightly-access:datasets: {}\n"
    )
    [problem] = check_path(stack).problems
    assert (problem.where, str(problem.place)) == ("datasets", "stacks/Pulumi.dev.yaml:6")
    stack.write_text("config: [1]\n")
    assert [problem.where for problem in check_path(stack).problems] == ["config"]
    stack.write_text("config: {lightly-access:empty: true}")
    assert [warning.where for warning in check_path(stack).warnings] == ["datasets"]


def test_stacks_are_found_by_name_from_anywhere_in_the_project(project: Path) -> None:
    assert project_root(project / "stacks" / "herd") == project.resolve()
    assert list(stack_files(project)) == ["prod"]
    assert find("prod", project) == project / "stacks" / "Pulumi.prod.yaml"
    assert find("acme/prod", project) == find("prod", project), "as Pulumi takes it, too"
    with pytest.raises(NoManifestError):
        find("acme/another-project/prod", project)
    with pytest.raises(NoManifestError, match="did you mean 'prod'"):
        find("prd", project)
