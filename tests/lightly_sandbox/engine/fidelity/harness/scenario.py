"""What a scenario is: a program and the steps it is taken through."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

Verb = Literal["up", "preview", "refresh", "destroy", "import"]
FOLDER = Path(__file__).parent.parent / "scenarios"


@dataclass(frozen=True)
class Step:
    """One verb, with what changes before it.

    `phase` is what the program is told (`pulumi.Config().get("phase")`) and stays for the steps after it.
    `switches` are the cloud's for this step (see rig/cloud.py); none given means that all goes well.
    `drift` changes things behind the engine's back, or removes them (None), before the verb.
    `refresh` asks `up` to refresh first. `target` is what `import` takes: type, name, id.
    """

    verb: Verb
    phase: str | None = None
    switches: Mapping[str, Any] = field(default_factory=dict)
    drift: Mapping[str, Mapping[str, object] | None] = field(default_factory=dict)
    refresh: bool = False
    target: tuple[str, str, str] | None = None


@dataclass(frozen=True)
class Scenario:
    """A module of the folder `scenarios`: `STEPS`, `program(phase)` and, where it needs any, `CONFIG`."""

    name: str
    steps: tuple[Step, ...]
    program: Callable[[str], None]
    config: Mapping[str, object]


def names() -> list[str]:
    """All scenarios, by name."""
    return sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "__init__")


def load(name: str) -> Scenario:
    """The scenario of that name."""
    module = import_module(f"{__package__.rsplit('.', 1)[0]}.scenarios.{name}")
    return Scenario(name, module.STEPS, module.program, getattr(module, "CONFIG", {}))
