"""What the rehearsal's stack makes: resources with their inputs, as the state has them after a deployment."""

import json
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lightly_core.pulumi_struct import SIGNATURE
from lightly_sandbox.kinds import registry
from lightly_sandbox.start import start_sandbox

from tests.deploying import deployer, seed

_CLOUDS = ("aws:", "azure-native:", "gcp:")
_HIDDEN = "not-shown-to-the-audit"


@dataclass(frozen=True)
class Made:
    """One resource: its type, its name in the program, what it was given, and what each input refers to."""

    type: str
    name: str
    inputs: Mapping[str, Any]
    refers: Mapping[str, tuple[str, ...]]
    """Input -> names of the resources that its value comes from."""


class NotDeployedError(RuntimeError):
    """The stack could not be deployed."""


def deployed() -> list[Made]:
    """Deploy the rehearsal's stack against local clouds and read its state. Raises NotDeployedError."""
    with tempfile.TemporaryDirectory() as folder, start_sandbox(kinds=registry.names()) as sandbox:
        seed(sandbox)
        stack = deployer(sandbox, Path(folder))
        outcome = stack.up()
        if not outcome.ok:
            raise NotDeployedError("\n".join(outcome.diagnostics))
        return list(made(stack.state(show_secrets=True)))


def made(state: Mapping[str, Any]) -> Iterator[Made]:
    """The resources of the three clouds in a state; secrets are replaced, but a trust policy is kept but for its ID."""
    resources = [resource for resource in state["deployment"]["resources"] if resource["type"].startswith(_CLOUDS)]
    names = {resource["urn"]: _name(resource) for resource in resources}
    for resource in resources:
        inputs = {key: _shown(value) for key, value in resource.get("inputs", {}).items() if not key.startswith("__")}
        refers = {
            key: tuple(names[urn] for urn in urns if urn in names)
            for key, urns in (resource.get("propertyDependencies") or {}).items()
        }
        yield Made(resource["type"], names[resource["urn"]], inputs, refers)


def _name(resource: Mapping[str, Any]) -> str:
    return str(resource["urn"].rsplit("::", 1)[-1])


def _shown(value: Any) -> Any:
    if isinstance(value, dict) and SIGNATURE in value:
        return _without_secrets(json.loads(value["plaintext"]))
    if isinstance(value, dict):
        return {key: _shown(item) for key, item in value.items()}
    return [_shown(item) for item in value] if isinstance(value, list) else value


def _without_secrets(value: Any) -> str:
    try:
        policy = json.loads(value)
        for statement in policy["Statement"]:
            statement["Condition"]["StringEquals"]["sts:ExternalId"] = _HIDDEN
    except (ValueError, TypeError, KeyError):
        return _HIDDEN
    return json.dumps(policy)
