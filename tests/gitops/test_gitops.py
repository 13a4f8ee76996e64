"""The files for the operator, Argo CD, Pulumi Deployments and ESC, read as those programs read them.

Their schemas are theirs and are not kept here. LIGHTLY_GITOPS names a folder with `pulumi.com_stacks.yaml` and
`auto.pulumi.com_workspaces.yaml` of https://github.com/pulumi/pulumi-kubernetes-operator (deploy/crds),
`application-crd.yaml` of https://github.com/argoproj/argo-cd (manifests/crds), and `validator`, built of
tests/gitops/validator. Without it these tests are passed over.
"""

import copy
import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from lightly_access.project.answers import Answers
from lightly_access.project.files import Lock, project_files
from lightly_cli.main import app
from typer.testing import CliRunner

GIVEN = os.environ.get("LIGHTLY_GITOPS")
there = pytest.mark.skipif(not GIVEN, reason="LIGHTLY_GITOPS names no folder with the schemas of others")
ALL = "operator,argocd,deployments,esc"


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    answers = Answers("acme-lightly", input="azure", lightly="gcs", gitops=ALL)
    aws = Answers("acme-lightly", gitops="esc")
    lock = Lock("", "")
    return {**project_files(answers, lock, "{}"), "esc-aws.yaml": project_files(aws, lock, "{}")["gitops/esc.yaml"]}


@pytest.fixture(scope="module")
def sharded() -> dict[str, str]:
    return project_files(Answers("acme", gitops="operator", shards="2"), Lock("", ""), "{}")


def schema_of(name: str, version: str) -> dict[str, Any]:
    """A resource as strict validation reads it: what has no schema of its own is refused."""
    crd = yaml.safe_load((Path(str(GIVEN)) / name).read_text())
    (found,) = (each for each in crd["spec"]["versions"] if each["name"] == version)
    schema: dict[str, Any] = copy.deepcopy(found["schema"]["openAPIV3Schema"])
    _close(schema)
    schema["properties"]["metadata"] = {"type": "object"}
    return schema


def _close(schema: Any) -> None:
    if isinstance(schema, list):
        for each in schema:
            _close(each)
    elif isinstance(schema, dict):
        open_ = schema.get("x-kubernetes-preserve-unknown-fields") or "additionalProperties" in schema
        if isinstance(schema.get("properties"), dict) and not open_:
            schema["additionalProperties"] = False
        for each in schema.values():
            _close(each)


def problems(resource: Any, schema: Mapping[str, Any]) -> list[str]:
    return [
        f"{list(each.absolute_path)}: {each.message}" for each in Draft202012Validator(schema).iter_errors(resource)
    ]


def resource(files: Mapping[str, str], name: str, kind: str) -> dict[str, Any]:
    (found,) = (each for each in yaml.safe_load_all(files[name]) if each["kind"] == kind)
    return dict(found)


