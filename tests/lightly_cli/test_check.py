"""`lightly-access check` and `schema`: exit codes, both forms of the output."""

import json
from pathlib import Path

import pytest
from lightly_cli.main import app
from typer.testing import CliRunner, Result

GOOD = """\
config:
  aws:region: eu-central-1
  lightly-access:stores:
    lake: {kind: s3, bucket: acme-datalake, region: eu-central-1}
  lightly-access:datasets:
    cows:
      type: images
      input: {store: lake, path: cows/, access: delegated}
      lightly: {store: lake, path: lightly/cows/, access: delegated}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "stacks").mkdir()
    (tmp_path / "Pulumi.yaml").write_text("name: lightly-access\nruntime: python\nstackConfigDir: stacks\n")
    (tmp_path / "stacks" / "Pulumi.good.yaml").write_text(GOOD)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(app, words)


def test_a_good_project_exits_with_0(project: Path) -> None:
    found = run("check")
    assert found.exit_code == 0
    assert "ok, 1 store, 1 dataset" in found.output


def test_problems_exit_with_1_and_are_shown_with_place_and_hint(project: Path) -> None:
    (project / "stacks" / "Pulumi.bad.yaml").write_text(GOOD.replace("path: cows/", "path: '/[red]cows'"))
    found = run("check")
    assert found.exit_code == 1
    assert "\nstacks/Pulumi.good.yaml: ok" in found.output
    assert "problem stacks/Pulumi.bad.yaml:8  datasets.cows.input.path" in found.output
    assert "got '/[red]cows', expected a directory" in found.output
    assert "hint: no / at the start" in found.output
    assert run("check", "good").exit_code == 0


def test_warnings_do_not_change_the_exit_code(project: Path) -> None:
    (project / "stacks" / "Pulumi.good.yaml").write_text(GOOD.replace("path: cows/", "path: ''"))
    found = run("check", "good")
    assert found.exit_code == 0
    assert "warning stacks/Pulumi.good.yaml:8  datasets.cows.input.path" in found.output


def test_the_machine_form_has_every_field(project: Path) -> None:
    (project / "stacks" / "Pulumi.bad.yaml").write_text(GOOD.replace("type: images", "type: image"))
    found = run("check", "--json")
    assert found.exit_code == 1
    assert json.loads(found.output) == {
        "ok": False,
        "problems": [
            {
                "where": "datasets.cows.type",
                "got": "'image'",
                "expected": "images or videos",
                "hint": "did you mean 'images'?",
                "file": "stacks/Pulumi.bad.yaml",
                "line": 7,
            }
        ],
        "warnings": [],
    }
    assert json.loads(run("check", "good", "--json").output) == {"ok": True, "problems": [], "warnings": []}


@pytest.mark.parametrize("words", [("check", "nowhere"), ("check", "--jsn"), ("chek",), ("check", "no\nwhere")])
def test_wrong_usage_exits_with_2(project: Path, words: tuple[str, ...]) -> None:
    assert run(*words).exit_code == 2


def test_a_project_without_stacks_is_wrong_usage(project: Path) -> None:
    (project / "stacks" / "Pulumi.good.yaml").unlink()
    found = run("check")
    assert found.exit_code == 2
    assert "hint: name a file or a folder" in found.output


def test_the_schema_is_printed_and_written_alike(tmp_path: Path) -> None:
    printed = run("schema")
    written = run("schema", "--out", str(tmp_path / "schema.json"))
    assert (printed.exit_code, written.exit_code, written.output) == (0, 0, "")
    assert printed.output == (tmp_path / "schema.json").read_text()
    assert json.loads(printed.output)["title"] == "Manifest of lightly-access"


def test_the_folder_of_a_project_means_its_stacks(project: Path) -> None:
    (project / "stacks" / "Pulumi.bad.yaml").write_text(GOOD.replace("images", "image"))
    found = run("check", ".")
    assert found.exit_code == 1
    assert "stacks/Pulumi.good.yaml: ok" in found.output
    assert "problem stacks/Pulumi.bad.yaml:7  datasets.cows.type" in found.output


def test_text_that_is_not_yaml_is_called_so(project: Path) -> None:
    (project / "stacks" / "Pulumi.bad.yaml").write_text("config: [\n")
    found = run("check", "bad")
    assert "got text that is not YAML (while parsing" in found.output
    assert "warning" not in found.output


@pytest.mark.parametrize("verb", ["check", "analyze"])
def test_without_a_name_the_stacks_of_the_project_are_taken_and_no_examples(project: Path, verb: str) -> None:
    example = project / "stacks" / "Pulumi.shown.yaml"
    example.write_text(f"# Example. For nobody.\n{GOOD.replace('images', 'image').replace('cows', 'goats')}")
    found = run(verb)
    assert found.exit_code == 0, found.output
    assert "goats" not in found.output
    assert "shown" not in found.output
    assert run("check", "shown").exit_code == 1
    (project / "stacks" / "Pulumi.good.yaml").unlink()
    assert "that is no example" in run(verb).output


def test_a_schema_that_cannot_be_written_is_wrong_usage(tmp_path: Path) -> None:
    result = run("schema", "--out", str(tmp_path / "nowhere" / "schema.json"))
    assert result.exit_code == 2
    assert "expected a file that can be written" in " ".join(result.output.split())


def test_against_a_state_it_says_what_the_next_deployment_would_remove(project: Path) -> None:
    urn = "urn:pulumi:good::x::lightly-access:index:LightlyDataset::calves"
    state = project / "state.json"
    resources = [{"urn": urn, "type": "lightly-access:index:LightlyDataset"}]
    state.write_text(json.dumps({"version": 3, "deployment": {"resources": resources}}))
    found = run("check", "good", "--against", "state.json")
    assert found.exit_code == 0
    assert "warning  datasets.calves" in found.output
    assert "`aliases: [calves]`" in found.output
    (project / "stacks" / "Pulumi.bad.yaml").write_text(GOOD.replace("cows/", "hens/"))
    assert run("check", "--against", "state.json").exit_code == 2
    state.write_text("{}")
    refused = run("check", "good", "--against", "state.json")
    assert refused.exit_code == 2
    assert "pulumi stack export" in refused.output


@pytest.mark.parametrize(("other", "code"), [("good::acme", 0), ("prod::acme", 2), ("good::else", 2)])
def test_a_state_of_another_stack_or_project_is_refused_and_both_are_named(
    other: str, code: int, project: Path
) -> None:
    (project / "Pulumi.yaml").write_text((project / "Pulumi.yaml").read_text().replace("lightly-access", "acme"))
    stack, _, name = other.partition("::")
    urn = f"urn:pulumi:{other}::pulumi:pulumi:Stack::{name}-{stack}"
    resources = [{"urn": urn, "type": "pulumi:pulumi:Stack"}]
    (project / "state.json").write_text(json.dumps({"version": 3, "deployment": {"resources": resources}}))
    found = run("check", "good", "--against", "state.json")
    assert found.exit_code == code, found.output
    if code:
        assert f"got '{name}/{stack}', expected one of acme/good" in " ".join(found.output.split())
        assert "hint: pulumi stack export --stack good --file state.json" in " ".join(found.output.split())


def test_shards_that_are_no_whole_fleet_are_a_problem_once(project: Path) -> None:
    """Some datasets would be in no stack, or in two."""
    (project / "stacks" / "Pulumi.good.yaml").unlink()
    for shard, file in (("1/4", 1), ("2/4", 2), ("3/8", 3)):
        (project / "stacks" / f"Pulumi.prod-shard-{file}.yaml").write_text(f"{GOOD}  lightly-access:shard: {shard}\n")
    for words in ((), ("prod-shard-2",)):
        found = run("check", *words)
        assert found.exit_code == 1
        assert found.output.count("prod: prod-shard-1 is 1/4, prod-shard-2 is 2/4, prod-shard-3 is 3/8") == 1
    (project / "stacks" / "Pulumi.prod-shard-3.yaml").unlink()
    assert "prod has 2 of 4 shards: there is no file of prod-shard-3, prod-shard-4" in run("check").output
    (project / "stacks" / "Pulumi.prod-shard-2.yaml").unlink()
    (project / "stacks" / "Pulumi.prod-shard-1.yaml").write_text(f"{GOOD}  lightly-access:shard: 1/1\n")
    assert run("check").exit_code == 0


def test_a_shard_that_is_no_text_is_a_problem_of_its_file(project: Path) -> None:
    (project / "stacks" / "Pulumi.good.yaml").unlink()
    (project / "stacks" / "Pulumi.prod-shard-1.yaml").write_text(f"{GOOD}  lightly-access:shard: 1/2\n")
    (project / "stacks" / "Pulumi.prod-shard-2.yaml").write_bytes(b"\xff\xfe")
    told = run("check")
    assert told.exit_code == 1
    assert "the file of prod-shard-2 says of no shard, or cannot be read" in told.output
    assert "got no UTF-8 text" in told.output


def test_stacks_of_a_project_that_write_to_one_place_are_named_whichever_is_asked_for(project: Path) -> None:
    twin = GOOD.replace("cows:\n", "hens:\n").replace("path: cows/", "path: hens/")
    (project / "stacks" / "Pulumi.twin.yaml").write_text(twin)
    for words in ((), ("good",), ("twin",), ("stacks/Pulumi.twin.yaml",)):
        found = run("check", *words)
        assert found.exit_code == 1
        assert "expected a directory of its own" in found.output
        assert "hint: it is the same as datasets." in found.output
    assert "problem stacks/Pulumi.good.yaml:1  datasets.cows.lightly.path" in run("check", "good").output
    (project / "stacks" / "Pulumi.twin.yaml").write_text(twin.replace("lightly/cows/", "lightly/hens/"))
    assert run("check").exit_code == 0
