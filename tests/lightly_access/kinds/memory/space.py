"""The store itself: spaces of objects in this process, opened by handles that are bound to a directory."""

from dataclasses import dataclass, field

from lightly_core.capability import Capability, Purpose, expected


@dataclass
class Space:
    """Objects by key, and what each handle opens: a directory, for a purpose."""

    objects: dict[str, bytes] = field(default_factory=dict)
    handles: dict[str, tuple[str, Purpose]] = field(default_factory=dict)

    def refusal(self, handle: str, key: str, capability: Capability) -> str:
        """What is said to whoever tries it; nothing where it is permitted."""
        if handle not in self.handles:
            return "<Code>UnknownHandle</Code><Message>no such handle</Message>"
        directory, purpose = self.handles[handle]
        permitted = key.startswith(directory) and expected(purpose)[capability]
        return "" if permitted else "<Code>AccessDenied</Code><Message>the handle does not open it</Message>"


SPACES: dict[str, Space] = {}
"""By name."""
