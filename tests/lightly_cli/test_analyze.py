"""`lightly-access analyze`: exit codes, what is chosen, the three forms of the output."""

import json
from pathlib import Path

import pytest
from inline_snapshot import snapshot
from lightly_access.tables.shard import shard_of
from lightly_cli.main import app
from lightly_policies import render_aws
from typer.testing import CliRunner, Result

from tests.lightly_access.analysis.example import folded
from tests.lightly_cli.test_main import HEAVY, imported_by

GOOD = """\
config:
  lightly-access:stores:
    lake: {kind: s3, bucket: acme-datalake, region: eu-central-1}
  lightly-access:datasets:
    cows:
      type: images
      input: {store: lake, path: cows/, access: delegated}
      lightly: {store: lake, path: lightly/cows/, access: user}
    pigs:
      type: images
      input: {store: lake, path: pigs/, access: delegated}
      lightly: {store: lake, path: lightly/pigs/, access: user}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "stacks").mkdir()
    (tmp_path / "Pulumi.yaml").write_text("name: lightly-access\nruntime: python\nstackConfigDir: stacks\n")
    (tmp_path / "stacks" / "Pulumi.good.yaml").write_text(GOOD)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["analyze", *words])


def widen(monkeypatch: pytest.MonkeyPatch) -> None:
    aws_grant = render_aws.aws_grant
    monkeypatch.setattr(
        render_aws, "aws_grant", lambda *words, **more: aws_grant(*words, **more).replace("e/cows/*", "e/*")
    )


def test_the_plain_lines_name_dataset_purpose_and_statement(project: Path) -> None:
    found = run("cows", "--stack", "good")
    assert found.exit_code == 0
    assert folded(found.output) == snapshot("""\
cows INPUT: s3 delegated, a role that Lightly assumes, s3://acme-datalake/cows/
cows INPUT list: inside: ok allowed; beside: ok refused; elsewhere: ok refused [grant/LightlyListBucket]
cows INPUT read: inside: ok allowed; beside: ok refused; elsewhere: ok refused [grant/LightlyReadObjects]
cows INPUT write, overwrite, delete: inside: ok refused; beside: ok refused; elsewhere: ok refused [no
    statement]
cows INPUT who: AWS account 916419735646 (Lightly) with this role's external ID, 256 random bits that are kept
    secret. No MFA: a service has none. 10 other attempts to get in: all refused
cows INPUT how long: sessions of at most 12 hours, for as long as the role stands
cows INPUT if leaked: the external ID alone opens nothing outside of Lightly's account; whoever has a
    session's keys lists and reads everything inside the path, from anywhere, until it ends
cows INPUT otherwise: 32 other actions tried: all refused
cows INPUT note: evaluated with a placeholder for the external ID, which the first deployment makes
cows INPUT note: listing the path without its last / also shows names beside it that start alike, not their
    content
cows LIGHTLY: s3 user, a user's access key, s3://acme-datalake/lightly/cows/
cows LIGHTLY list: inside: ok allowed; beside: ok refused; elsewhere: ok refused [grant/LightlyListBucket]
cows LIGHTLY read: inside: ok allowed; beside: ok refused; elsewhere: ok refused [grant/LightlyReadObjects]
cows LIGHTLY write, overwrite, delete: inside: ok allowed; beside: ok refused; elsewhere: ok refused
    [grant/LightlyWriteObjects]
cows LIGHTLY who: whoever holds the access key. No external ID, no MFA
cows LIGHTLY how long: until the key is replaced: the first deployment in every 90 days (counted from
    2026-01-01) does that; without one it lives on
cows LIGHTLY if leaked: whoever has the key lists, reads, writes and deletes everything inside the path, from
    anywhere, until it is replaced; rotate_now replaces it at once
cows LIGHTLY otherwise: 28 other actions tried: all refused
cows LIGHTLY note: listing the path without its last / also shows names beside it that start alike, not their
    content