def misspelt(value: Any) -> Iterator[Any]:
    """The same with one letter more in one key, for each key below the first."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield {**{name: part for name, part in value.items() if name != key}, f"{key}x": each}
            yield from ({**value, key: changed} for changed in misspelt(each))
    if isinstance(value, list):
        for number, each in enumerate(value):
            yield from ([*value[:number], changed, *value[number + 1 :]] for changed in misspelt(each))


def validator(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([Path(str(GIVEN)) / "validator", *words], capture_output=True, text=True, check=False)


CRDS = {
    "Stack": ("gitops/operator.yaml", "pulumi.com_stacks.yaml", "v1"),
    "Application": ("gitops/argocd.yaml", "application-crd.yaml", "v1alpha1"),
}


@there
@pytest.mark.parametrize("kind", CRDS)
def test_a_resource_is_one_of_its_definition_and_a_misspelt_field_is_not(kind: str, files: dict[str, str]) -> None:
    file, crd, version = CRDS[kind]
    found, schema = resource(files, file, kind), schema_of(crd, version)
    assert problems(found, schema) == []
    spec = found["spec"]
    spec.pop("envRefs", None)  # a table of names that are its user's
    wrong = [each for each in misspelt(spec) if not problems({**found, "spec": each}, schema)]
    assert wrong == []


@there
def test_a_shard_that_waits_is_one_of_the_definition_and_a_misspelt_wait_is_not(sharded: dict[str, str]) -> None:
    _, second = (each for each in yaml.safe_load_all(sharded["gitops/operator.yaml"]) if each["kind"] == "Stack")
    schema = schema_of(*CRDS["Stack"][1:])
    assert problems(second, schema) == []
    waits = second["spec"]["prerequisites"]
    for each in misspelt(waits):
        assert problems({**second, "spec": {**second["spec"], "prerequisites": each}}, schema), each


@there
def test_the_workspace_of_the_stack_is_one_of_its_own_definition(files: dict[str, str]) -> None:
    template = resource(files, "gitops/operator.yaml", "Stack")["spec"]["workspaceTemplate"]
    schema = schema_of("auto.pulumi.com_workspaces.yaml", "v1alpha1")
    assert problems(template, schema) == []
    assert problems({**template, "spec": {**template["spec"], "imagex": "x"}}, schema)


@there
@pytest.mark.parametrize(
    ("file", "variables"),
    [
        ("esc-aws.yaml", {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"}),
        (
            "gitops/esc.yaml",
            {f"ARM_{name}" for name in ("USE_OIDC", "CLIENT_ID", "TENANT_ID", "OIDC_TOKEN", "SUBSCRIPTION_ID")}
            | {"GOOGLE_PROJECT", "GOOGLE_OAUTH_ACCESS_TOKEN"},
        ),
    ],
)
def test_esc_evaluates_the_environment_and_refuses_a_misspelt_one(
    file: str, variables: set[str], files: dict[str, str], tmp_path: Path
) -> None:
    def evaluated(text: str) -> subprocess.CompletedProcess[str]:
        (tmp_path / "esc.yaml").write_text(text)
        return validator("esc", tmp_path / "esc.yaml")

    done = evaluated(files[file])
    assert (done.returncode, done.stderr) == (0, "")
    assert {*done.stdout.split()} == {"LIGHTLY_TOKEN", *variables}
    for right, wrong in (("roleArn", "roleARN"), ("oidc:", "oidcs:"), ("serviceAccount:", "account:")):
        if right in files[file]:
            assert evaluated(files[file].replace(right, wrong)).returncode == 1, wrong
    assert evaluated(files[file].replace("${lightly.token}", "${lightly.tokken}")).returncode == 1
    assert evaluated(files[file].replace("-login:", "-logins:")).returncode == 1


@there
def test_pulumi_reads_the_deployment_settings_and_refuses_a_misspelt_field(
    files: dict[str, str], tmp_path: Path
) -> None:
    name = "Pulumi.prod.deploy.yaml"
    (tmp_path / name).write_text(files[name])
    done = validator("deploy", tmp_path / name)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["gitHub"]["previewPullRequests"] is True
    assert found["operationContext"]["preRunCommands"][-1] == ".venv/bin/lightly-access check prod"
    for changed in misspelt(yaml.safe_load(files[name])):
        (tmp_path / name).write_text(yaml.safe_dump(changed))
        assert validator("deploy", tmp_path / name).returncode == 1, changed


def test_each_shard_is_a_stack_and_the_first_is_deployed_before_the_others() -> None:
    answers = Answers("acme", stack="farm_EU", gitops="operator", shards="3")
    written = project_files(answers, Lock("", ""), "{}")["gitops/operator.yaml"]
    stacks = [each for each in yaml.safe_load_all(written) if each["kind"] == "Stack"]
    assert [each["spec"]["stack"].rpartition("/")[2] for each in stacks] == answers.stacks
    first, *others = [each["metadata"]["name"] for each in stacks]
    assert [first, *others] == [f"acme-farm-eu-shard-{number}" for number in (1, 2, 3)]
    waits = [[each["name"] for each in stack["spec"].get("prerequisites", ())] for stack in stacks]
    assert waits == [[], [first], [first]]


READY = {"type": "Ready", "status": "True", "message": "the stack has been processed"}
STATES: dict[str, tuple[dict[str, Any], str]] = {
    "all is well": (
        {"conditions": [READY], "outputs": {"ok": True, "verified_at": "2026-11-29"}},
        "Healthy: Every light",
    ),
    "a red light": ({"conditions": [READY], "outputs": {"ok": False}}, "Degraded: A light"),
    "not verified": ({"conditions": [READY], "outputs": {}}, "Progressing: The stack has not said"),
    "secret": ({"conditions": [READY], "outputs": {"ok": "[secret]"}}, "Progressing: The stack has not said"),
    "a failed deployment": (
        {"conditions": [READY], "lastUpdate": {"state": "failed", "message": "red"}, "outputs": {"ok": True}},
        "Degraded: red",
    ),
    "stalled": ({"conditions": [{**READY, "type": "Stalled", "message": "no source"}]}, "Degraded: no source"),
    "at work": ({"conditions": [{**READY, "type": "Reconciling", "message": "up"}]}, "Progressing: up"),
    "an older change": ({"observedGeneration": 1, "conditions": [READY], "outputs": {"ok": True}}, "Progressing: Wait"),
}


@there
@pytest.mark.parametrize("state", STATES)
def test_argo_cd_s_health_follows_the_lights(state: str, files: dict[str, str], tmp_path: Path) -> None:
    status, said = STATES[state]
    script = resource(files, "gitops/argocd-health.yaml", "ConfigMap")["data"]
    (tmp_path / "health.lua").write_text(script["resource.customizations.health.pulumi.com_Stack"])
    stack = {"metadata": {"generation": 2}, "status": {"observedGeneration": 2, **status}}
    (tmp_path / "stack.json").write_text(json.dumps(stack))
    done = validator("health", tmp_path / "health.lua", tmp_path / "stack.json")
    assert done.stdout.startswith(said), (done.stdout, done.stderr)


@there
def test_a_stack_that_nobody_has_looked_at_is_progressing(files: dict[str, str], tmp_path: Path) -> None:
    script = resource(files, "gitops/argocd-health.yaml", "ConfigMap")["data"]
    (tmp_path / "health.lua").write_text(script["resource.customizations.health.pulumi.com_Stack"])
    (tmp_path / "stack.json").write_text('{"metadata": {"generation": 1}}')
    assert validator("health", tmp_path / "health.lua", tmp_path / "stack.json").stdout.startswith("Progressing")


def test_what_is_asked_for_is_written_once_and_is_yours(tmp_path: Path) -> None:
    def init(*words: str) -> Any:
        return CliRunner().invoke(app, ["init", str(tmp_path / "acme"), *words])

    assert init("--gitops", "argocd, deployments").exit_code == 0
    found = {path.name for path in (tmp_path / "acme" / "gitops").iterdir()}
    assert found == {"operator.yaml", "argocd.yaml", "argocd-health.yaml"}
    mine = tmp_path / "acme" / "gitops" / "operator.yaml"
    mine.write_text(mine.read_text().replace("OWNER/REPOSITORY", "acme/lightly"))
    again = init("--upgrade")
    assert (again.exit_code, "acme/lightly" in mine.read_text()) == (0, True), again.output
    wrong = init("--gitops", "operater")
    assert (wrong.exit_code, "did you mean 'operator'?" in wrong.stderr) == (2, True)


def test_deployment_settings_are_no_stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    CliRunner().invoke(app, ["init", str(tmp_path / "acme"), "--gitops", "deployments"])
    monkeypatch.chdir(tmp_path / "acme")
    done = CliRunner().invoke(app, ["check"])
    assert (done.exit_code, "deploy" in done.output) == (0, False), done.output


def test_no_secret_and_no_login_of_anybody_stands_in_the_files(files: dict[str, str]) -> None:
    """Every name is one to put in, and the one secret is a word."""
    for name, text in files.items():
        if name.startswith("gitops/"):
            for each in yaml.safe_load_all(text):
                assert each, name
    assert "fn::secret: TOKEN" in files["gitops/esc.yaml"]
    assert files["Pulumi.prod.deploy.yaml"].count("OWNER/REPOSITORY") == 1
