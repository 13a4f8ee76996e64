"""What a request asks for, in the words of AWS's service authorization reference."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Check:
    """One permission that the operation needs: an action on a resource that an account owns.

    `bucket` or `key_arn` name the resource whose own policy counts; `context` are condition keys of this check only.
    """

    action: str
    resource: str
    account: str
    bucket: str = ""
    key_arn: str = ""
    context: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Operation:
    """A known API operation: its name, the permissions it needs, and where it is carried out."""

    service: str
    name: str
    checks: tuple[Check, ...]
    account: str
    region: str
    bucket: str = ""
    key: str = ""

    @property
    def action(self) -> str:
        """The IAM action that faults and call counts go by."""
        return self.checks[0].action if self.checks else f"{self.service}:{self.name}"
