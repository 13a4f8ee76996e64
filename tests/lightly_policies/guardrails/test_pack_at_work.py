"""The pack checks somebody else's stack, in the local engine and in Pulumi's: both come to the same verdicts."""

import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from lightly_core.secret import Secret
from lightly_sandbox.deployer import LocalDeployer, PulumiDeployer
from lightly_sandbox.engine import LocalStack
from lightly_sandbox.sandbox import Sandbox, start_sandbox

from tests.lightly_policies.guardrails.given import STRONG_ID

ROOT = Path(__file__).parents[3]
PACK = ROOT / "policies"
PROGRAM = Path(__file__).parent / "plain" / "program.py"
TRUST = "lightly-input: lightly-guardrails: trust-external-id: 0: Lightly's account may assume it, not bound to one"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with start_sandbox() as started:
        yield started


def project(folder: Path, **config: object) -> Path:
    """A project of its own around the plain program."""
    (folder / "stacks").mkdir()
    runtime = {"name": "python", "options": {"toolchain": "pip", "virtualenv": str(Path(sys.prefix))}}
    written = {"name": "lightly-access", "main": "stacks", "stackConfigDir": "stacks", "runtime": runtime}
    (folder / "Pulumi.yaml").write_text(yaml.safe_dump({**written, "plugins": {"providers": []}}))
    settings = {"aws:region": "eu-central-1", **{f"plain:{key}": value for key, value in config.items()}}
    (folder / "stacks" / "Pulumi.test.yaml").write_text(yaml.safe_dump({"config": settings}))
    shutil.copy(PROGRAM, folder / "stacks" / "__main__.py")
    return folder


def stack(folder: Path, sandbox: Sandbox, **config: object) -> LocalStack:
    given = {key if ":" in key else f"plain:{key}": value for key, value in config.items()}
    return LocalStack(
        folder, "test", folder / "state.json", Secret("x"), env=sandbox.environment(), config=given, policy_packs=[PACK]
    )


def rules(diagnostics: tuple[str, ...]) -> list[tuple[str, str]]:
    """(resource, rule) of each violation, warnings left out."""
    found = [text.split(": ") for text in diagnostics if ": lightly-guardrails: " in text]
    return sorted((parts[0], parts[2]) for parts in found if parts[0] != "warning")


def advice(diagnostics: tuple[str, ...]) -> list[tuple[str, str]]:
    found = [text.split(": ") for text in diagnostics if text.startswith("warning: ")]
    return sorted((parts[1], parts[3]) for parts in found)


def test_a_mandatory_violation_stops_the_update_before_the_resource_is_made(sandbox: Sandbox, tmp_path: Path) -> None:
    here = stack(project(tmp_path), sandbox)
    result = here.up()
    assert not result.ok
    assert rules(result.diagnostics) == [("lightly-input", "trust-external-id")]
    assert any(text.startswith(TRUST) for text in result.diagnostics)
    types = [it["type"] for it in here.export()["deployment"]["resources"]]
    assert "aws:iam/role:Role" not in types
    assert here.destroy().ok


def test_a_preview_shows_every_violation_and_fails(sandbox: Sandbox, tmp_path: Path) -> None:
    result = stack(project(tmp_path), sandbox).preview()
    assert not result.ok
    assert rules(result.diagnostics) == [
        ("lake", "s3-block-public-access"),
        ("lake", "s3-tls-only"),
        ("lightly-input", "trust-external-id"),
        ("reads", "input-never-writes"),
        ("reads", "no-wildcard-grant"),
    ]
    assert advice(result.diagnostics) == [
        ("lake", "s3-encryption"),
        ("lake", "s3-ownership"),
        ("lake", "s3-versioning"),
    ]
    assert result.changes["create"] == 4  # the stack, the bucket, the role and its policy


def test_a_violation_of_the_whole_stack_fails_the_update_after_it(sandbox: Sandbox, tmp_path: Path) -> None:
    here = stack(project(tmp_path), sandbox, only="bucket")
    result = here.up()
    assert not result.ok
    assert rules(result.diagnostics) == [("lake", "s3-block-public-access"), ("lake", "s3-tls-only")]
    assert any(it["type"] == "aws:s3/bucket:Bucket" for it in here.export()["deployment"]["resources"])
    assert here.destroy().ok


def test_a_stack_that_keeps_the_rules_is_deployed_without_a_word(sandbox: Sandbox, tmp_path: Path) -> None:
    here = stack(project(tmp_path), sandbox, good=True, externalId=Secret(STRONG_ID))
    assert here.preview().ok
    for _ in range(2):
        result = here.up()
        assert (result.ok, result.diagnostics) == (True, ())
    assert here.destroy().ok


