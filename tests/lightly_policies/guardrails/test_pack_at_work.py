"""The pack checks somebody else's stack, at work in Pulumi's engine."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from lightly_core.secret import Secret
from lightly_sandbox.deployer import Deployer, Project
from lightly_sandbox.deployer.guardrails import executable, guardrails
from lightly_sandbox.sandbox import Sandbox
from lightly_sandbox.start import start_sandbox

from tests.lightly_policies.guardrails.given import STRONG_ID

PROGRAM = Path(__file__).parent / "plain" / "program.py"
TRUST = "lightly-input: lightly-guardrails: trust-external-id: 0: Lightly's account may assume it, not bound to one"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with start_sandbox() as started:
        yield started


def stack(folder: Path, sandbox: Sandbox, pack: Path | None = None, /, **config: object) -> Deployer:
    """The plain program."""
    given = {key if ":" in key else f"plain:{key}": value for key, value in config.items()}
    project = Project("lightly-access", PROGRAM, {"aws:region": "eu-central-1"})
    packs = [pack or guardrails(folder)]
    return Deployer(
        project, "test", folder / "stack", sandbox.deployment(), phrase=Secret("x"), config=given, packs=packs
    )


def rules(diagnostics: tuple[str, ...]) -> list[tuple[str, str]]:
    """(resource, rule) of each violation, warnings left out."""
    found = [text.split(": ") for text in diagnostics if ": lightly-guardrails: " in text]
    return sorted((parts[0], parts[2]) for parts in found if parts[0] != "warning")


def advice(diagnostics: tuple[str, ...]) -> list[tuple[str, str]]:
    found = [text.split(": ") for text in diagnostics if text.startswith("warning: ")]
    return sorted((parts[1], parts[3]) for parts in found)


def test_a_mandatory_violation_stops_the_update_before_the_resource_is_made(sandbox: Sandbox, tmp_path: Path) -> None:
    here = stack(tmp_path, sandbox)
    result = here.up()
    assert not result.ok
    assert rules(result.diagnostics) == [("lightly-input", "trust-external-id")]
    assert any(text.startswith(TRUST) for text in result.diagnostics)
    types = [resource["type"] for resource in here.state()["deployment"]["resources"]]
    assert "aws:iam/role:Role" not in types
    assert here.destroy().ok


def test_a_preview_shows_every_violation_and_fails(sandbox: Sandbox, tmp_path: Path) -> None:
    result = stack(tmp_path, sandbox).preview()
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
    here = stack(tmp_path, sandbox, only="bucket")
    result = here.up()
    assert not result.ok
    assert rules(result.diagnostics) == [("lake", "s3-block-public-access"), ("lake", "s3-tls-only")]
    assert any(resource["type"] == "aws:s3/bucket:Bucket" for resource in here.state()["deployment"]["resources"])
    assert here.destroy().ok


def test_a_stack_that_keeps_the_rules_is_deployed_without_a_word(sandbox: Sandbox, tmp_path: Path) -> None:
    here = stack(tmp_path, sandbox, good=True, externalId=Secret(STRONG_ID))
    assert here.preview().ok
    for _ in range(2):
        result = here.up()
        assert (result.ok, result.diagnostics) == (True, ())
    assert here.destroy().ok


def test_an_exemption_in_the_stacks_configuration_lets_it_through(sandbox: Sandbox, tmp_path: Path) -> None:
    until = datetime.now(UTC).date() + timedelta(days=30)  # not quoted, as many write it
    names = ("s3-block-public-access", "s3-tls-only")
    exempt = [{"rule": name, "reason": "public on purpose", "until": until, "resource": "lake"} for name in names]
    here = stack(tmp_path, sandbox, only="bucket", **{"lightly-guardrails:exempt": exempt})
    result = here.up()
    assert result.ok
    assert ("lake", "s3-tls-only") in advice(result.diagnostics)
    assert here.destroy().ok


def test_an_expired_exemption_stops_the_update_at_once(sandbox: Sandbox, tmp_path: Path) -> None:
    exempt = [{"rule": "s3-tls-only", "reason": "for a week", "until": "2026-01-01"}]
    here = stack(tmp_path, sandbox, only="bucket", **{"lightly-guardrails:exempt": exempt})
    result = here.up()
    assert rules(result.diagnostics) == [("lightly-access-test", "exemption")]
    assert here.state()["deployment"].get("resources", []) == []


def test_a_pack_that_is_not_there_is_an_error(sandbox: Sandbox, tmp_path: Path) -> None:
    outcome = stack(tmp_path, sandbox, tmp_path / "nowhere").preview()
    assert not outcome.ok
    assert outcome.says("nowhere", "policy")


def test_a_pack_that_does_not_start_is_an_error(sandbox: Sandbox, tmp_path: Path) -> None:
    here = stack(tmp_path, sandbox, executable(tmp_path / "pack", "-c", "raise SystemExit(3)"))
    outcome = here.up()
    assert not outcome.ok
    assert outcome.says("policy pack", "failed to start")


DEFECT = """
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
    (tmp_path / "defect.py").write_text(DEFECT)
    pack = executable(tmp_path / "pack", str(tmp_path / "defect.py"))
    outcome = stack(tmp_path, sandbox, pack, only="bucket").up()
    assert not outcome.ok
    assert outcome.says("the pack lightly-guardrails failed in Analyze: KeyError at defect.py:6")
    assert not outcome.says("plain-lake")
