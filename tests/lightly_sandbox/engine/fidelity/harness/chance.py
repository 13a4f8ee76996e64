"""Programs by chance: a graph of resources with options, and how it changes from step to step.

The program is data (its phase, as JSON), so that both engines run the very same. Failures are left out: which of the
neighbours of a failure still finish is chance on either engine.
"""

import json
import random
from typing import Any

import pulumi

from tests.lightly_sandbox.engine.fidelity.harness.scenario import Scenario, Step
from tests.lightly_sandbox.engine.fidelity.rig.resources import Group, Provider, Thing

Node = dict[str, Any]
_FLAGS = ("delete_before_replace", "retain_on_delete")
_LISTS = {
    "ignore_changes": ["value", "key", "*"],
    "replace_on_changes": ["value", "*"],
    "additional_secret_outputs": ["handle", "value"],
}


def scenario(seed: int) -> Scenario:
    """The scenario of that seed: create, nothing, two changes, drift, refresh, destroy."""
    chance = random.Random(seed)
    first = _nodes(chance)
    second = _changed(chance, first)
    third = _changed(chance, second)
    drifted = {node["name"]: {"value": "drifted"} for node in second if chance.random() < 0.3}
    steps = (
        Step("preview", json.dumps(first)),
        Step("up"),
        Step("preview", json.dumps(second)),
        Step("up"),
        Step("refresh", drift=drifted),
        Step("up", json.dumps(third)),
        Step("destroy"),
    )
    return Scenario("by_chance", steps, program, {})


def program(phase: str) -> None:
    """The resources of the phase."""
    made: dict[str, Thing] = {}
    groups = {name: Group(name) for name in ("left", "right")}
    provider = Provider("own", "far")
    for node in json.loads(phase):
        links = [made[name].handle for name in node["links"] if name in made]
        values: dict[str, Any] = {name: node[name] for name in ("value", "key", "slot") if name in node}
        if node["secret"]:
            values["password"] = pulumi.Output.secret(node["secret"])
        if node["keyed"] in made:
            values["key"] = made[node["keyed"]].handle
        options = pulumi.ResourceOptions(
            parent=groups.get(node["parent"]) or made.get(node["parent"]),
            depends_on=[made[name] for name in node["after"] if name in made],
            deleted_with=made.get(node["with"]),
            provider=provider if node["own"] else None,
            **node["options"],
        )
        made[node["name"]] = Thing(node["name"], links=links or None, opts=options, **values)
    pulumi.export("handles", [thing.handle for thing in made.values()])


def _nodes(chance: random.Random) -> list[Node]:
    nodes: list[Node] = []
    for number in range(chance.randint(4, 9)):
        nodes.append(_node(chance, f"n{number}", [node["name"] for node in nodes]))
    return nodes


def _node(chance: random.Random, name: str, earlier: list[str]) -> Node:
    def some(share: float) -> list[str]:
        return [item for item in earlier if chance.random() < share]

    def one(share: float) -> str:
        return chance.choice(earlier) if earlier and chance.random() < share else ""

    node: Node = {"name": name, "links": some(0.3), "after": some(0.15), "with": one(0.1), "keyed": one(0.15)}
    node["parent"] = chance.choice(["left", "right", one(0.5), "", ""])
    node["own"] = chance.random() < 0.2 and not node["parent"]
    node["secret"] = chance.choice(["", "", "hush"])
    node["options"] = {flag: True for flag in _FLAGS if chance.random() < 0.15}
    node["options"] |= {option: [chance.choice(names)] for option, names in _LISTS.items() if chance.random() < 0.12}
    return node | {field: "a" for field in ("value", "key", "slot") if chance.random() < 0.5}


def _changed(chance: random.Random, nodes: list[Node]) -> list[Node]:
    """Some removed, some changed in one field, some with other links, one new at the end."""
    changed: list[Node] = []
    for node in nodes:
        roll = chance.random()
        if roll < 0.15:
            continue
        names = [other["name"] for other in changed]
        changed.append(dict(node))
        if roll < 0.5:
            changed[-1][chance.choice(["value", "key", "slot"])] = chance.choice("abc")
        elif roll < 0.6:
            changed[-1]["links"] = [name for name in names if chance.random() < 0.4]
        elif roll < 0.7:
            changed[-1]["options"] = {}
    return [*changed, _node(chance, f"m{len(nodes)}-{chance.randint(0, 99)}", [node["name"] for node in changed])]