def test_an_exemption_in_the_stacks_configuration_lets_it_through(sandbox: Sandbox, tmp_path: Path) -> None:
    until = datetime.now(UTC).date() + timedelta(days=30)  # not quoted, as many write it
    names = ("s3-block-public-access", "s3-tls-only")
    exempt = [{"rule": name, "reason": "public on purpose", "until": until, "resource": "lake"} for name in names]
    here = stack(project(tmp_path), sandbox, only="bucket", **{"lightly-guardrails:exempt": exempt})
    result = here.up()
    assert result.ok
    assert ("lake", "s3-tls-only") in advice(result.diagnostics)
    assert here.destroy().ok


def test_an_expired_exemption_stops_the_update_at_once(sandbox: Sandbox, tmp_path: Path) -> None:
    exempt = [{"rule": "s3-tls-only", "reason": "for a week", "until": "2026-01-01"}]
    here = stack(project(tmp_path), sandbox, only="bucket", **{"lightly-guardrails:exempt": exempt})
    result = here.up()
    assert rules(result.diagnostics) == [("lightly-access-test", "exemption")]
    assert here.export()["deployment"].get("resources", []) == []


def test_a_pack_that_is_not_there_is_an_error(sandbox: Sandbox, tmp_path: Path) -> None:
    here = project(tmp_path)
    broken = LocalStack(here, "test", here / "s", Secret("x"), env=sandbox.environment(), policy_packs=[tmp_path])
    result = broken.preview()
    assert not result.ok
    assert result.diagnostics == (f"no policy pack in {tmp_path}\nhint: give a folder with a PulumiPolicy.yaml",)


def test_a_pack_that_does_not_start_is_an_error(sandbox: Sandbox, tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    pack.mkdir()
    (pack / "PulumiPolicy.yaml").write_text("runtime: python\n")
    (pack / "__main__.py").write_text("raise SystemExit(3)\n")
    here = tmp_path / "project"
    here.mkdir()
    project(here)
    broken = LocalStack(here, "test", tmp_path / "s", Secret("x"), env=sandbox.environment(), policy_packs=[pack])
    assert broken.up().diagnostics == (f"the policy pack in {pack} did not start: it ended",)


DEFECT = """
import sys
sys.path[:0] = {folders!r}
from lightly_policies.guardrails import rule, server
@rule.resource_rule("defect", types=("aws:s3/bucket:Bucket",), level="advisory", severity="low", fix="", source="")
def defect(resource):
    "It fails."
    raise KeyError(resource.get("bucket"))
running, port = server.serve(server.Guardrails(rules=[defect]))
print(port, flush=True)
running.wait_for_termination()
"""


def test_a_pack_that_fails_stops_the_update(sandbox: Sandbox, tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    pack.mkdir()
    (pack / "PulumiPolicy.yaml").write_text("runtime: python\n")
    (pack / "__main__.py").write_text(DEFECT.format(folders=[str(PACK), str(ROOT / "components")]))
    (tmp_path / "project").mkdir()
    here = project(tmp_path / "project", only="bucket")
    broken = LocalStack(here, "test", tmp_path / "s", Secret("x"), env=sandbox.environment(), policy_packs=[pack])
    result = broken.up()
    assert not result.ok
    (said,) = result.diagnostics
    assert said.startswith(
        "lake: failed to run policy: pack: the pack lightly-guardrails failed in Analyze: KeyError at __main__.py:8"
    )
    assert "plain-lake" not in said


@pytest.mark.engine
@pytest.mark.skipif(not shutil.which("pulumi"), reason="Pulumi's own engine is compared where `pulumi` is on PATH")
@pytest.mark.parametrize("settings", [{}, {"only": "bucket"}, {"good": True, "externalId": STRONG_ID}], ids=str)
def test_both_engines_come_to_the_same_verdicts(sandbox: Sandbox, tmp_path: Path, settings: dict[str, object]) -> None:
    outcomes = []
    for deployer in (LocalDeployer, PulumiDeployer):
        folder = tmp_path / deployer.name
        folder.mkdir()
        here = project(folder, **settings)
        made = deployer(here, "test", folder, sandbox.environment(), lambda _: None, [PACK])
        outcomes.append(made.up())
        assert made.destroy().ok
    ours, theirs = outcomes
    assert ours.ok is theirs.ok is bool(settings.get("good"))
    assert rules(ours.diagnostics) == rules(theirs.diagnostics)
    assert advice(ours.diagnostics) == advice(theirs.diagnostics)
    violations = [text for text in ours.diagnostics if ": lightly-guardrails: " in text]
    assert set(violations) <= set(theirs.diagnostics)
