"""Resources and stacks as the engine shows them to a rule, in few words."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from lightly_policies.guardrails.exemptions import Exemptions
from lightly_policies.guardrails.registry import BY_NAME
from lightly_policies.guardrails.runner import Unchecked, Verdict, ask
from lightly_policies.guardrails.view import Resource, Stack

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
LIGHTLY = "arn:aws:iam::916419735646:root"
STRONG_ID = "kJ2-tR8_qWz5bXc1vNm7LpYd3sHf6gAe9uQo4iTr0EKx"
PATH = "arn:aws:s3:::acme-datalake/projects/herd/*"


def resource(kind: str, name: str, made_from: Mapping[str, "Resource"] | None = None, /, **properties: Any) -> Resource:
    """A resource; `made_from` says from which other one a property's value comes."""
    sources = {key: frozenset({other.urn}) for key, other in (made_from or {}).items()}
    return Resource(
        kind,
        name,
        f"urn:pulumi:test::plain::{kind}::{name}",
        properties,
        dependencies=frozenset(urn for urns in sources.values() for urn in urns),
        property_dependencies=sources,
    )


def of_ours(seen: Resource, component: str) -> Resource:
    """The same, made by one of our components."""
    return replace(seen, urn=seen.urn.replace(f"::{seen.type}", f"::{component}${seen.type}"))


def stack(*resources: Resource) -> Stack:
    """A stack of these, checked at `NOW`."""
    return Stack(resources, NOW)


def trust(principal: object = LIGHTLY, *, id_: object = STRONG_ID, operator: str = "StringEquals", **more: Any) -> str:
    """A trust policy; without `id_` it is not bound."""
    statement: dict[str, Any] = {
        "Sid": "Lightly",
        "Effect": "Allow",
        "Principal": principal if principal == "*" else {"AWS": principal},
        "Action": "sts:AssumeRole",
    }
    if id_ is not None:
        statement["Condition"] = {operator: {"sts:ExternalId": id_}}
    return json.dumps({"Version": "2012-10-17", "Statement": [{**statement, **more}]})


def role(name: str = "lightly-input", document: Any = None, **properties: Any) -> Resource:
    """A role for Lightly."""
    given = {"assumeRolePolicy": trust() if document is None else document, "maxSessionDuration": 43200.0, "name": name}
    return resource("aws:iam/role:Role", name, **{**given, **properties})


def grant(*actions: str, on: object = PATH, **more: Any) -> str:
    """An identity policy."""
    statement = {"Sid": "Grant", "Effect": "Allow", "Action": list(actions), "Resource": on, **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def role_policy(of: Resource, document: Any, name: str = "policy") -> Resource:
    """An inline policy of a role."""
    return resource(
        "aws:iam/rolePolicy:RolePolicy", name, {"role": of}, role=of.properties.get("name"), policy=document
    )


def said(rule: str, seen: Resource | Stack, **options: Any) -> list[str]:
    """What a rule says, in an update unless told otherwise: without the hint and the tail, which are the rule's."""
    return [
        verdict.message.partition("\nhint: ")[0]
        for verdict in asked(rule, seen, **options)
        if isinstance(verdict, Verdict)
    ]


def asked(
    rule: str, seen: Resource | Stack, *, preview: bool = False, exemptions: Exemptions | None = None
) -> list[Verdict | Unchecked]:
    """All that a rule answers."""
    known = BY_NAME[rule]
    answers = ask(known, seen, exemptions or Exemptions(), today=NOW.date(), preview=preview, level=known.level)
    return list(answers)
