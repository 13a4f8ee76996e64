"""The values that tables of every kind hold: each a type with the rule that it obeys and its JSON Schema."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Any, Literal

from lightly_core import lightly_rules
from lightly_core.fault import Fault, did_you_mean, one_of
from pydantic import AfterValidator, BeforeValidator, ValidationInfo, WithJsonSchema

from lightly_access import secret_refs
from lightly_access.tables.known import KnownNames, chosen_access, known_names
from lightly_access.tables.rules import obeys, refuse, word

_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]00:00:00(?:Z| \+0000 UTC)?)?")


def _word_of(words: Callable[[KnownNames], Mapping[str, str]]) -> BeforeValidator:
    """One of the words there are; each of `words` stands for itself, or for the one that is meant by it."""

    def validate(value: object, info: ValidationInfo) -> object:
        known = known_names(info)
        if known is None or not isinstance(value, str):
            return value
        meant = words(known)
        names = tuple(dict.fromkeys(meant.values()))
        if value not in names:
            raise refuse(Fault(one_of(names), did_you_mean(meant.get(value.lower(), value), names)))
        return value

    return BeforeValidator(validate)


def _known_access(value: str, info: ValidationInfo) -> str:
    known = known_names(info)
    if known is None or value in known.accesses:
        return value
    raise refuse(Fault(one_of(known.accesses), did_you_mean(value, known.accesses)))


def _declared(names: Callable[[KnownNames], Any], noun: str) -> AfterValidator:
    """A name that stands in another table of the manifest."""
    article = "an" if noun[0] in "aeiou" else "a"

    def validate(value: str, info: ValidationInfo) -> str:
        known = known_names(info)
        if known is None or value in names(known):
            return value
        found = names(known)
        declared = (
            f"one of the {noun}s: {', '.join(found)}" if found else f"{article} {noun}, of which none is declared"
        )
        raise refuse(Fault(declared, did_you_mean(value, found)))

    return AfterValidator(validate)


def option(hint: str) -> AfterValidator:
    """A key of a datasource that only some accesses take, each with rules of its own; false, the same as nothing,
    always may stand. When the access itself is wrong there is nothing to compare with, and its own problem is reported.
    """

    def validate(value: object, info: ValidationInfo) -> object:
        known, access, name = known_names(info), chosen_access(info), str(info.field_name)
        if known is None or access is None or value is False or value is None:
            return value
        if name not in access.options:
            fitting = [each.name for each in known.accesses.values() if name in each.options]
            raise refuse(Fault(f"it only with access: {one_of(fitting)}", hint))
        if fault := access.fault(name, value, info.data):
            raise refuse(fault)
        return value

    return AfterValidator(validate)


def needed_by_access(about: str) -> AfterValidator:
    """The key must be given where the chosen access needs it; the field is `validate_default`."""

    def validate(value: object, info: ValidationInfo) -> object:
        access = chosen_access(info)
        if value is None and access and info.field_name in access.needed:
            raise refuse(Fault(f"{about}, with access: {access.name}"))
        return value

    return AfterValidator(validate)


def not_with(keys: tuple[str, ...], hint: str) -> AfterValidator:
    """The value may not be given when one of the earlier fields `keys` is; where an access needs these, its own words
    say why the value has no place there."""

    def validate(value: object, info: ValidationInfo) -> object:
        there = next((key for key in keys if info.data.get(key) is not None), None)
        access = chosen_access(info)
        if value is None or there is None or (access and there in access.needed):
            return value
        raise refuse(Fault(f"it only without {there}", hint))

    return AfterValidator(validate)


def or_variable(rule: Callable[[str], Fault | None], secret: bool = False) -> AfterValidator:
    """`env:NAME`, or what the rule accepts. Where a secret's name belongs may stand the secret: it is never shown."""

    def check(value: str) -> Fault | None:
        if secret_refs.variable(value) is not None:
            return None
        if value.startswith("env:"):
            return Fault("env:NAME, the name of an environment variable")
        return rule(value)

    def validate(value: str) -> str:
        if fault := check(value):
            raise refuse(fault, hidden=secret)
        return value

    return AfterValidator(validate)


def _secret_name(value: str) -> Fault | None:
    if secret_refs.secret_name(value):
        return None
    place = f"{secret_refs.SECRETS_NAMESPACE}:<name>"
    return Fault(
        f"the name of a secret in the stack's configuration ({place}), or env:NAME",
        f"never the secret itself, which is exposed once it stands here: change it where it was made, then "
        f"pulumi config set --secret {place}",
    )


def _anchor(value: object) -> object:
    """Text as YAML and Pulumi have it: Pulumi turns an unquoted date into `2026-01-01 00:00:00 +0000 UTC`."""
    if isinstance(value, str):
        found = _DATE.fullmatch(value)
        try:
            return date.fromisoformat(found[1] if found else "")
        except ValueError:
            raise refuse(Fault("a date such as 2026-01-01")) from None
    return value


def _text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def between(low: int, high: int) -> tuple[AfterValidator, WithJsonSchema]:
    """A whole number within bounds."""

    def check(value: int) -> Fault | None:
        return None if low <= value <= high else Fault(f"a whole number from {low} to {high}")

    return obeys(check), WithJsonSchema({"type": "integer", "minimum": low, "maximum": high})


def schema(kind: str, **more: Any) -> WithJsonSchema:
    """What an editor is told of a value."""
    return WithJsonSchema({"type": kind, **more})


KIND_WORD = _word_of(lambda known: known.kinds)
"""Before the literal of a store's `kind`: our sentence, with every kind there is, instead of pydantic's."""
CLOUD_WORD = _word_of(lambda known: known.clouds)
"""Likewise before that of an account's `cloud`."""
Access = Annotated[str, AfterValidator(_known_access), WithJsonSchema({"enum": [], "type": "string"})]
"""The words are those of all kinds, which the schema of the manifest fills in."""
StoreRef = Annotated[str, _declared(lambda known: known.stores, "store")]
AccountRef = Annotated[str, _declared(lambda known: known.accounts, "account")]
DatasetType = Annotated[Literal["images", "videos"], word(lightly_rules.dataset_type)]
OnRemove = Annotated[Literal["keep", "delete"], word(lightly_rules.on_remove)]
SecretName = Annotated[
    str,
    or_variable(_secret_name, secret=True),
    schema("string", pattern=f"^({secret_refs.SECRET_PATTERN}|{secret_refs.ENVIRONMENT_PATTERN})$"),
]
AnyText = Annotated[str, BeforeValidator(_text), WithJsonSchema({"type": ["string", "integer"]})]
Anchor = Annotated[date, BeforeValidator(_anchor), schema("string", format="date")]
NoncurrentDays = Annotated[int, *between(1, 36500)]
RotationDays = Annotated[int, *between(1, 90)]
Deadline = Annotated[int, *between(1, 3600)]
Confirmations = Annotated[int, *between(1, 10)]
