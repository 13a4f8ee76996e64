"""Inputs that several types share."""

from lightly_sandbox.mock_providers.resource import Input, Kind

TAGS = Input("tags", Kind.STRING_MAP)
REGION = Input("region", replace=True, computed=True)
NAME_PREFIX = Input("namePrefix", replace=True, remembered=True)


def flag(name: str, *, remembered: bool = False, replace: bool = False) -> Input:
    """A switch that is off unless the program says otherwise."""
    return Input(name, Kind.BOOLEAN, default=False, remembered=remembered, replace=replace)


FORCE_DESTROY = flag("forceDestroy", remembered=True)
