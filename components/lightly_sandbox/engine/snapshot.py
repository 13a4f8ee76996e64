"""Keeps the state file true while a run goes on: before a step it records what will be done, after it what was done.

Two lists of resources are merged on every write: those of this run (in the order in which their steps ended) and
those of the state before it that no step has dealt with yet. Source: `pkg/backend/snapshot.go` of pulumi/pulumi.
"""

import json
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

from lightly_sandbox.engine import checkpoint, state
from lightly_sandbox.engine import urn as urns
from lightly_sandbox.engine.checkpoint import Checkpoint, Doing, Operation, SecretBox
from lightly_sandbox.engine.state import Resource


class Snapshot:
    """The state of a stack in a run. A preview passes no path: then nothing is ever written."""

    def __init__(self, base: Checkpoint, box: SecretBox, path: Path | None) -> None:
        self.base = base.resources
        self.old_operations = base.operations
        self._secrets = base.secrets
        self._box = box
        self._path = path
        self._news: list[Resource] = []
        self._done: set[Resource] = set()
        self._operations: list[Operation] = []
        self._lock = threading.RLock()
        self._write_lock = threading.Lock()
        self._version = 0
        self._written = 0
        self._rendered: dict[Resource, dict[str, Any]] = {}

    def begin(self, resource: Resource, doing: Doing) -> None:
        """Record on the disk that this is going to be done."""
        with self._lock:
            # a copy: what is in flight is written as it was when it began
            self._operations.append(Operation(resource, doing))
            self._touch(resource)
        self.flush()

    def end(self, resource: Resource) -> None:
        """The operation on this resource is over, well or not. The caller flushes."""
        with self._lock:
            self._operations = [item for item in self._operations if item.resource is not resource]
            self._version += 1

    def put(self, new: Resource | None, *, instead_of: Resource | None = None) -> None:
        """`new` is part of the state now; `instead_of` is no longer. The caller flushes."""
        with self._lock:
            if instead_of is not None:
                self._done.add(instead_of)
            if new is not None:
                self._news.append(new)
                self._touch(new)
            self._version += 1

    def changed(self, resource: Resource) -> None:
        """A resource of the state was changed in place. The caller flushes."""
        with self._lock:
            self._touch(resource)

    def differs(self, old: Resource, new: Resource) -> bool:
        """Whether an unchanged resource is written differently after all (`mustWrite` in backend/snapshot.go)."""
        with self._lock:
            before, after = self._json(old, {}), self._json(new, {})
        ignored = {"sourcePosition", "created", "modified"}
        return any(before.get(key) != after.get(key) for key in (before.keys() | after.keys()) - ignored)

    def rebase(self, resources: list[Resource]) -> None:
        """Replace the resources that the run started from (after a refresh). The caller flushes."""
        with self._lock:
            self.base[:] = resources
            self._rendered.clear()
            self._version += 1

    def forget_creations(self) -> None:
        """Drop the creations that earlier runs left in flight: somebody has looked whether they happened."""
        with self._lock:
            self.old_operations = []
            self._version += 1

    def _touch(self, resource: Resource) -> None:
        self._rendered.pop(resource, None)
        self._version += 1

    def resources(self) -> list[Resource]:
        """The resources of the state now, dependencies first."""
        with self._lock:
            return [item for item in (*self._news, *self.base) if item not in self._done]

    def document(self) -> dict[str, Any]:
        """The state as `pulumi stack export` writes it."""
        with self._lock:
            renames = _renames(self.resources())
            resources = [self._json(item, renames) for item in self.resources()]
            pending = [*self._operations, *(item for item in self.old_operations if item.type == "creating")]
            operations = [{"resource": self._json(item.resource, renames), "type": item.type} for item in pending]
            return checkpoint.render(self._secrets, resources, operations)

    def _json(self, resource: Resource, renames: dict[str, str]) -> dict[str, Any]:
        if renames:
            return state.to_json(_renamed(resource, renames), self._box.encrypt)
        if resource not in self._rendered:
            self._rendered[resource] = state.to_json(resource, self._box.encrypt)
        return self._rendered[resource]

    def flush(self) -> None:
        """Bring the file up to date. Steps that end together share one write."""
        if self._path is None:
            return
        with self._lock:
            wanted = self._version
        with self._write_lock:
            if self._written >= wanted:
                return
            with self._lock:
                version, document = self._version, self.document()
            # No indentation: it is written at every step, and only the compact form has a fast encoder.
            checkpoint.write(self._path, json.dumps(document, separators=(",", ":"), ensure_ascii=False))
            self._written = version


def _renames(resources: list[Resource]) -> dict[str, str]:
    """Old URN -> new URN of what an alias renamed (`NormalizeURNReferences` in deploy/snapshot.go)."""
    renames: dict[str, str] = {}
    for item in resources:
        for alias in item.aliases:
            renames[alias] = item.urn
        parent = renames.get(item.parent, "")
        if parent and urns.types(parent) != urns.STACK_TYPE:
            stack, project = parent.removeprefix(urns.PREFIX).split("::")[:2]
            moved = urns.make(stack, project, parent, item.type, urns.name_of(item.urn))
            if moved != item.urn:
                renames[item.urn] = moved
    return renames


def _renamed(resource: Resource, renames: dict[str, str]) -> Resource:
    def new(urn: str) -> str:
        return renames.get(urn, urn)

    provider = resource.provider
    if provider:
        urn, id_ = urns.parse_reference(provider)
        provider = urns.reference(new(urn), id_)
    return replace(
        resource,
        urn=new(resource.urn),
        parent=new(resource.parent),
        provider=provider,
        dependencies=[new(dep) for dep in resource.dependencies],
        property_dependencies={key: [new(dep) for dep in deps] for key, deps in resource.property_dependencies.items()},
        deleted_with=new(resource.deleted_with),
        aliases=[],
    )
