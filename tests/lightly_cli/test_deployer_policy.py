"""`lightly-access deployer-policy`: the policy as JSON, as files within AWS's quota, and what is refused."""

import json
import shlex
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
LOCAL = "{kind: local, input_mount: /data, lightly_mount: /lightly}"


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
    assert sorted(path.name for path in (project / "policies").iterdir()) == ["aws.sh", "deployer-1.json", "trust.json"]
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


def test_a_stack_without_a_cloud_has_nothing_to_allow(project: Path) -> None:
    local = STACK.replace("{kind: s3, bucket: acme-datalake, region: eu-central-1}", LOCAL)
    (project / "stacks" / "Pulumi.prod.yaml").write_text(local.replace("delegated", "mount"))
    done = run("prod")
    assert done.exit_code == 1, done.output
    assert "makes nothing in a cloud" in done.stderr


SUBSCRIPTION = "11111111-2222-3333-4444-555555555555"
ALL = """\
config:
  lightly-access:stores:
    lake: {kind: s3, bucket: acme-datalake, region: eu-central-1}
    photos: {kind: azure, account: acmephotos, container: photos, resource_group: acme-data}
    frames: {kind: gcs, bucket: acme-frames, project: acme-ml}
    made: {kind: gcs, bucket: acme-made, project: acme-ml, location: europe-west3, create: true}
  lightly-access:datasets:
    cows:
      type: images
      input: {store: lake, path: cows/, access: delegated}
      lightly: {store: photos, path: cows/, access: sas}
    hens:
      type: images
      input: {store: frames, path: hens/, access: service_account}
      lightly: {store: made, path: hens/, access: service_account}
"""
NUMBERED = (*CI, "--repository-id", "456789", "--owner-id", "123456", "--environment", "production")
PLACES = ("--account", "123456789012", "--subscription", SUBSCRIPTION, "--project-number", "987654321")


@pytest.fixture
def everywhere(project: Path) -> Path:
    (project / "stacks" / "Pulumi.prod.yaml").write_text(ALL)
    return project


def words_of(script: str, *beginning: str) -> list[list[str]]:
    """The words of the lines of a script that begin so; those of a substitution too."""
    lines = [shlex.split(line.partition("=$(")[2].rstrip(")") or line) for line in script.splitlines()]
    return [line for line in lines if line[: len(beginning)] == [*beginning]]


def after(option: str, words: list[str]) -> str:
    return words[words.index(option) + 1]


def test_with_a_folder_the_files_of_all_clouds_are_written_and_the_lines_say_the_same(everywhere: Path) -> None:
    done = run(*NUMBERED, *PLACES, "--out", "deployer")
    assert done.exit_code == 0, done.output
    files = {path.name: path.read_text() for path in (everywhere / "deployer").iterdir()}
    assert files.keys() == {
        *("aws.sh", "deployer-1.json", "trust.json"),
        *("azure.sh", "azure-roles.json", "azure-federated-credential.json"),
        *("gcp.sh", "google-roles.json", "google-provider.json", "google-binding.json"),
    }
    found = {name: json.loads(text) for name, text in files.items() if name.endswith(".json")}
    (made,) = words_of(files["aws.sh"], "aws", "iam", "create-role")
    assert json.loads(after("--assume-role-policy-document", made)) == found["trust.json"]
    (made,) = words_of(files["aws.sh"], "aws", "iam", "create-policy")
    assert json.loads(after("--policy-document", made)) == found["deployer-1.json"]

    (made,) = words_of(files["azure.sh"], "az", "ad", "app", "federated-credential")
    assert json.loads(after("--parameters", made)) == found["azure-federated-credential.json"]
    roles = words_of(files["azure.sh"], "az", "role", "definition", "create")
    assert [json.loads(after("--role-definition", each)) for each in roles] == found["azure-roles.json"]["roles"]
    given = words_of(files["azure.sh"], "az", "role", "assignment", "create")
    assert [{"role": after("--role", each), "scope": after("--scope", each)} for each in given] == found[
        "azure-roles.json"
    ]["assignments"]

    provider = found["google-provider.json"]
    (made,) = words_of(files["gcp.sh"], "gcloud", "iam", "workload-identity-pools", "providers")
    assert after("--attribute-condition", made) == provider["attributeCondition"]
    assert after("--issuer-uri", made) == provider["oidc"]["issuerUri"]
    assert after("--allowed-audiences", made) == provider["oidc"]["allowedAudiences"][0]
    assert (
        dict(each.split("=") for each in after("--attribute-mapping", made).split(",")) == provider["attributeMapping"]
    )
    (made,) = words_of(files["gcp.sh"], "gcloud", "iam", "service-accounts", "add-iam-policy-binding")
    assert [after("--member", made)] == found["google-binding.json"]["members"]
    roles = words_of(files["gcp.sh"], "gcloud", "iam", "roles", "create")
    assert [after("--permissions", each).split(",") for each in roles] == [
        each["includedPermissions"] for each in found["google-roles.json"]["roles"]
    ]
    bindings = found["google-roles.json"]["bindings"]
    given = words_of(files["gcp.sh"], "gcloud", "projects", "add-iam-policy-binding")
    assert [after("--condition", each) for each in given] == [
        f"^;^title={each['condition']['title']};expression={each['condition']['expression']}"
        if "condition" in each
        else "None"
        for each in bindings
        if "project" in each
    ]


