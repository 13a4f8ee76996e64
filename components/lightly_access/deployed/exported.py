"""What `pulumi stack export` writes, read once for whoever asks: what is odd or missing is nothing, no error. Pure.

The format: https://pulumi.com/docs/iac/cli/commands/pulumi_stack_export/ (version 3, `deployment.resources`). A secret
stays encrypted in it, and is nothing here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from lightly_core.pulumi_struct import SIGNATURE

STACK = "pulumi:pulumi:Stack"


class StateError(ValueError):
    """A document that is no exported deployment: what was found, and what to do."""


@dataclass(frozen=True, slots=True)
class Exported:
    """A deployment; `at` is the end of the last run, `resources` those that stand, in the order of the state;
    `going` those that were replaced and wait for their end."""

    project: str
    stack: str
    at: datetime | None
    resources: tuple[Mapping[str, Any], ...]
    going: tuple[Mapping[str, Any], ...] = ()

    def of(self, type_: str) -> Iterator[Mapping[str, Any]]:
        """Those of a type."""
        return (each for each in self.resources if each.get("type") == type_)

    def by_parent(self) -> dict[str, list[Mapping[str, Any]]]:
        """The URN of each component, and what it is made of."""
        found: dict[str, list[Mapping[str, Any]]] = {}
        for each in self.resources:
            found.setdefault(text(each.get("parent")), []).append(each)
        return found


def exported(document: object) -> Exported:
    """The export, parsed from JSON. Raises StateError when it is something else."""
    deployment = document.get("deployment") if isinstance(document, dict) else None
    if not isinstance(deployment, dict):
        raise StateError("got no deployment\nhint: `pulumi stack export --file state.json` writes one")
    listed = deployment.get("resources")
    resources = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    project, stack = next((_parts(each) for each in resources if each.get("type") == STACK), ("", ""))
    at = moment(table(deployment.get("manifest")).get("time"))
    going = tuple(each for each in resources if each.get("delete"))
    return Exported(project, stack, at, tuple(each for each in resources if not each.get("delete")), going)


def name(resource: Mapping[str, Any]) -> str:
    """The name in the program, which for a store or dataset is its key in the manifest."""
    return text(resource.get("urn")).rpartition("::")[2]


def outputs(resource: Mapping[str, Any]) -> dict[str, Any]:
    """What the resource put out."""
    return table(resource.get("outputs"))


def table(value: object) -> dict[str, Any]:
    """A table of the state; nothing for what is secret there, or missing."""
    return value if isinstance(value, dict) and SIGNATURE not in value else {}


def text(value: object) -> str:
    """A text of the state; empty for what is none."""
    return value if isinstance(value, str) else ""


def moment(value: object) -> datetime | None:
    """A time or a day, which is its first moment in UTC."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found.replace(tzinfo=found.tzinfo or UTC) if found else None


def _parts(stack: Mapping[str, Any]) -> tuple[str, str]:
    """Project and stack, of a URN: `urn:pulumi:<stack>::<project>::...`."""
    named, project, *_ = f"{stack.get('urn', '')}::".removeprefix("urn:pulumi:").split("::")
    return project, named
