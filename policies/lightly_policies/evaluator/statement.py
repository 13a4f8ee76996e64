"""One statement of a policy, read strictly: what it is about, and whether it covers a request.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lightly_policies.evaluator.conditions import Condition
from lightly_policies.evaluator.matching import action_matches, arn_matches, resolve
from lightly_policies.evaluator.principals import Entries, Named, named, spared
from lightly_policies.evaluator.request import Request

_FIELDS = frozenset(
    {"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"}
)
_ACTION = re.compile(r"\*|[A-Za-z0-9-]+:[A-Za-z0-9*?]+")
_PRINCIPAL_KINDS = ("AWS", "Service", "Federated", "CanonicalUser")
_AWS_PRINCIPAL = re.compile(r"\*|\d{12}|arn:[a-z-]+:(iam|sts)::\d{12}:[^*?]+|A[A-Z]{3}[A-Z0-9]{8,}(:[^*?]+)?")


class MalformedStatementError(ValueError):
    """What is wrong, before it is known in which document and statement."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement, read. None stands for an element that is not there; `not_...` for its negated form."""

    name: str
    allows: bool
    actions: tuple[str, ...] | None
    not_actions: tuple[str, ...] | None
    resources: tuple[str, ...] | None
    not_resources: tuple[str, ...] | None
    principals: Entries | None
    not_principals: Entries | None
    conditions: tuple[Condition, ...]
    variables: bool

    @property
    def has_resource(self) -> bool:
        """Whether it says which resources it is about (trust policies do not)."""
        return self.resources is not None or self.not_resources is not None

    @property
    def has_principal(self) -> bool:
        """Whether it says whom it is about (identity policies do not)."""
        return self.principals is not None or self.not_principals is not None

    def bound_to_one(self, key: str) -> bool:
        """Whether it holds only for requests with one exact value of this condition key.

        A value with a policy variable is what the request says it is, and no exact value.
        """
        return any(
            condition.binds(key, "StringEquals") and len(condition.values) == 1 and "${" not in condition.values[0]
            for condition in self.conditions
        )

    def covers(self, request: Request) -> bool:
        """Whether action, resource and conditions fit the request; who asks is another question."""
        return (
            self._covers_action(request.action)
            and self._covers_resource(request)
            and (
                not self.conditions
                or all(condition.holds(request, variables=self.variables) for condition in self.conditions)
            )
        )

    def names(self, request: Request) -> Named:
        """How closely it names the one who asks."""
        if self.principals is not None:
            return named(self.principals, request.principal)
        if self.not_principals is None:
            return Named.NOT
        if not self.allows:
            return Named.NOT if spared(self.not_principals, request.principal) else Named.EVERYONE
        return Named.EVERYONE if named(self.not_principals, request.principal) is Named.NOT else Named.NOT

    def _covers_action(self, action: str) -> bool:
        if self.actions is not None:
            return _any_matches(self.actions, action)
        return not _any_matches(self.not_actions or (), action)

    def _covers_resource(self, request: Request) -> bool:
        lookup = request.value if self.variables else None
        if self.resources is not None:
            return any(arn_matches(pattern, request.resource, lookup) for pattern in self.resources)
        excepted = self.not_resources or ()
        if any(resolve(pattern, lookup) is None for pattern in excepted):
            return False  # "will not match any resource", in NotResource too: the statement is void
        return not any(arn_matches(pattern, request.resource, lookup) for pattern in excepted)


@lru_cache(maxsize=4096)
def _any_matches(patterns: tuple[str, ...], action: str) -> bool:
    """Few actions are asked of few statements, over and over."""
    return any(action_matches(pattern, action) for pattern in patterns)


def sid_of(item: Mapping[str, Any]) -> str:
    sid = item.get("Sid", "")
    if not isinstance(sid, str):
        raise MalformedStatementError(f"Sid: got {sid!r}, expected text")
    return sid


