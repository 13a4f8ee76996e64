"""When are two policy documents the same? A cloud may store a document in another spelling than it was sent.

IAM treats a single value and a list of one, an account id and its root ARN, and any order of statements and values
alike (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html); Pulumi's provider shows no
difference for such documents either (https://github.com/hashicorp/awspolicyequivalence).
"""

import json
import re
from typing import Any

_LISTS = frozenset({"Action", "NotAction", "Resource", "NotResource"})
_ACCOUNT = re.compile(r"[0-9]{12}\Z")


def same_document(left: str, right: str) -> bool:
    """Whether the two texts mean the same policy; texts that are no JSON objects are compared letter by letter."""
    if left == right:
        return True
    try:
        one, other = json.loads(left), json.loads(right)
    except ValueError:
        return False
    return bool(canonical(one) == canonical(other))


def canonical(document: Any) -> Any:
    """A document in one spelling, for comparison only."""
    if not isinstance(document, dict):
        return document
    statements = document.get("Statement", [])
    listed = statements if isinstance(statements, list) else [statements]
    return {**document, "Statement": sorted(json.dumps(_statement(entry), sort_keys=True) for entry in listed)}


def _statement(statement: Any) -> Any:
    if not isinstance(statement, dict):
        return statement
    return {key: _element(key, value) for key, value in statement.items()}


def _element(key: str, value: Any) -> Any:
    if key in _LISTS:
        return _values(value)
    if key in ("Principal", "NotPrincipal"):
        if value == "*":
            return {"AWS": ["*"]}
        return {kind: _values(names) for kind, names in value.items()} if isinstance(value, dict) else value
    if key == "Condition" and isinstance(value, dict):
        return {
            operator: {name: _values(values) for name, values in table.items()} if isinstance(table, dict) else table
            for operator, table in value.items()
        }
    return value


def _values(value: Any) -> list[str]:
    listed = value if isinstance(value, list) else [value]
    return sorted(_text(entry) for entry in listed)


def _text(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return f"arn:aws:iam::{text}:root" if _ACCOUNT.match(text) else text