2 of 2 datasources as expected, nothing wider or narrower
inside: the path; beside: the rest of its store; elsewhere: other stores
Evaluated offline: the documents that a deployment would render. Rights that somebody adds beside them are not
    seen.\
""")


def test_each_stack_is_named_where_there_are_several(project: Path) -> None:
    (project / "stacks" / "Pulumi.other.yaml").write_text(GOOD)
    lines = run().output.splitlines()
    assert lines[0].startswith("good/cows INPUT: s3 delegated")
    assert any(line.startswith("other/pigs LIGHTLY: s3 user") for line in lines)
    assert lines[-3] == "8 of 8 datasources as expected, nothing wider or narrower"


def test_shards_are_analysed_as_the_one_stack_that_they_are_parts_of(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Each dataset once, in the shard that deploys it; and of more shards nothing changes."""
    before, good = tmp_path_factory.mktemp("before"), project / "stacks" / "Pulumi.good.yaml"
    (before / "Pulumi.yaml").write_text((project / "Pulumi.yaml").read_text())
    (before / "stacks").mkdir()
    good.unlink()
    for folder, of in ((before, 1), (project, 3)):
        for k in range(1, of + 1):
            shard = f"  lightly-access:shard: {k}/{of}\n"
            (folder / "stacks" / f"Pulumi.good-shard-{k}.yaml").write_text(GOOD + shard)
    lines = run().output.splitlines()
    assert lines[0].startswith("cows INPUT: s3 delegated")
    assert lines[-3] == "4 of 4 datasources as expected, nothing wider or narrower"
    changed = run("--markdown", "--against", str(before)).output
    assert changed.startswith("**Nothing changes in what Lightly may do**")
    here, elsewhere = (f"good-shard-{shard_of('cows', 3)}", f"good-shard-{shard_of('cows', 3) % 3 + 1}")
    assert run("cows", "--stack", here).exit_code == 0
    assert run("cows", "--stack", elsewhere).exit_code == 2


