"""`lightly-access deployer-policy`: the policy as JSON, as files within AWS's quota, and what is refused."""

import json
from pathlib import Path

import pytest
from lightly_cli.main import app
from typer.testing import CliRunner, Result

STACK = """\
config:
  lightly-access:stores:
    lake: {kind: s3, bucket: acme-datalake, region: eu-central-1}
  lightly-access:datasets:
    cows:
      type: images
      input: {store: lake, path: cows/, access: delegated}
      lightly: {store: lake, path: lightly/cows/, access: delegated}
"""
AZURE = """\
config:
  lightly-access:stores:
    photos: {kind: azure, account: acmephotos, container: photos, resource_group: acme-data}
  lightly-access:datasets:
    cows:
      type: images
      input: {store: photos, path: cows/, access: sas}
      lightly: {store: photos, path: cows/, access: sas}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "stacks").mkdir()
    (tmp_path / "Pulumi.yaml").write_text("name: herd\nruntime: python\nstackConfigDir: stacks\n")
    (tmp_path / "stacks" / "Pulumi.prod.yaml").write_text(STACK)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["deployer-policy", *words])


def test_the_policy_is_that_of_the_stack_and_the_account(project: Path) -> None:
    done = run("prod", "--account", "123456789012")
    assert done.exit_code == 0, done.output
    found = {item["Sid"]: item for item in json.loads(done.stdout)["Statement"]}
    assert found["Roles"]["Resource"] == ["arn:aws:iam::123456789012:role/lightly/herd-prod-*"]
    assert found["Placeholders"]["Resource"] == ["arn:aws:s3:::acme-datalake/*/"]
    assert "ProviderReadsRoles" in found
    assert "Users" not in found


def test_the_only_stack_need_not_be_named_and_of_two_one_must(project: Path) -> None:
    assert run().exit_code == 0
    (project / "stacks" / "Pulumi.test.yaml").write_text(STACK)
    done = run()
    assert done.exit_code == 2
    assert "more than one stack" in done.stderr


def test_files_are_managed_policies(project: Path) -> None:
    stores = "".join(
        f"    made{number}: {{kind: s3, bucket: acme-lightly-results-number-{number:02}, "
        "region: eu-central-1, create: true}\n"
        for number in range(60)
    )
    (project / "stacks" / "Pulumi.prod.yaml").write_text(
        STACK.replace("  lightly-access:datasets:", f"{stores}  lightly-access:datasets:", 1)
    )
    assert "hint: --out DIR writes" in run().stderr
    done = run("--out", "policies")
    assert done.exit_code == 0, done.output
    written = sorted((project / "policies").iterdir())
    assert len(written) > 1
    assert all(len(json.dumps(json.loads(path.read_text()), separators=(",", ":"))) <= 6144 for path in written)


CI = ("prod", "--ci", "github", "--repository", "octo-org/data")
OF_PROD = ("--account", "123456789012", "--environment", "production")


def test_with_ci_stdout_is_the_trust_policy_alone(project: Path) -> None:
    done = run(*CI, *OF_PROD)
    assert done.exit_code == 0, done.output
    (trusting,) = json.loads(done.stdout)["Statement"]
    assert trusting["Principal"]["Federated"].startswith("arn:aws:iam::123456789012:oidc-provider/")
    assert "repo:octo-org/data:environment:production" in done.stdout
    branch = run(*CI, "--account", "123456789012", "--branch", "main")
    assert "repo:octo-org/data:ref:refs/heads/main" in branch.stdout


def test_with_a_folder_both_are_written(project: Path) -> None:
    done = run(*CI, *OF_PROD, "--out", "policies")
    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in (project / "policies").iterdir()) == ["deployer-1.json", "trust.json"]
    assert json.loads((project / "policies" / "trust.json").read_text()) == json.loads(run(*CI, *OF_PROD).stdout)


def test_the_partition_is_that_of_the_stores(project: Path) -> None:
    china = STACK.replace("eu-central-1", "cn-northwest-1").replace("access: delegated", "access: user")
    china = china.replace("config:\n", "config:\n  aws:region: cn-northwest-1\n")
    (project / "stacks" / "Pulumi.prod.yaml").write_text(china)
    done = run(*CI, *OF_PROD)
    assert done.exit_code == 0, done.output
    assert '"arn:aws-cn:iam::123456789012:oidc-provider/' in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((*CI, "--environment", "production"), "--ci names its identity provider"),
        ((*CI, "--account", "123456789012"), "either an environment or a branch"),
        ((*CI, *OF_PROD, "--branch", "main"), "either an environment or a branch"),
        (("prod", "--ci", "github", *OF_PROD), "expected OWNER/NAME"),
        ((*CI, "--account", "123456789012", "--environment", "*"), "expected one environment such as production"),
        (("prod", "--ci", "github", "--repository", "octo-org/*", *OF_PROD), "expected one repository such as"),
        (("prod", "--environment", "production"), "it describes a pipeline"),
    ],
)
def test_what_describes_no_pipeline_is_refused_with_a_hint(words: tuple[str, ...], said: str, project: Path) -> None:
    done = run(*words)
    assert done.exit_code == 2, done.output
    shown = " ".join(done.stderr.replace("│", " ").split())
    assert said in shown
    assert "hint: " in shown
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("prod", "--account", "12"), 2, "expected twelve digits"),
        (("prod", "--owner", "ml"), 2, "none is declared"),
        (("nowhere",), 2, "nowhere"),
    ],
)
def test_wrong_usage_is_said(words: tuple[str, ...], code: int, said: str, project: Path) -> None:
    done = run(*words)
    assert done.exit_code == code
    assert said in " ".join(done.stderr.replace("│", " ").split())


def test_a_stack_without_aws_has_nothing_to_allow(project: Path) -> None:
    (project / "stacks" / "Pulumi.prod.yaml").write_text(AZURE)
    done = run("prod")
    assert done.exit_code == 1, done.output
    assert "makes nothing in AWS" in done.stderr
