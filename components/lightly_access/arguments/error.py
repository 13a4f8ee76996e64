"""What is wrong with the arguments of a component: every fault, in the words of the manifest."""

import traceback
from collections.abc import Callable, Iterable
from textwrap import indent
from typing import TypeVar

import pulumi

from lightly_access.tables.problem import Problem

Value = TypeVar("Value")


class ArgumentsError(pulumi.RunError):
    """Arguments that cannot be. It names the component, and each argument with what was got and what was expected.

    No ValueError: where one comes of a value that is known late, the SDK wraps it, and then shows the stack of its own
    calls. A RunError is shown alone.
    """

    def __init__(self, component: str, faults: Iterable[Problem | str]) -> None:
        self.component, self.problems = component, tuple(faults)
        self.faults = tuple(map(str, self.problems))
        if len(self.faults) == 1:
            super().__init__(f"{component}: {self.faults[0]}")
        else:
            lines = [indent(fault, "  ") for fault in self.faults]
            super().__init__("\n".join([f"{component} has {len(lines)} problems:", *lines]))


def in_a_sentence(component: str, function: Callable[..., Value]) -> Callable[..., Value]:
    """The function for an `apply`, where values come late: what it refuses names the component."""

    def run(*values: object) -> Value:
        try:
            return function(*values)
        except ValueError as refused:
            raise ArgumentsError(component, [str(refused)]) from None

    return run


def is_ours(error: BaseException) -> bool:
    """Whether our own code refused something, so that its words are for users."""
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    return bool(frames) and str(frames[-1].f_globals.get("__name__", "")).startswith("lightly_")
