"""The project's own program on local clouds, deployed by Pulumi's engine."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lightly_access.manifest import Manifest
from lightly_core.secret import Secret
from lightly_sandbox import fixtures
from lightly_sandbox.deployer import Deployer, Outcome, Project
from lightly_sandbox.fixtures import Fixture
from lightly_sandbox.kinds import registry
from lightly_sandbox.rehearse import Options
from lightly_sandbox.sandbox import Sandbox

ROOT = Path(__file__).parents[1]
STACK = "rehearsal"


def deployer(
    sandbox: Sandbox,
    folder: Path,
    config: Mapping[str, object] | None = None,
    *,
    env: Mapping[str, str] | None = None,
    phrase: str = "a phrase",
    **options: Any,
) -> Deployer:
    """The stack of the rehearsal with `config` over its own; `folder` keeps its state; `options` as a Deployer's."""
    project = Project.load(ROOT, STACK)
    environment = {**sandbox.deployment(), **(env or {})}
    return Deployer(project, STACK, folder, environment, phrase=Secret(phrase), config=config, **options)


def stack_of(
    sandbox: Sandbox, folder: Path, name: str, config: Mapping[str, object], env: Mapping[str, str] | None = None
) -> Deployer:
    """A stack of another name, with nothing but this configuration."""
    project = Project("lightly-access", ROOT / "stacks", config)
    return Deployer(project, name, folder, {**sandbox.deployment(), **(env or {})}, phrase=Secret("a phrase"))


def seed(sandbox: Sandbox, config: Mapping[str, Any] | None = None) -> dict[str, Fixture]:
    """Make what a stack with this manifest finds in the clouds that run, and nothing of Lightly; without a manifest,
    what that of the rehearsal finds."""
    manifest = Manifest.parse(config) if config else Options(ROOT).piece().manifest
    run = {kind.name for kind in registry.present(sandbox.services)}
    owners = {name: owner for name, owner in fixtures.owners(manifest).items() if name in run}
    fixtures.seed(sandbox, owners, [("1.png", b"\x89PNG")])
    return owners


def must(outcome: Outcome) -> Outcome:
    """It, which must be a success."""
    assert outcome.ok, "\n".join(outcome.diagnostics)
    return outcome
