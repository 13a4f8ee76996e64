"""One component, made as a program in Python makes it, for a program in another language."""

from collections.abc import Mapping
from importlib import import_module
from textwrap import indent
from typing import Any

import pulumi
from lightly_access.arguments.error import ArgumentsError
from lightly_access.stack_state import resources_before
from lightly_access.tables.problem import Problem
from lightly_core.counted import counted
from lightly_core.scrub import Scrubber
from lightly_core.version import VERSION
from pulumi.errors import InputPropertiesError, InputPropertyErrorDetails
from pulumi.provider import ConstructResult, Provider

from lightly_package import made
from lightly_package.arguments import Arguments
from lightly_package.schema import schema
from lightly_package.tokens import PACKAGE, class_name, wire_name


class Components(Provider):
    """Makes components; Pulumi's SDK speaks to the engine."""

    def __init__(self, scrubber: Scrubber) -> None:
        super().__init__(VERSION)
        self._scrubber = scrubber

    def construct(
        self,
        name: str,
        resource_type: str,
        inputs: pulumi.Inputs,
        options: pulumi.ResourceOptions | None = None,
    ) -> ConstructResult:
        """The component and its outputs. Raises InputPropertiesError with all that is wrong with its arguments, and
        RunError for what is not known here, or needs an SDK that is not installed."""
        cls = _class(resource_type)
        arguments = Arguments(cls)
        # Before any hook of ours runs, for which the engine would wait while we wait for it.
        resources_before()
        try:
            component = cls(name, arguments.read(f"{cls.__name__} {name}", inputs), options)
        except ArgumentsError as wrong:
            raise self._in_its_words(wrong, arguments, inputs) from None
        return ConstructResult(made.remember(component), _outputs(resource_type, component))

    def _in_its_words(
        self, error: ArgumentsError, arguments: Arguments, inputs: Mapping[str, Any]
    ) -> InputPropertiesError:
        """The engine shows the value of a property that it is told of: of none that is or may be a secret."""
        told: list[InputPropertyErrorDetails] = []
        said = []
        for problem in error.problems:
            text = self._scrubber.scrub(arguments.in_wire_names(str(problem)))
            if isinstance(problem, Problem) and _shown(problem, arguments, inputs):
                told.append({"property_path": wire_name(problem.path[0]), "reason": text})
            else:
                said.append(text)
        head = f"{error.component} has {counted(len(error.problems), 'problem')}:"
        return InputPropertiesError("\n".join([head, *(indent(text, "  ") for text in said)]), told)


def _shown(problem: Problem, arguments: Arguments, inputs: Mapping[str, Any]) -> bool:
    value = inputs.get(wire_name(problem.path[0]))
    return not arguments.hidden(problem) and (value is None or isinstance(value, str | bool | float | int))


def _class(token: str) -> Any:
    known = schema()["resources"]
    if token not in known:
        raise pulumi.RunError(f"the package {PACKAGE} has no component {token!r}\nhint: it has {', '.join(known)}")
    try:
        return getattr(import_module("lightly_access"), class_name(token))
    except ModuleNotFoundError as missing:
        raise pulumi.RunError(str(missing)) from None


def _outputs(token: str, component: Any) -> dict[str, Any]:
    """Those of the schema."""
    python_names = {wire_name(name): name for name in dir(component) if not name.startswith("_")}
    return {name: getattr(component, python_names[name]) for name in schema()["resources"][token]["properties"]}
