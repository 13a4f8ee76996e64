"""One request, as the evaluator sees it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lightly_policies.evaluator.principals import Principal


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody asks for one action on one resource.

    Attributes:
        principal: who asks.
        action: `s3:GetObject`; case does not matter.
        resource: the ARN; `*` for actions that have no resource.
        resource_account: the account that owns it (a bucket's ARN does not say).
        context: condition keys of the request, each with all its values; names in any case. Keys that follow from
            principal and resource (aws:PrincipalArn, aws:username, aws:ResourceAccount, ...) need not be given; time,
            address and transport (aws:CurrentTime, aws:SourceIp, aws:SecureTransport) must be.
        service: the prefix of the action, in lower case.
    """

    principal: Principal
    action: str
    resource: str
    resource_account: str
    context: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    service: str = field(init=False, repr=False, compare=False)
    _keys: Mapping[str, tuple[str, ...]] | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "service", self.action.partition(":")[0].lower())
        object.__setattr__(self, "_keys", None)  # most requests are decided before a condition is looked at

    def _condition_keys(self) -> Mapping[str, tuple[str, ...]]:
        keys = dict(self.principal.condition_keys)
        if self.resource_account:
            keys["aws:resourceaccount"] = (self.resource_account,)
            if self.service == "s3":
                keys["s3:resourceaccount"] = (self.resource_account,)
        return keys | {name.lower(): tuple(values) for name, values in self.context.items()}

    def values(self, key: str) -> tuple[str, ...]:
        """All values of a condition key; none when the request does not have it."""
        keys = self._keys
        if keys is None:
            keys = self._condition_keys()
            object.__setattr__(self, "_keys", keys)
        return keys.get(key.lower(), ())

    def value(self, key: str) -> str | None:
        """The value of a condition key where a policy variable names it: None without a value, or with several."""
        values = self.values(key)
        return values[0] if len(values) == 1 else None
