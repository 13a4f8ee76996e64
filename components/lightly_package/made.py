"""The components that this process has made: what is sent of one to another is its URN, and what it needs is more.

An access puts a directory into its store, waits for what the store is made of, and shares its roles; a dataset
registers what its accesses made. All of that is in the objects, as in a program in Python.
"""

from functools import cache

import pulumi
from lightly_access.stack_state import DEPLOYMENT
from pulumi.runtime import ResourceModule, register_resource_module

from lightly_package.tokens import PACKAGE, TOKENS, module_of

_MADE: dict[tuple[str, str], pulumi.Resource] = {}
"""By deployment and URN."""


class NotMadeHereError(pulumi.RunError):
    """A component stands for an argument that this process did not make."""

    def __init__(self, urn: str) -> None:
        super().__init__(
            f"{urn} was not made by this deployment's {PACKAGE}, which knows no more of it than its name\n"
            f"hint: make it in the same program, with the same version of the package {PACKAGE}"
        )


class _Module(ResourceModule):
    def version(self) -> None:
        """Whichever is asked for: there is one in a process."""

    def construct(self, name: str, typ: str, urn: str) -> pulumi.Resource:
        """What the SDK calls for a reference to a component of the module. Raises NotMadeHereError."""
        found = _MADE.get((DEPLOYMENT.get(), urn))
        if found is None:
            raise NotMadeHereError(urn)
        return found


def remember(component: pulumi.Resource) -> pulumi.Output[str]:
    """Its URN, by which it is found from then on."""
    deployment = DEPLOYMENT.get()

    def kept(urn: str) -> str:
        _MADE[deployment, urn] = component
        return urn

    return component.urn.apply(kept)


def forget_others() -> None:
    """Those of earlier deployments are nobody's any more."""
    for key in [key for key in _MADE if key[0] != DEPLOYMENT.get()]:
        del _MADE[key]


@cache
def find_references() -> None:
    """Have the SDK find what was made here by its URN: in the package's own process, never in a program."""
    for module in {module_of(token) for token in TOKENS}:
        register_resource_module(PACKAGE, module, _Module())