def test_of_several_clouds_one_is_printed_and_the_others_named(everywhere: Path) -> None:
    done = run(*NUMBERED, *PLACES, "--cloud", "azure")
    assert json.loads(done.stdout)["subject"] == "repo:octo-org/data:environment:production"
    done = run(*NUMBERED, *PLACES, "--cloud", "gcp", "--commands")
    assert done.stdout.startswith("set -eu\ngcloud iam service-accounts create lightly-deploys-prod")
    done = run("prod", "--subscription", SUBSCRIPTION, "--cloud", "azure")
    (role,), (given,) = (json.loads(done.stdout)[key] for key in ("roles", "assignments"))
    account = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/acme-data/providers/Microsoft.Storage/storageAccounts"
    assert given == {"role": role["Name"], "scope": f"{account}/acmephotos"}
    assert role["Actions"] == [
        "Microsoft.Storage/storageAccounts/listKeys/action",
        "Microsoft.Storage/storageAccounts/read",
    ]
    assert role["AssignableScopes"] == [f"/subscriptions/{SUBSCRIPTION}/resourceGroups/acme-data"]
    assert "note: the stack is in aws, azure, gcp\nhint: --cloud" in run("prod").stderr


def test_a_login_that_only_reads_has_files_of_its_own_and_no_permission_that_writes(everywhere: Path) -> None:
    stack = everywhere / "stacks" / "Pulumi.prod.yaml"
    lines = [each for each in ALL.splitlines() if "kind: azure" not in each]
    stack.write_text("\n".join(lines).replace("photos, path: cows/, access: sas", "lake, path: a/, access: user"))
    for more in ((), ("--read-only",)):
        assert run(*NUMBERED, *PLACES, "--out", "deployer", *more).exit_code == 0
    folder = everywhere / "deployer"
    ours = sorted(path.name for path in folder.iterdir() if path.name.startswith("reader-"))
    assert ours == [f"reader-{name}" for name in (
        *("1.json", "aws.sh", "gcp.sh", "google-binding.json", "google-provider.json", "google-roles.json"),
        "trust.json",
    )]  # fmt: skip
    assert "create-role --role-name lightly-reads-prod " in (folder / "reader-aws.sh").read_text()
    assert "service-accounts create lightly-reads-prod " in (folder / "reader-gcp.sh").read_text()
    assert (folder / "deployer-1.json").read_text() == json.dumps(
        json.loads(run("prod", *PLACES).stdout), indent=2
    ) + "\n"
    roles, granted = (json.loads((folder / f"{who}google-roles.json").read_text()) for who in ("reader-", ""))
    permissions = {each for role in roles["roles"] for each in role["includedPermissions"]}
    assert {each.rpartition(".")[2] for each in permissions} == {"get", "list", "getIamPolicy"}
    assert "storage.objects.list" not in permissions
    assert {role["title"] for role in roles["roles"]} == {"Lightly: reader"}
    assert not {role["name"] for role in roles["roles"]} & {role["name"] for role in granted["roles"]}


