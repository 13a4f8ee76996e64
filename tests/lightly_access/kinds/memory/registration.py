"""How a memory datasource is written at Lightly."""

from lightly_api.registration import Property, Registration
from lightly_core.fault import Fault


def handle(value: str) -> Fault | None:
    """A handle of any form but an empty one."""
    return None if value.strip() else Fault("a handle")


HANDLE = Registration(
    type="MEMORY",
    properties=(Property.of("credentials", "memoryHandle", handle, secret=True),),
    stays="its handle ends with the process",
)