def read_statement(name: str, item: Mapping[str, Any], *, variables: bool) -> Statement:
    if unknown := set(item) - _FIELDS:
        raise MalformedStatementError(f"got {sorted(unknown)}, expected elements of {sorted(_FIELDS)}")
    if item.get("Effect") not in ("Allow", "Deny"):
        raise MalformedStatementError(f"Effect: got {item.get('Effect')!r}, expected Allow or Deny")
    for positive in ("Action", "Resource", "Principal"):
        if positive in item and f"Not{positive}" in item:
            raise MalformedStatementError(f"got {positive} and Not{positive}, expected one of them")
    if "Action" not in item and "NotAction" not in item:
        raise MalformedStatementError("expected Action or NotAction")
    return Statement(
        name=name,
        allows=item["Effect"] == "Allow",
        actions=_patterns(item, "Action"),
        not_actions=_patterns(item, "NotAction"),
        resources=_patterns(item, "Resource"),
        not_resources=_patterns(item, "NotResource"),
        principals=_principals(item, "Principal"),
        not_principals=_principals(item, "NotPrincipal"),
        conditions=_conditions(item.get("Condition", {})),
        variables=variables,
    )


def _texts(where: str, written: object) -> tuple[str, ...]:
    values = written if isinstance(written, list) else [written]
    if not all(isinstance(value, str) for value in values):
        raise MalformedStatementError(f"{where}: got {written!r}, expected text or a list of texts")
    return tuple(values)


def _patterns(item: Mapping[str, Any], element: str) -> tuple[str, ...] | None:
    if element not in item:
        return None
    patterns = _texts(element, item[element])
    if not patterns:
        raise MalformedStatementError(f"{element}: expected at least one entry")
    for pattern in patterns:
        if element.endswith("Action") and not _ACTION.fullmatch(pattern):
            raise MalformedStatementError(f"{element}: got {pattern!r}, expected service:action")
        if (
            element.endswith("Resource")
            and pattern != "*"
            and not (pattern.startswith("arn:") and pattern.count(":") >= 5)
        ):
            raise MalformedStatementError(f"{element}: got {pattern!r}, expected an ARN or '*'")
    return patterns


def _principals(item: Mapping[str, Any], element: str) -> Entries | None:
    if element not in item:
        return None
    written = item[element]
    if written == "*":
        return {"AWS": ("*",)}
    if not isinstance(written, Mapping) or not written or set(written) - set(_PRINCIPAL_KINDS):
        raise MalformedStatementError(
            f"{element}: got {written!r}, expected '*' or an object of {', '.join(_PRINCIPAL_KINDS)}"
        )
    entries = {kind: _texts(f"{element} {kind}", values) for kind, values in written.items()}
    for value in entries.get("AWS", ()):
        if not _AWS_PRINCIPAL.fullmatch(value):
            raise MalformedStatementError(
                f"{element}: got {value!r}, expected '*', an account or the ARN of a user, role or session"
            )
    return entries


def _conditions(block: object) -> tuple[Condition, ...]:
    if not isinstance(block, Mapping):
        raise MalformedStatementError(f"Condition: got {type(block).__name__}, expected an object")
    conditions = []
    for operator, keys in block.items():
        if not isinstance(keys, Mapping):
            raise MalformedStatementError(f"Condition {operator}: got {keys!r}, expected an object of keys")
        for key, written in keys.items():
            values = written if isinstance(written, list) else [written]
            if not all(isinstance(value, str | bool | int | float) for value in values):
                raise MalformedStatementError(
                    f"Condition {operator} {key}: got {written!r}, expected text or a list of texts"
                )
            texts = (str(value).lower() if isinstance(value, bool) else str(value) for value in values)
            try:
                conditions.append(Condition.read(operator, key, tuple(texts)))
            except ValueError as fault:
                raise MalformedStatementError(f"Condition {operator} {key}: {fault}") from fault
    return tuple(conditions)
