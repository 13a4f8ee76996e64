"""Takes a scenario through its steps on one engine, or on one and then another."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from tests.lightly_sandbox.engine.fidelity.harness.observation import Names, Observation, observe
from tests.lightly_sandbox.engine.fidelity.harness.project import write_config, write_project
from tests.lightly_sandbox.engine.fidelity.harness.scenario import Scenario, Step
from tests.lightly_sandbox.engine.fidelity.rig.cloud import Cloud
from tests.lightly_sandbox.engine.fidelity.rig.journal import Journal
from tests.lightly_sandbox.engine.fidelity.rig.server import serving


@dataclass(frozen=True)
class Told:
    """What an engine said about one step. Steps are (operation, URN); errors are lines."""

    ok: bool
    changes: dict[str, int]
    steps: list[tuple[str, str]]
    failed: list[tuple[str, str]]
    errors: list[str] = field(default_factory=list)


class Engine(Protocol):
    """One stack on one engine."""

    def take(self, step: Step) -> Told:
        """Run the step's verb."""
        ...

    def export(self) -> dict[str, Any]:
        """The state as `pulumi stack export` writes it."""
        ...

    def load(self, state: dict[str, Any]) -> None:
        """Take over a state that was exported."""
        ...


Opening = Callable[[Path, int], Engine]
"""Opens the stack of the project in `<folder>/project`, with the rig at a port."""


def run(scenario: Scenario, folder: Path, opening: Opening, then: Opening | None = None) -> list[Observation]:
    """Take the scenario through all its steps in `folder`, which must be empty.

    With `then`, the second half is done by another engine, which is handed the state that the first left behind.
    """
    folder.mkdir(parents=True, exist_ok=True)
    cloud, journal = Cloud(folder / "cloud.json"), Journal(folder / "journal.jsonl")
    names, seen, phase = Names(), [], ""
    write_project(folder / "project", scenario)
    write_config(folder / "project", scenario, phase)
    with serving(cloud, journal) as port:
        engine = opening(folder, port)
        for number, step in enumerate(scenario.steps):
            if then and number == len(scenario.steps) // 2:
                state = engine.export()
                engine = then(folder, port)
                engine.load(state)
            phase = step.phase if step.phase is not None else phase
            write_config(folder / "project", scenario, phase)
            cloud.prepare(step.switches, step.drift)
            told = engine.take(step)
            observed = observe(told, journal.take(), engine.export(), cloud.read()["things"], names)
            seen.append({"verb": step.verb, "phase": phase} | observed)
    return seen