def test_what_is_wider_exits_with_1_in_every_form(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    widen(monkeypatch)
    plain, machine, markdown = run(), run("--json"), run("--markdown")
    assert [plain.exit_code, machine.exit_code, markdown.exit_code] == [1, 1, 1]
    assert "cows INPUT read: inside: ok allowed; beside: RED allowed; elsewhere: ok refused" in plain.output
    assert "NOT AS EXPECTED: cows INPUT" in plain.output.splitlines()[-4]
    assert "hint: a template in lightly_policies/documents" in plain.output
    bad = [datasource for datasource in json.loads(machine.output)["datasources"] if not datasource["ok"]]
    assert [(item["dataset"], item["purpose"]) for item in bad] == [("cows", "INPUT")]
    assert all("grant/LightlyReadObjects" in sentence for sentence in bad[0]["unexpected"])
    assert markdown.output.index("❌") < markdown.output.index("pigs")
    assert run("pigs").exit_code == 0


def test_the_machine_form_has_the_documented_shape(project: Path) -> None:
    found = json.loads(run("cows", "--json").output)
    assert {key: found[key] for key in ("ok", "problems")} == {"ok": True, "problems": []}
    first = found["datasources"][0]
    assert first["capabilities"]["read"] == {
        "inside": {"decision": "allowed", "expected": "allowed", "ok": True, "tried": 3},
        "beside": {"decision": "refused", "expected": "refused", "ok": True, "tried": 5},
        "elsewhere": {"decision": "refused", "expected": "refused", "ok": True, "tried": 2},
        "statements": ["grant/LightlyReadObjects"],
    }
    assert list(first) == snapshot(
        [
            "stack",
            "dataset",
            "purpose",
            "kind",
            "access",
            "path",
            "evaluated",
            "ok",
            "capabilities",
            "others",
            "ways_in",
            "way",
            "who",
            "how_long",
            "if_leaked",
            "notes",
            "unexpected",
            "cases",
        ]
    )
    case = next(case for case in first["cases"] if case["subject"] == "list with no prefix")
    assert case == {
        "subject": "list with no prefix",
        "capability": "list",
        "place": "beside",
        "expected": False,
        "allowed": False,
        "reason": "no identity-based policy allows the s3:ListBucket action",
        "network": None,
        "statement": None,
        "ok": True,
    }


def test_the_markdown_is_grouped(project: Path) -> None:
    assert folded(run("--markdown").output) == snapshot("""\
**4 of 4 datasources as expected, nothing wider or narrower**

#### INPUT: a role that Lightly assumes (s3 delegated)

- `cows`: `s3://acme-datalake/cows/`
- `pigs`: `s3://acme-datalake/pigs/`

|  | inside | beside | elsewhere | decided by |
| --- | --- | --- | --- | --- |
| list | ✓ **allowed** | ✓ refused | ✓ refused | `grant/LightlyListBucket` |
| read | ✓ **allowed** | ✓ refused | ✓ refused | `grant/LightlyReadObjects` |
| write, overwrite, delete | ✓ refused | ✓ refused | ✓ refused | no statement |

- **who:** AWS account 916419735646 (Lightly) with this role's external ID, 256 random bits that are kept
    secret. No MFA: a service has none. 10 other attempts to get in: all refused
- **how long:** sessions of at most 12 hours, for as long as the role stands
- **if leaked:** the external ID alone opens nothing outside of Lightly's account; whoever has a session's
    keys lists and reads everything inside the path, from anywhere, until it ends
- **otherwise:** 32 other actions tried: all refused
- **note:** evaluated with a placeholder for the external ID, which the first deployment makes
- **note:** listing the path without its last / also shows names beside it that start alike, not their content

#### LIGHTLY: a user's access key (s3 user)

- `cows`: `s3://acme-datalake/lightly/cows/`
- `pigs`: `s3://acme-datalake/lightly/pigs/`

|  | inside | beside | elsewhere | decided by |
| --- | --- | --- | --- | --- |
| list | ✓ **allowed** | ✓ refused | ✓ refused | `grant/LightlyListBucket` |
| read | ✓ **allowed** | ✓ refused | ✓ refused | `grant/LightlyReadObjects` |
| write, overwrite, delete | ✓ **allowed** | ✓ refused | ✓ refused | `grant/LightlyWriteObjects` |

- **who:** whoever holds the access key. No external ID, no MFA
- **how long:** until the key is replaced: the first deployment in every 90 days (counted from 2026-01-01)
    does that; without one it lives on
- **if leaked:** whoever has the key lists, reads, writes and deletes everything inside the path, from
    anywhere, until it is replaced; rotate\\_now replaces it at once
- **otherwise:** 28 other actions tried: all refused
- **note:** listing the path without its last / also shows names beside it that start alike, not their content

<sub>inside: the path; beside: the rest of its store; elsewhere: other stores. Evaluated offline: the
    documents that a deployment would render. Rights that somebody adds beside them are not seen.</sub>\
""")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("cow",), "did you mean 'cows'?"),
        (("--stack", "god"), "did you mean 'good'?"),
        (("--json", "--markdown"), "expected one of the two"),
    ],
)
def test_wrong_usage_exits_with_2_and_the_way_out(project: Path, words: tuple[str, ...], said: str) -> None:
    found = run(*words)
    assert found.exit_code == 2
    assert said in found.output


def test_a_manifest_with_problems_exits_with_2_and_shows_them(project: Path) -> None:
    (project / "stacks" / "Pulumi.bad.yaml").write_text(GOOD.replace("path: cows/", "path: /cows"))
    found = run()
    assert (found.exit_code, found.stdout) == (2, "")
    assert "problem stacks/Pulumi.bad.yaml:7  datasets.cows.input.path" in found.stderr
    machine = run("--json")
    assert machine.exit_code == 2
    assert json.loads(machine.output)["problems"][0]["where"] == "datasets.cows.input.path"
    assert run("--stack", "good").exit_code == 0


