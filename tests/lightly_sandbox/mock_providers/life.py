"""The whole life of a resource: preview, create, second run, refresh, import, change, replace trigger, delete twice."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lightly_core.pulumi_values import UNKNOWN, plain
from lightly_sandbox.mock_providers.resource import ResourceType
from lightly_sandbox.mock_providers.state import same

from tests.lightly_sandbox.mock_providers.client import Made, Plugin


@dataclass
class Life:
    """What one type goes through. `inputs` is what the program says first and `later` what it says next.

    `later` is None where every change replaces, `replacing` is empty where none does. `import_id` is empty where that
    is the id itself, and None where nothing can be imported. `renamed` in place, it is read by another id. What `stays`
    is not gone after its end.
    """

    inputs: Mapping[str, Any]
    later: Mapping[str, Any] | None
    replacing: Mapping[str, Any]
    import_id: str | None = ""
    computed: Mapping[str, Any] = field(default_factory=dict)
    id: str = ""
    stays: bool = False
    renamed: bool = False


class Surroundings:
    """What a type needs around it, made through the mock provider as a program would."""

    def __init__(self, plugin: Plugin) -> None:
        self.plugin, self.made = plugin, list[Made]()
        self.tag = uuid.uuid4().hex[:8]

    def make(self, type: str, inputs: Mapping[str, Any]) -> Made:
        made = self.plugin.create(type, f"around-{self.tag}", inputs)
        self.made.append(made)
        return made

    def clear(self) -> None:
        for made in reversed(self.made):
            self.plugin.delete(made)


def live(plugin: Plugin, kind: ResourceType, life: Life) -> Made:
    """The resource as it was made; at the end it is gone."""
    foreseen = plugin.preview(kind.token, "it", plugin.checked(kind.token, "it", life.inputs))
    made = plugin.create(kind.token, "it", life.inputs)
    assert made.id
    _declared(made, {**life.inputs, **life.computed})
    for name, value in foreseen.items():
        assert plain(value) is UNKNOWN or made.outputs[name] == value, name
    assert made.outputs.keys() <= foreseen.keys()
    _unchanged(plugin, made, life, life.inputs)
    if life.import_id is not None:
        _imported(plugin, kind, life, made)

    changed = made
    if life.later is not None:
        change = plugin.diff(made, life.later)
        assert list(change.diffs)
        assert not list(change.replaces)
        changed = plugin.update(made, life.later)
        _declared(changed, life.later)
        _unchanged(plugin, changed, life, life.later)
    if life.replacing:
        assert list(plugin.diff(changed, life.replacing).replaces)

    plugin.delete(changed)
    assert life.stays or plugin.read(changed) is None
    plugin.delete(changed)
    return made


def _declared(made: Made, inputs: Mapping[str, Any]) -> None:
    """Every value that the program gave is an output, in the program's own spelling."""
    for name, value in inputs.items():
        assert made[name] == plain(value), name


def _unchanged(plugin: Plugin, made: Made, life: Life, inputs: Mapping[str, Any]) -> None:
    """A second run and a refresh both find nothing to do."""
    assert list(plugin.diff(made, inputs).diffs) == []
    again = plugin.read(made)
    assert again is not None
    assert (again.inputs, again.outputs) == (made.inputs, made.outputs)
    assert again.id == (made["name"] if life.renamed else made.id)


def _imported(plugin: Plugin, kind: ResourceType, life: Life, made: Made) -> None:
    """An import says of every input what the program says."""
    found = plugin.imported(kind.token, "it", life.import_id or made.id)
    assert found is not None
    assert life.id in ("", found.id)
    assert list(plugin.diff(found, life.inputs).replaces) == []
    for prop in kind.inputs:
        if prop.name in life.inputs and not prop.remembered:
            assert same(prop, life.inputs[prop.name], plain(found.inputs.get(prop.name))), prop.name
