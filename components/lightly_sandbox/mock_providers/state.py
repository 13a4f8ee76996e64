"""Facts of a cloud into the inputs and outputs that the engine keeps.

Create and read must give the same outputs for the same resource, or every refresh would show a change. Therefore both
pass through here: a value of the cloud that means the same as the program's value appears in the program's spelling.
"""

from typing import Any

from lightly_core.pulumi_values import UNKNOWN, Unknown

from lightly_sandbox.mock_providers.policy_text import same_document
from lightly_sandbox.mock_providers.resource import Facts, Input, Kind, ResourceType

DEFAULTS = "__defaults"


def same(prop: Input, left: Any, right: Any) -> bool:
    """Whether two values of a property mean the same to the cloud. An unknown is the same as nothing else."""
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return False
    if prop.kind is Kind.DOCUMENT and isinstance(left, str) and isinstance(right, str):
        return same_document(left, right)
    if prop.alike and left is not None and right is not None:
        return prop.alike(left, right)
    return bool(_meaning(prop, left) == _meaning(prop, right))


def _meaning(prop: Input, value: Any) -> Any:
    """The value in one spelling: defaults filled in, empty things as nothing, sets in order."""
    value = prop.default if value is None else value
    match prop.kind:
        case Kind.STRINGS if isinstance(value, list):
            return sorted(map(str, value)) or None
        case Kind.RECORD if isinstance(value, dict):
            fields = {entry.name: _meaning(entry, value.get(entry.name)) for entry in prop.fields}
            return {name: field for name, field in fields.items() if field is not None} or None
        case Kind.RECORDS if isinstance(value, list):
            return [_meaning(Input(prop.name, Kind.RECORD, fields=prop.fields), known) for known in value] or None
        case Kind.STRING_MAP if value == {}:
            return None
        case Kind.STRING if value == "":
            return None
    return value


def made(kind: ResourceType, inputs: Facts, facts: Facts) -> Facts:
    """The outputs of a resource that was just made from these inputs; facts win over inputs, inputs over defaults."""
    outputs: Facts = {}
    for prop in kind.inputs:
        declared = inputs.get(prop.name)
        value = facts.get(prop.name, prop.default if declared is None else declared)
        if value is not None:
            outputs[prop.name] = declared if declared is not None and same(prop, declared, value) else value
    outputs.update({name: facts[name] for name in kind.outputs if facts.get(name) is not None})
    return outputs


def changed_to(kind: ResourceType, outputs: Facts, inputs: Facts, facts: Facts) -> Facts:
    """The outputs after an update: what the cloud chose stays unless the new facts say otherwise."""
    kept = {name: outputs[name] for name in kind.outputs if name in outputs}
    kept |= {
        prop.name: outputs[prop.name] for prop in kind.inputs if prop.computed and outputs.get(prop.name) is not None
    }
    chosen = {name: value for name, value in kept.items() if inputs.get(name) is None}
    return made(kind, inputs, {**chosen, **facts})


def seen(kind: ResourceType, inputs: Facts, outputs: Facts, facts: Facts) -> tuple[Facts, Facts]:
    """Inputs and outputs after a read. Without inputs (an import) everything that the cloud says becomes an input."""
    importing = not inputs
    new_inputs: Facts = {}
    actual: Facts = dict(facts)
    for prop in kind.inputs:
        declared = inputs.get(prop.name)
        if prop.remembered:
            actual[prop.name] = outputs.get(prop.name, declared)
            value = declared
        else:
            value = facts.get(prop.name)
            if declared is not None and same(prop, declared, value):
                value = declared
            elif declared is None and (same(prop, None, value) or (prop.computed and not importing)):
                value = None
        if value is not None:
            new_inputs[prop.name] = value
    if DEFAULTS in inputs:
        new_inputs[DEFAULTS] = inputs[DEFAULTS]
    # What the cloud does not say has its default: made() would otherwise fall back to the declared value.
    whole = {
        entry.name: actual[entry.name] if actual.get(entry.name) is not None else entry.default for entry in kind.inputs
    }
    kept = {name: outputs[name] for name in kind.secret if name in outputs and name not in facts}
    return new_inputs, made(kind, inputs, {**kept, **facts, **whole})


def foretold(kind: ResourceType, inputs: Facts, facts: Facts) -> Facts:
    """The outputs that a preview of a create can promise; all others are unknown."""
    outputs = made(kind, inputs, facts)
    outputs |= {prop.name: UNKNOWN for prop in kind.inputs if prop.computed and prop.name not in outputs}
    return outputs | dict.fromkeys(kind.outputs, UNKNOWN)


def changes(kind: ResourceType, outputs: Facts, inputs: Facts) -> frozenset[str]:
    """The properties in which the resource is not as the inputs want it."""
    return frozenset(
        prop.name
        for prop in kind.inputs
        if not (prop.computed and inputs.get(prop.name) is None)
        and not same(prop, outputs.get(prop.name), inputs.get(prop.name))
    )