def test_a_project_without_stacks_is_wrong_usage(project: Path) -> None:
    (project / "stacks" / "Pulumi.good.yaml").unlink()
    assert run().exit_code == 2


def test_a_manifest_folder_will_do(project: Path) -> None:
    (project / "herd").mkdir()
    (project / "herd" / "all.yaml").write_text(
        "stores: {lake: {kind: s3, bucket: acme-datalake, region: eu-central-1}}\n"
        "datasets:\n  cows:\n    type: images\n"
        "    input: {store: lake, path: cows/, access: delegated}\n"
        "    lightly: {store: lake, path: out/, access: delegated}\n"
    )
    found = run("--stack", "herd")
    assert found.exit_code == 0
    assert "2 of 2 datasources as expected" in found.output


def test_neither_pulumi_nor_a_cloud_sdk_is_imported() -> None:
    imported = imported_by("analyze", "--stack", "rehearsal")
    assert "lightly_policies" in imported
    assert not imported & ({*HEAVY, "azure", "google", "pulumi_azure_native", "pulumi_gcp"} - {"lightly_policies"})


def test_against_an_earlier_folder_it_says_what_changes(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    before = tmp_path_factory.mktemp("before")
    (before / "Pulumi.yaml").write_text("name: lightly-access\nruntime: python\n")
    words = ["--stack", "good", "--markdown", "--against", str(before)]
    assert run(*words).output.startswith("**4 datasources new**"), "it was no project yet"
    (before / "Pulumi.good.yaml").write_text(GOOD)
    assert run(*words).output.startswith("**Nothing changes in what Lightly may do**")
    earlier = GOOD.replace("cows/, access: user", "cows/, access: delegated").replace("pigs", "hens")
    (before / "Pulumi.good.yaml").write_text(earlier)
    said = run(*words).output
    assert said.startswith("**2 datasources new; 1 datasource changed; 2 datasources gone**")
    assert "#### Gone: `hens` LIGHTLY of `good`" in said
    changed = said.partition("#### Changes: `cows` LIGHTLY of `good`\n\n``````diff\n")[2].partition("``````")[0]
    assert "-- **how long:** sessions of at most 12 hours, for as long as the role stands\n" in changed
    assert all(line[0] in "+-" for line in changed.splitlines())
    assert run("--stack", "good", "--against", str(before)).exit_code == 2


def test_a_folder_that_is_no_project_is_refused_and_not_taken_for_one_without_datasets(project: Path) -> None:
    """Also one inside of this project, which would be compared with itself."""
    (project / "before").mkdir()
    refused = run("--markdown", "--against", "before")
    assert refused.exit_code == 2
    said = " ".join(refused.output.split())
    assert "--against: got 'before', expected the folder of this project as it was, with its Pulumi.yaml" in said
    assert "hint: `git worktree add DIR COMMIT` makes it" in said


@pytest.mark.parametrize("named", ["good", "stacks/Pulumi.good.yaml", "."])
def test_what_is_named_by_its_path_is_compared_with_what_was_there_and_not_with_itself(
    named: str, project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    before = tmp_path_factory.mktemp("before")
    (before / "Pulumi.yaml").write_text((project / "Pulumi.yaml").read_text())
    words = ["--stack", named, "--markdown", "--against", str(before)]
    assert run(*words).output.startswith("**4 datasources new**")
    (before / "stacks").mkdir()
    (before / "stacks" / "Pulumi.good.yaml").write_text(GOOD.replace("pigs", "hens"))
    assert run(*words).output.startswith("**2 datasources new; 2 datasources gone**")


def test_a_manifest_that_had_problems_is_named_where_all_of_it_counts_as_new(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    before = tmp_path_factory.mktemp("before")
    (before / "Pulumi.yaml").write_text("name: lightly-access\nruntime: python\n")
    (before / "Pulumi.good.yaml").write_text(GOOD.replace("delegated", "delegate"))
    found = run("--markdown", "--against", str(before))
    assert found.stdout.startswith("**4 datasources new**")
    assert "had problems, so all of it counts as new" in found.stderr
