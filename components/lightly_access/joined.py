"""Values that are known late, together in one output."""

from collections.abc import Awaitable, Mapping
from typing import Any

import pulumi


def joined(values: Mapping[str, pulumi.Input[Any]]) -> pulumi.Output[dict[str, Any]]:
    """A table of what they are, known when all of them are, and secret when one of them is.

    As `Output.from_input` of the table, which makes an output of every key and every value inside it: of all that a
    dataset exports those were a third of the program's outputs, and the SDK's time grows with the square of them. A
    value here is an output or whole as it is: what is inside it is not looked at.
    """
    late = {name: _output(value) for name, value in values.items() if isinstance(value, pulumi.Output | Awaitable)}
    names = list(late)

    def known(found: dict[str, Any]) -> pulumi.Input[dict[str, Any]]:
        if len(found) == len(names):
            return {name: found.get(name, value) for name, value in values.items()}
        name = names[len(found)]
        return late[name].apply(lambda value: known({**found, name: value}))

    return pulumi.Output.from_input(None).apply(lambda _: known({}))


def _output(value: pulumi.Output[Any] | Awaitable[Any]) -> pulumi.Output[Any]:
    return value if isinstance(value, pulumi.Output) else pulumi.Output.from_input(value)
