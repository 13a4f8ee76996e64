"""The program's requests as goals, and what of them this engine refuses.

Source: `RegisterResource` and `inheritFromParent` in `pkg/resource/deploy/source_eval.go` of pulumi/pulumi.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from lightly_sandbox.engine import urn as urns
from lightly_sandbox.engine.goal import Alias, Goal
from lightly_sandbox.engine.planner import RefusedError
from lightly_sandbox.engine.wire import Reader

# field of the request -> what it is called in programs
_REFUSED: Final = {
    "transforms": "transforms",
    "hooks": "resource hooks",
    "replace_with": "replaceWith",
    "packageRef": "parameterized packages",
    "pluginChecksums": "plugin checksums",
    "envVarMappings": "envVarMappings",
    "snippetId": "snippets",
    "state_migrations": "state migrations",
}
_UNITS: Final = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9}


def refuse(what: str, resource: str = "") -> RefusedError:
    """The sentence for something that this engine does not do."""
    whom = f"{resource}: " if resource else ""
    return RefusedError(
        f"{whom}{what} are not supported by the local engine\nhint: use Pulumi's engine for this program"
    )


def refuse_unsupported(request: Any) -> None:
    """Raise Refused, by name, when a registration asks for something this engine does not do."""
    who = f"{request.type} '{request.name}'"
    for name, what in _REFUSED.items():
        value = getattr(request, name)
        present = request.HasField(name) if name == "hooks" else bool(value)
        empty = name == "hooks" and not value.ListFields()
        if present and not empty:
            raise refuse(what, who)
    if request.remote:
        raise refuse("remote components", who)


def goal(request: Any, *, provider: str, parent: Goal | None, root: Path) -> Goal:
    """What a RegisterResource asks for. `provider` is resolved already; some options come from the parent."""
    dependencies: dict[str, set[str]] = {}
    properties = Reader(dependencies=dependencies).properties(request.object)
    if request.propertyDependencies:
        declared = {key: set(deps.urns) for key, deps in request.propertyDependencies.items()}
    else:
        declared = {key: set(request.dependencies) for key in properties}
    for key, deps in dependencies.items():
        declared.setdefault(key, set()).update(deps)
    timeouts = request.customTimeouts
    spelled = {name: getattr(timeouts, name) for name in ("create", "update", "delete", "read")}
    retain = parent.retain_on_delete if parent else None
    if request.HasField("retainOnDelete"):
        retain = request.retainOnDelete
    before = request.deleteBeforeReplaceDefined or request.deleteBeforeReplace
    return Goal(
        type=request.type,
        name=request.name,
        custom=request.custom,
        properties=properties,
        parent=request.parent,
        protect=request.protect if request.HasField("protect") else parent.protect if parent else None,
        dependencies=tuple(sorted(set(request.dependencies))),
        property_dependencies={key: sorted(deps) for key, deps in sorted(declared.items())},
        provider=provider,
        delete_before_replace=request.deleteBeforeReplace if before else None,
        ignore_changes=tuple(request.ignoreChanges),
        replace_on_changes=tuple(request.replaceOnChanges),
        replacement_trigger=Reader().value("replacementTrigger", request.replacement_trigger),
        additional_secret_outputs=tuple(request.additionalSecretOutputs),
        aliases=(*(Alias(urn=urn) for urn in request.aliasURNs), *map(_alias, request.aliases)),
        import_id=request.importId,
        custom_timeouts={name: seconds(text) for name, text in spelled.items() if text},
        retain_on_delete=retain,
        deleted_with=request.deletedWith or (parent.deleted_with if parent else ""),
        source_position=source_position(request, root),
    )


def _alias(message: Any) -> Alias:
    if message.WhichOneof("alias") == "urn":
        return Alias(urn=message.urn)
    spec = message.spec
    return Alias(
        name=spec.name,
        type=spec.type,
        parent=spec.parentUrn,
        no_parent=spec.noParent,
        project=spec.project,
        stack=spec.stack,
    )


def seconds(text: str) -> float:
    """A Go duration (`1h30m`, `5m`, `0.5s`) in seconds. Raises RefusedError."""
    parts = re.findall(r"([0-9.]+)(h|ms|us|µs|ns|m|s)", text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise RefusedError(f"unable to parse customTimeout Value {text!r}, expected a duration like 5m or 1h30m")
    return sum(float(number) * _UNITS[unit] for number, unit in parts)


def source_position(request: Any, root: Path) -> str:
    """Where in the program it was asked for, relative to the project; '' when that is somewhere else."""
    if not request.HasField("sourcePosition") or not request.sourcePosition.uri:
        return ""
    found = urlsplit(request.sourcePosition.uri)
    try:
        relative = Path(unquote(found.path)).resolve().relative_to(root)
    except ValueError:
        return ""
    line, column = request.sourcePosition.line, request.sourcePosition.column
    position = f"project:///{relative.as_posix()}"
    return position if line <= 0 else f"{position}#{line}" + (f",{column}" if column > 0 else "")


def provider_for(
    package: str, explicit: str, given: Mapping[str, str], inherited: Mapping[str, str], parent: Goal | None
) -> str:
    """The provider that a custom resource gets from its options or its parent; '' for the default one."""
    if explicit:
        return explicit
    if package in given:
        return given[package]
    if parent and parent.provider:
        urn, _ = urns.parse_reference(parent.provider)
        if urns.provider_package(urns.type_of(urn)) == package:
            return parent.provider
    return inherited.get(package, "")
