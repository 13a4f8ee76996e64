"""A policy document, read strictly: what AWS would not accept is refused here, by name.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Self

from lightly_policies.evaluator.statement import MalformedStatementError, Statement, read_statement, sid_of

Place = Literal["identity", "resource", "trust"]
"""Where a document is attached: to an identity, to a bucket or key, to a role as its trust policy."""

_SID = re.compile(r"[0-9A-Za-z]*")
_VERSIONS = ("2012-10-17", "2008-10-17")


class MalformedDocumentError(ValueError):
    """A policy document that AWS would not accept: which document, which statement, what is wrong with it."""

    def __init__(self, document: str, where: str, fault: str) -> None:
        self.document, self.where, self.fault = document, where, fault
        super().__init__(f"{document}: {where}: {fault}" if where else f"{document}: {fault}")


@dataclass(frozen=True, slots=True)
class Document:
    """A policy: its name in messages, its body as parsed JSON, and its statements.

    Of these `allows` and `denies` by their effect; `grants` are those that allow what an identity is attached to.

    Raises MalformedDocumentError when the body is not a policy.
    """

    name: str
    body: Mapping[str, Any] = field(hash=False, repr=False)  # a trust policy holds the external ID
    statements: tuple[Statement, ...] = field(init=False, repr=False, compare=False)
    allows: tuple[Statement, ...] = field(init=False, repr=False, compare=False)
    denies: tuple[Statement, ...] = field(init=False, repr=False, compare=False)
    grants: tuple[Statement, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "body", _copied(self.body))
        statements = _statements(self.name, self.body)
        object.__setattr__(self, "statements", statements)
        allows = tuple(each for each in statements if each.allows)
        object.__setattr__(self, "allows", allows)
        grants = tuple(each for each in allows if each.has_resource and not each.has_principal)
        object.__setattr__(self, "grants", grants)
        object.__setattr__(self, "denies", tuple(each for each in statements if not each.allows))

    @classmethod
    def parse(cls, name: str, text: str) -> "Document":
        """A document from its JSON text. Raises MalformedDocumentError naming the statement and the fault."""
        try:
            return cls(name, json.loads(text, object_pairs_hook=unique))
        except (json.JSONDecodeError, RecursionError) as error:
            raise MalformedDocumentError(name, "", f"is not JSON: {error}") from error
        except MalformedStatementError as fault:
            raise MalformedDocumentError(name, "", str(fault)) from fault

    def require(self, place: Place) -> Self:
        """Itself, when its statements fit where it is attached; raises MalformedDocumentError otherwise.

        An identity policy says which resources and nothing about principals, a trust policy the other way round, a
        bucket or key policy both. IAM's own documents have an alphabet for Sids
        (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html).
        """
        for statement in self.statements:
            label = f"statement {statement.name.removeprefix(self.name + '/')}"
            if place != "resource" and not _SID.fullmatch(statement.name.removeprefix(self.name + "/")):
                raise MalformedDocumentError(self.name, label, "its Sid has other characters than A-Z, a-z and 0-9")
            for element, there, wanted in (
                ("Principal", statement.has_principal, place != "identity"),
                ("Resource", statement.has_resource, place != "trust"),
            ):
                if there is not wanted:
                    article = "a" if wanted else "no"
                    raise MalformedDocumentError(
                        self.name, label, f"expected {article} {element}: it is in a {place} policy"
                    )
        return self


def _copied(value: Any) -> Any:
    """A body that nobody else changes."""
    if isinstance(value, Mapping):
        return {key: _copied(inner) for key, inner in value.items()}
    return [_copied(inner) for inner in value] if isinstance(value, list) else value


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The members of a JSON object. Raises MalformedStatementError where one is written twice."""
    members = dict(pairs)
    if len(members) != len(pairs):
        raise MalformedStatementError(f"an element is written twice among {[name for name, _ in pairs]}")
    return members


def _statements(name: str, body: object) -> tuple[Statement, ...]:
    if not isinstance(body, Mapping):
        raise MalformedDocumentError(
            name, "", f"got {type(body).__name__}, expected an object with Version and Statement"
        )
    if unknown := set(body) - {"Version", "Id", "Statement"}:
        raise MalformedDocumentError(name, "", f"got {sorted(unknown)}, expected Version, Id and Statement only")
    version = body.get("Version", "2008-10-17")
    if version not in _VERSIONS:
        raise MalformedDocumentError(name, "Version", f"got {version!r}, expected 2012-10-17")
    written = body.get("Statement")
    if isinstance(written, Mapping):
        written = [written]
    if not isinstance(written, list):
        raise MalformedDocumentError(name, "Statement", "expected a list of statements")
    statements: list[Statement] = []
    for index, item in enumerate(written):
        label = str(index)
        try:
            if not isinstance(item, Mapping):
                raise MalformedStatementError(f"got {type(item).__name__}, expected an object")
            label = sid_of(item) or label
            if any(other.name == f"{name}/{label}" for other in statements):
                raise MalformedStatementError("its Sid is used twice")
            statements.append(read_statement(f"{name}/{label}", item, variables=version == _VERSIONS[0]))
        except ValueError as fault:
            raise MalformedDocumentError(name, f"statement {label}", str(fault)) from fault
    return tuple(statements)


ALLOWS_EVERYTHING = Document(
    "caller",
    {"Version": "2012-10-17", "Statement": {"Sid": "Any", "Effect": "Allow", "Action": "*", "Resource": "*"}},
)
"""The policy of a caller whose own rights shall not decide: only the other document that is asked does."""
