"""Whose fault is it when a handler stumbles? Properties that Check would refuse are named; else it is a defect of ours.

An engine sends what Check took, and states that we wrote. But a state can be edited, restored or imported, and what an
earlier version took this one may refuse: then nothing is refused beforehand, since it must be possible to delete it.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from lightly_core.check_failure import told
from lightly_core.hint import without_hint
from lightly_core.pulumi_values import Properties, has_unknown
from lightly_core.resource_types import RESOURCES
from lightly_core.scrub import Scrubber

from lightly_provider.handlers.handler import Handler


class UnfitPropertiesError(ValueError):
    """Properties that no check would let through, and that a handler could do nothing with."""

    def __init__(self, source: str, faults: list[str]) -> None:
        listed = "\n".join(f"  - {fault}" for fault in faults)
        hint = "correct them in the program, or in the state (`pulumi stack export`, `pulumi state edit`)"
        super().__init__(f"{source} are not what this resource takes:\n{listed}\nhint: {hint}")


@contextmanager
def blaming(token: str, handler: Handler, scrubber: Scrubber, given: Mapping[str, Properties]) -> Iterator[None]:
    """Raises UnfitPropertiesError for an unforeseen error in the block, when one of these is to blame; by their names,
    such as `the old inputs`."""
    try:
        yield
    except (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError, RecursionError):
        for source, properties in given.items():
            if faults := _faults(token, handler, scrubber, properties):
                raise UnfitPropertiesError(source, faults) from None
        raise


def _faults(token: str, handler: Handler, scrubber: Scrubber, properties: Properties) -> list[str]:
    row = next((each for each in RESOURCES if each.token == token), None)
    inputs = {each.name for each in row.inputs} if row else properties.keys()
    checked = handler.check({name: value for name, value in properties.items() if name in inputs})
    told_of = [told(each.property, without_hint(each.reason), checked.inputs, scrubber) for each in checked.failures]
    faults = [f"{place}: {reason}" if place else reason for place, reason in told_of]
    return faults or [f"{name}: is not known yet" for name, value in properties.items() if has_unknown(value)]
