"""Condition blocks: every operator of IAM, IfExists, ForAllValues and ForAnyValue.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html and
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
"""

import base64
import binascii
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from ipaddress import ip_address, ip_network
from typing import Any, Literal

from lightly_policies.evaluator.matching import Lookup, arn_matches, like, plain
from lightly_policies.evaluator.request import Request

Match = Callable[[str, str, Lookup | None], bool]
"""(value in the document, value in the request, variables) -> whether they agree."""


def _string(wanted: str, given: str, lookup: Lookup | None) -> bool:
    return plain(wanted, lookup) == given


def _string_ignore_case(wanted: str, given: str, lookup: Lookup | None) -> bool:
    text = plain(wanted, lookup)
    return text is not None and text.casefold() == given.casefold()


def number(text: str) -> Decimal:
    """A number as IAM reads it. Raises ValueError."""
    if not re.fullmatch(r"[+-]?\d+(\.\d+)?", text, re.ASCII):
        raise ValueError(f"got {text!r}, expected a number")
    return Decimal(text)


def moment(text: str) -> Decimal:
    """A date in W3C's form of ISO 8601, or seconds since 1970, as seconds since 1970. Raises ValueError."""
    if re.fullmatch(r"-?\d{5,}(\.\d+)?", text, re.ASCII):
        return Decimal(text)
    completed = {4: f"{text}-01-01", 7: f"{text}-01"}.get(len(text), text)
    date = datetime.fromisoformat(completed)
    return Decimal(str((date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()))


def _compared(read: Callable[[str], Any], compare: Callable[[Any, Any], bool]) -> Match:
    """The request's value against the document's, both read; what cannot be read agrees with nothing."""

    def match(wanted: str, given: str, lookup: Lookup | None) -> bool:
        try:
            return compare(read(given), read(wanted))
        except ValueError:
            return False

    return match


def _bool(wanted: str, given: str, lookup: Lookup | None) -> bool:
    return given.lower() in ("true", "false") and (plain(wanted, lookup) or "").lower() == given.lower()


def octets(text: str) -> bytes:
    """Base64 as IAM's binary values are written. Raises ValueError."""
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(f"got {text!r}, expected base64") from error


def _in_network(wanted: str, given: str, lookup: Lookup | None) -> bool:
    try:
        return ip_address(given) in ip_network(wanted, strict=False)
    except ValueError:
        return False


_OPERATORS: dict[str, Match] = {
    "StringEquals": _string,
    "StringEqualsIgnoreCase": _string_ignore_case,
    "StringLike": like,
    "NumericEquals": _compared(number, operator.eq),
    "NumericLessThan": _compared(number, operator.lt),
    "NumericLessThanEquals": _compared(number, operator.le),
    "NumericGreaterThan": _compared(number, operator.gt),
    "NumericGreaterThanEquals": _compared(number, operator.ge),
    "DateEquals": _compared(moment, operator.eq),
    "DateLessThan": _compared(moment, operator.lt),
    "DateLessThanEquals": _compared(moment, operator.le),
    "DateGreaterThan": _compared(moment, operator.gt),
    "DateGreaterThanEquals": _compared(moment, operator.ge),
    "Bool": _bool,
    "BinaryEquals": _compared(octets, operator.eq),
    "IpAddress": _in_network,
    "ArnEquals": arn_matches,
    "ArnLike": arn_matches,
}
_NEGATED = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "NumericNotEquals": "NumericEquals",
    "DateNotEquals": "DateEquals",
    "NotIpAddress": "IpAddress",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
}
_BY_NAME = {name.lower(): (name, match, False) for name, match in _OPERATORS.items()} | {
    name.lower(): (name, _OPERATORS[positive], True) for name, positive in _NEGATED.items()
}
_READABLE: dict[str, Callable[[str], object]] = {
    "Numeric": number,
    "Date": moment,
    "Binary": octets,
    "IpAddress": lambda text: ip_network(text, strict=False),
    "NotIpAddress": lambda text: ip_network(text, strict=False),
}
_WRITTEN = re.compile(r"(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Condition:
    """One key under one operator: any of the document's values may agree (with a negated operator: none may)."""

    operator: str
    key: str
    values: tuple[str, ...]
    match: Match
    negated: bool
    quantifier: Literal["all", "any"] | None
    if_exists: bool

    @classmethod
    def read(cls, written: str, key: str, values: tuple[str, ...]) -> "Condition":
        """A condition from its three parts. Raises ValueError that says which part is wrong and what is expected."""
        parsed = _WRITTEN.fullmatch(written)
        prefix, name, if_exists = parsed.groups() if parsed else (None, "", None)
        quantifier: Literal["all", "any"] | None = None
        if prefix:
            quantifier = "all" if prefix.lower() == "forallvalues" else "any"
        if name.lower() == "null" and not prefix and not if_exists:
            if any(value.lower() not in ("true", "false") for value in values):
                raise ValueError(f"Null {key}: got {list(values)}, expected true or false")
            return cls("Null", key, values, _bool, False, None, False)
        if name.lower() not in _BY_NAME:
            raise ValueError(f"got operator {written!r}, expected one of IAM's condition operators")
        canonical, match, negated = _BY_NAME[name.lower()]
        for start, read in _READABLE.items():
            if canonical.startswith(start):
                for value in values:
                    read(value)
        return cls(canonical, key, values, match, negated, quantifier, bool(if_exists))

    def binds(self, key: str, *operators: str) -> bool:
        """Whether it compares this key by one of these operators, and refuses a request that does not have it."""
        plain = self.quantifier is None and not self.if_exists
        return plain and self.key.lower() == key.lower() and self.operator in operators

    def _agrees(self, given: str, lookup: Lookup | None) -> bool:
        """Whether one value of the request satisfies the operator against all values of the document."""
        return any(self.match(wanted, given, lookup) for wanted in self.values) is not self.negated

    def holds(self, request: Request, *, variables: bool) -> bool:
        """Whether the request satisfies it; `variables` is False for documents of Version 2008-10-17."""
        given = request.values(self.key)
        if self.operator == "Null":
            return any((value.lower() == "true") is not bool(given) for value in self.values)
        if not given:
            return self.if_exists or self.quantifier == "all" or (self.negated and self.quantifier is None)
        lookup = request.value if variables else None
        agreeing = (self._agrees(value, lookup) for value in given)
        # Several values without a quantifier are not defined by AWS: a negated operator must then hold for all.
        everyone = self.quantifier == "all" or (self.quantifier is None and self.negated)
        return all(agreeing) if everyone else any(agreeing)
