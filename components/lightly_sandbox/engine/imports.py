"""Takes one resource that exists into the state, protected, without running the program.

Source: `importer` in `pkg/resource/deploy/import.go` and `ImportStep` in `step.go` of pulumi/pulumi.
"""

import os

from lightly_sandbox.engine import urn as urns
from lightly_sandbox.engine.answers import ProviderError, Target
from lightly_sandbox.engine.config import StackConfig
from lightly_sandbox.engine.executor import Executor
from lightly_sandbox.engine.planner import Action, RefusedError
from lightly_sandbox.engine.registry import Registry
from lightly_sandbox.engine.run import Run
from lightly_sandbox.engine.snapshot import Snapshot
from lightly_sandbox.engine.state import Resource


class Importer:
    """One import."""

    def __init__(self, run: Run, snapshot: Snapshot, registry: Registry, config: StackConfig) -> None:
        self._run = run
        self._snapshot = snapshot
        self._registry = registry
        self._config = config
        self._executor = Executor(run, snapshot, registry, planned=True)
        self._names = run.names

    def take(self, type_: str, name: str, id_: str, parent: str | None) -> None:
        """Read it under this id into the state. Raises RefusedError when its name is taken or its parent unknown."""
        for old in list(self._snapshot.base):
            if not old.delete:
                new = old.copy()
                self._executor.do(Action("same", old, new))
        above = parent or self._stack()
        there = {item.urn: item for item in self._snapshot.resources()}
        if above not in there:
            raise RefusedError(
                f"unknown parent '{above}' for the import of '{name}'\nhint: give the parent's whole URN"
            )
        urn = urns.make(self._names.stack, self._names.project, above, type_, name)
        if urn in there:
            if (there[urn].import_id or there[urn].id) == id_:
                return
            raise RefusedError(f"resource '{urn}' already exists\nhint: give another name")
        provider = self._provider(urns.package_of(type_))
        new = Resource(urn, type_, custom=True, parent=above, protect=True, provider=provider, import_id=id_)
        try:
            self._executor.do(Action("import", new=new))
        except ProviderError as error:
            self._run.fail(str(error), urn)

    def check(self) -> None:
        """Ask the provider whether it accepts the inputs that it reported; if not, the program will need other ones."""
        for step in self._run.steps:
            if step.op != "import":
                continue
            new = next(item for item in self._snapshot.resources() if item.urn == step.urn)
            provider, seed = self._registry.get(new.provider), os.urandom(32)
            _, failures = provider.check(Target(new.urn), new.inputs, new.inputs, seed=seed, preview=False)
            for failure in failures:
                message = f"imported input {failure.property} does not pass its own provider's check: {failure.reason}"
                self._run.diagnose(message, new.urn, severity="warning")

    def _stack(self) -> str:
        """The URN of the stack's own resource; it is made when the state is empty."""
        name = f"{self._names.project}-{self._names.stack}"
        urn = urns.make(self._names.stack, self._names.project, "", urns.STACK_TYPE, name)
        if all(item.urn != urn for item in self._snapshot.resources()):
            self._executor.do(Action("create", new=Resource(urn, urns.STACK_TYPE, custom=False, outputs={})))
        return urn

    def _provider(self, package: str) -> str:
        """The package's default provider in the state, or a new one."""
        for item in self._snapshot.resources():
            if item.type == urns.PROVIDER_PREFIX + package and urns.is_default_provider(item.urn) and not item.delete:
                return urns.reference(item.urn, item.id)
        type_ = urns.PROVIDER_PREFIX + package
        urn = urns.make(self._names.stack, self._names.project, "", type_, "default")
        inputs, failures = self._registry.check(urn, {}, self._config.of_package(package))
        if failures:
            raise RefusedError("\n".join(f"provider {package}: {item.property}: {item.reason}" for item in failures))
        new = Resource(urn, type_, custom=True, inputs=inputs)
        self._executor.do(Action("create", new=new))
        return urns.reference(urn, new.id)