def test_azure_is_read_by_roles_only_where_nothing_is_shown_to_the_account_s_key_alone(everywhere: Path) -> None:
    words = ("prod", "--subscription", SUBSCRIPTION, "--cloud", "azure", "--read-only")
    done = run(*words)
    assert done.exit_code == 1
    assert "stores.photos: got access: sas and directories, which Azure shows to the account's key alone" in done.stderr
    assert done.stdout == ""
    delegated = ALL.replace("access: sas", "access: sas, sas: user_delegation")
    delegated = delegated.replace("container: photos,", "container: photos, hierarchical: true,")
    (everywhere / "stacks" / "Pulumi.prod.yaml").write_text(delegated)
    assert "stores.photos: got directories, which Azure" in run(*words).stderr, "Lightly writes there: one is made"
    read = delegated.replace(
        "input: {store: lake, path: cows/, access: delegated}",
        "input: {store: photos, path: cows/, access: sas, sas: user_delegation}",
    ).replace(
        "lightly: {store: photos, path: cows/, access: sas, sas: user_delegation}",
        "lightly: {store: lake, path: cows/, access: delegated}",
    )
    (everywhere / "stacks" / "Pulumi.prod.yaml").write_text(read)
    (role,), (given,) = json.loads(run(*words).stdout).values()
    assert role["DataActions"] == []
    assert {each.rpartition("/")[2] for each in role["Actions"]} == {"read"}
    assert given["scope"].endswith("/storageAccounts/acmephotos")


def test_a_login_that_only_reads_enters_no_account_through_the_role_that_deploys_there(project: Path) -> None:
    entered = "arn:aws:iam::210987654321:role/deploys"
    accounts = f"config:\n  lightly-access:accounts:\n    data: {{cloud: aws, role_arn: '{entered}'}}\n"
    stack = STACK.replace("config:\n", accounts).replace(
        "  lightly-access:datasets:",
        "    other: {kind: s3, bucket: acme-other, region: eu-central-1, owner: data}\n  lightly-access:datasets:",
    )
    (project / "stacks" / "Pulumi.prod.yaml").write_text(stack)
    assert entered in run("prod").stdout
    done = run("prod", "--read-only")
    assert "sts:AssumeRole" not in done.stdout
    assert f"note: it enters no other account, for {entered} may deploy" in done.stderr


def test_gitlab_s_host_is_the_issuer(everywhere: Path) -> None:
    words = ("prod", "--ci", "gitlab", "--repository", "acme/data", "--branch", "main", "--host", "git.acme.example")
    done = run(*words, *PLACES, "--cloud", "azure")
    assert json.loads(done.stdout)["issuer"] == "https://git.acme.example"
    done = run(*words, *PLACES)
    assert "oidc-provider/git.acme.example" in done.stdout


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((*NUMBERED, "--cloud", "azure"), 2, "--subscription: got nothing"),
        ((*NUMBERED, "--cloud", "gcp"), 2, "gcloud projects describe acme-ml"),
        ((*CI, "--environment", "production", *PLACES, "--cloud", "gcp"), 1, "numbers of repository and owner"),
        ((*NUMBERED, "--cloud", "moon"), 2, "aws, azure, gcp"),
        ((*NUMBERED, "--host", "gitlab.com"), 2, "leave it out"),
        (("prod", "--commands"), 2, "it describes a pipeline"),
        (("prod", "--ci", "gitlab", "--repository", "acme/data", *PLACES), 2, "the branch that deploys"),
        (
            *(
                (
                    "prod",
                    "--ci",
                    "gitlab",
                    "--repository",
                    "acme/data",
                    "--branch",
                    "main",
                    "--environment",
                    "x",
                    *PLACES,
                ),
            ),
            *(1, "leave out --environment"),
        ),
    ],
)
def test_what_a_cloud_lacks_is_said(words: tuple[str, ...], code: int, said: str, everywhere: Path) -> None:
    done = run(*words)
    assert done.exit_code == code, done.output
    assert said in " ".join(done.stderr.replace("│", " ").split())
    assert done.stdout == ""


def test_where_lightly_only_reads_from_a_bucket_of_yours_nothing_may_be_written(everywhere: Path) -> None:
    granted = json.loads(run("prod", "--cloud", "gcp", *PLACES).stdout)
    roles = {role["name"]: role["includedPermissions"] for role in granted["roles"]}
    (frames,) = [roles[each["role"]] for each in granted["bindings"] if each.get("bucket") == "acme-frames"]
    assert frames == ["storage.buckets.getIamPolicy", "storage.buckets.setIamPolicy"]
