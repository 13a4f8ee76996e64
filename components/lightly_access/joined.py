"""Values that are known late: together in one output, without what they are made from, or as a secret.

The SDK's own `Output.all`, `Output.secret` and `Output.from_input` make an output of every key and value inside; of all
that a dataset exports those were half of the program's outputs, and the SDK's time grows with the square of them. Here
each makes one, by what every output has: `resources`, `future`, `is_known`, `is_secret`, and the constructor that takes
them (https://github.com/pulumi/pulumi/blob/master/sdk/python/lib/pulumi/output.py).
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Generator, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

import pulumi


@dataclass(frozen=True, slots=True)
class _Known:
    """All that an output tells in the end."""

    value: Any = None
    resources: frozenset[pulumi.Resource] = frozenset()
    known: bool = True
    secret: bool = False


def joined(values: Mapping[str, pulumi.Input[Any]]) -> pulumi.Output[dict[str, Any]]:
    """A table of what they are, known when all of them are, and secret when one of them is.

    A value here is an output or whole as it is: what is inside it is not looked at.
    """
    return _combined(values.values(), lambda found: dict(zip(values, found, strict=True)))


def together(*values: pulumi.Input[Any]) -> pulumi.Output[list[Any]]:
    """A list of what they are, by the same rule."""
    return _combined(values, list)


def alone(value: pulumi.Input[Any]) -> pulumi.Output[Any]:
    """The same without the resources that it is made from: for what waits for them already by another way, and would
    have each of them twice more in the state. A secret stays one."""

    async def by_itself() -> _Known:
        return replace(await _when_known(value), resources=frozenset())

    return _output(by_itself())


def sealed(value: pulumi.Input[Any]) -> pulumi.Output[Any]:
    """The same as a secret."""

    async def as_secret() -> _Known:
        return replace(await _when_known(value), secret=True)

    return _output(as_secret())


def _combined(values: Iterable[pulumi.Input[Any]], form: Callable[[list[Any]], Any]) -> pulumi.Output[Any]:
    async def all_known() -> _Known:
        found = [await _when_known(value) for value in values]
        return _Known(
            form([each.value for each in found]),
            frozenset().union(*(each.resources for each in found)),
            all(each.known for each in found),
            any(each.secret for each in found),
        )

    return _output(all_known())


async def _when_known(value: pulumi.Input[Any]) -> _Known:
    if isinstance(value, pulumi.Output):
        resources, held = await value.resources(), await value.future(with_unknowns=True)
        return _Known(held, frozenset(resources), await value.is_known(), await value.is_secret())
    return _Known(await value if isinstance(value, Awaitable) else value)


class _Part:
    """One thing of what is awaited; of no coroutine that stays unawaited when it fails."""

    def __init__(self, whole: Awaitable[_Known], pick: Callable[[_Known], Any]) -> None:
        self._whole, self._pick = whole, pick

    def __await__(self) -> Generator[Any, None, Any]:
        return self._pick((yield from self._whole.__await__()))


def _output(made: Coroutine[Any, Any, _Known]) -> pulumi.Output[Any]:
    whole = asyncio.ensure_future(made)
    return pulumi.Output(
        cast(Awaitable[set[pulumi.Resource]], _Part(whole, lambda found: set(found.resources))),
        _Part(whole, lambda found: found.value),
        _Part(whole, lambda found: found.known),
        _Part(whole, lambda found: found.secret),
    )
