"""What a rule is: a small pure function, and what has to be said about it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from lightly_policies.guardrails.view import Resource, Stack, UnknownValueError

Level = Literal["advisory", "mandatory"]
"""A mandatory rule stops the deployment, an advisory one says so."""
Severity = Literal["low", "medium", "high", "critical"]


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule found wrong in a stack, and with which resource; None when it is the stack as a whole."""

    what: str
    resource: Resource | None = None


OfResource = Callable[[Resource], Iterator[str]]
"""Says what is wrong with one resource, sentence by sentence. May raise UnknownValueError, in previews."""
OfStack = Callable[[Stack], Iterator[Found]]
"""Says what is wrong with a stack. May raise UnknownValueError, in previews."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes:
        name: kebab-case, how exemptions and configuration call it.
        title: one sentence: what holds where the rule is kept.
        level, severity: what a violation does, and how bad it is.
        fix: what to do about a violation.
        manifest: the same in keys of the manifest, for a resource of our components; empty where there is none.
        controls: the controls of frameworks that it checks, such as `CIS AWS 7.0: 3.1.4`.
        source: URL of where the rule comes from.
        types: the type tokens that it looks at; empty for a rule about stacks.
    """

    name: str
    title: str
    level: Level
    severity: Severity
    fix: str
    source: str
    controls: tuple[str, ...] = ()
    types: frozenset[str] = frozenset()
    manifest: str = ""
    of_resource: OfResource | None = field(default=None, repr=False)
    of_stack: OfStack | None = field(default=None, repr=False)

    def message(self, found: Found) -> str:
        """A violation in words: what is wrong, how to mend it, how bad it is and which controls ask for it."""
        tail = "; ".join((self.severity, *self.controls))
        ours = found.resource is not None and found.resource.ours
        return f"{found.what}\nhint: {self.manifest if ours and self.manifest else self.fix}\n[{tail}]"

    def says(self, seen: Resource | Stack) -> Iterator[Found]:
        """Everything it finds wrong with a resource of its types, or with a stack."""
        if isinstance(seen, Stack):
            if self.of_stack:
                yield from self.of_stack(seen)
        elif self.of_resource and seen.type in self.types:
            for what in self.of_resource(seen):
                yield Found(what, seen)


def each(
    resources: Iterable[Resource], check: Callable[[Resource], Iterator[str]], unclear: Iterable[str] = ()
) -> Iterator[Found]:
    """Check them all, though one cannot be checked yet.

    Raises UnknownValueError at the end: for all such ones, and `unclear`.
    """
    missing = list(unclear)
    for resource in resources:
        try:
            for what in check(resource):
                yield Found(what, resource)
        except UnknownValueError as unknown:
            missing.append(f"{resource.name}.{unknown.path}")
    if missing:
        raise UnknownValueError(", ".join(missing))


def resource_rule(
    name: str,
    *,
    types: tuple[str, ...],
    level: Level,
    severity: Severity,
    fix: str,
    source: str,
    controls: tuple[str, ...] = (),
    manifest: str = "",
) -> Callable[[OfResource], Rule]:
    """Make a rule of a function over one resource; its docstring's first line is the rule's title."""

    def make(function: OfResource) -> Rule:
        return Rule(
            name, _title(function), level, severity, fix, source, controls, frozenset(types), manifest, function
        )

    return make


def stack_rule(
    name: str,
    *,
    level: Level,
    severity: Severity,
    fix: str,
    source: str,
    controls: tuple[str, ...] = (),
    manifest: str = "",
) -> Callable[[OfStack], Rule]:
    """Make a rule of a function over a stack; its docstring's first line is the rule's title."""

    def make(function: OfStack) -> Rule:
        title = _title(function)
        return Rule(name, title, level, severity, fix, source, controls, manifest=manifest, of_stack=function)

    return make


def _title(function: Callable[..., object]) -> str:
    return (function.__doc__ or "").strip().splitlines()[0]
