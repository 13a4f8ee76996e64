"""What the program asks for: a resource as it should be, with its options."""

from dataclasses import dataclass, field

from lightly_sandbox.engine import urn as urns
from lightly_sandbox.engine.state import Resource
from lightly_sandbox.engine.values import Properties, Value


@dataclass(frozen=True)
class Alias:
    """Another name that a resource had: a whole URN, or the parts that were different."""

    urn: str = ""
    name: str = ""
    type: str = ""
    parent: str = ""
    no_parent: bool = False
    project: str = ""
    stack: str = ""


@dataclass(frozen=True)
class Goal:
    """One registration of the program."""

    type: str
    name: str
    custom: bool
    properties: Properties = field(default_factory=dict, repr=False)
    parent: str = ""
    protect: bool | None = None
    dependencies: tuple[str, ...] = ()
    property_dependencies: dict[str, list[str]] = field(default_factory=dict)
    provider: str = ""
    delete_before_replace: bool | None = None
    ignore_changes: tuple[str, ...] = ()
    replace_on_changes: tuple[str, ...] = ()
    replacement_trigger: Value = field(default=None, repr=False)
    additional_secret_outputs: tuple[str, ...] = ()
    aliases: tuple[Alias, ...] = ()
    import_id: str = ""
    custom_timeouts: dict[str, float] = field(default_factory=dict)
    retain_on_delete: bool | None = None
    deleted_with: str = ""
    source_position: str = ""

    def state(self, urn: str, old: Resource | None, alias: str = "") -> Resource:
        """The resource as it will be when this goal is reached; id and outputs come from its provider."""
        return Resource(
            urn=urn,
            type=self.type,
            custom=self.custom,
            inputs=dict(self.properties),
            parent=self.parent,
            protect=bool(self.protect),
            dependencies=list(self.dependencies),
            property_dependencies=self.property_dependencies,
            provider=self.provider,
            additional_secret_outputs=list(self.additional_secret_outputs),
            aliases=[alias] if alias else [],
            custom_timeouts=self.custom_timeouts,
            import_id=self.import_id,
            retain_on_delete=bool(self.retain_on_delete),
            deleted_with=self.deleted_with,
            created=old.created if old else "",
            modified=old.modified if old else "",
            source_position=self.source_position,
            ignore_changes=list(self.ignore_changes),
            replace_on_changes=list(self.replace_on_changes),
            replacement_trigger=self.replacement_trigger,
            refresh_before_update=bool(old and old.refresh_before_update),
        )


@dataclass(frozen=True)
class Names:
    """Where a stack's URNs live: needed to spell out aliases."""

    stack: str
    project: str

    def aliases(self, goal: Goal, renamed: dict[str, str]) -> list[str]:
        """The old URNs a goal may have had; `renamed` says which old URN each registered parent had.

        `generateAliases` in `pkg/resource/deploy/step_generator.go` of pulumi/pulumi.
        """
        found = [self._spell(goal, alias, renamed) for alias in goal.aliases]
        before = renamed.get(goal.parent)
        if before:
            own = [(goal.type, goal.name), *((urns.type_of(urn), urns.name_of(urn)) for urn in list(found))]
            found += [self._inherited(type_, name, goal.parent, before) for type_, name in own]
        return list(dict.fromkeys(found))

    def _spell(self, goal: Goal, alias: Alias, renamed: dict[str, str]) -> str:
        if alias.urn:
            return alias.urn
        parent = renamed.get(alias.parent, alias.parent) if alias.parent else goal.parent
        if alias.no_parent or (parent and urns.types(parent) == urns.STACK_TYPE):
            parent = ""
        return urns.make(
            alias.stack or self.stack,
            alias.project or self.project,
            parent,
            alias.type or goal.type,
            alias.name or goal.name,
        )

    def _inherited(self, type_: str, name: str, parent: str, before: str) -> str:
        """A child named after its parent was named after the parent's old name."""
        parent_name = urns.name_of(parent)
        if name.startswith(parent_name):
            name = urns.name_of(before) + name.removeprefix(parent_name)
        return urns.make_inherited(self.stack, self.project, urns.types(before), type_, name)
