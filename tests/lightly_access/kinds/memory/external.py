"""A handle that somebody else made."""

from typing import cast

import pulumi
from lightly_access.kinds.external import AdoptedAccessArgs, ExternalCredential, Inputs

from tests.lightly_access.kinds.memory.builder import MemorySpace


def _registered(args: AdoptedAccessArgs, handle: pulumi.Output[str]) -> tuple[Inputs, Inputs]:
    store = cast(MemorySpace, args["store"])
    path = f"memory://{store.space}/{args['path']}"
    return {"kind": "memory", "path": path, "credentials": handle}, {"handle": handle}


HANDLE = ExternalCredential(
    "handle", ("secret",), lambda: MemorySpace, _registered, lambda args, handle: "somebody's handle"
)
