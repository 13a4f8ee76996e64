"""The life of a stack over a mock provider: what is deployed is as the engine left it, until somebody changes it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lightly_core.secret import Secret
from lightly_sandbox.deployer import Deployer, Outcome, Project

from tests.deploying import must


class StackLife:
    """A program, deployed by Pulumi's engine with one provider attached."""

    def __init__(self, folder: Path, program: Path, env: Mapping[str, str]) -> None:
        self._project, self._folder, self._env = Project("mock-provider", program), folder, env

    def deployer(self, stage: str = "one") -> Deployer:
        """The program as it is at this stage."""
        env = {**self._env, "PROGRAM_STAGE": stage}
        return Deployer(self._project, "test", self._folder, env, phrase=Secret("x"))

    def resources(self) -> list[dict[str, Any]]:
        """What the state holds."""
        found: list[dict[str, Any]] = self.deployer().state()["deployment"].get("resources", [])
        return found

    def outputs(self) -> dict[str, Any]:
        """Those of the stack; a secret is `[secret]`."""
        (stack,) = (resource for resource in self.resources() if resource["type"] == "pulumi:pulumi:Stack")
        return {
            key: "[secret]" if isinstance(value, dict) and "ciphertext" in value else value
            for key, value in stack["outputs"].items()
        }

    def begin(self) -> None:
        """Preview and deploy; then a second run, a refresh and a run after one find nothing to do."""
        must(self.deployer().preview())
        must(self.deployer().up())
        assert must(self.deployer().up()).unchanged
        assert must(self.deployer().refresh()).unchanged
        assert must(self.deployer().up(refresh=True)).unchanged

    def change(self) -> Outcome:
        """Deploy stage two, and again, which changes nothing."""
        changed = must(self.deployer("two").up())
        assert must(self.deployer("two").up()).unchanged
        return changed

    def end(self) -> None:
        """Destroy; nothing is left."""
        must(self.deployer().destroy())
        assert self.resources() == []
