"""What AWS is asked to simulate, to know whether somebody may deploy: each statement of the deployer's policy. Pure.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html: it counts the policies of whoever
is asked about, boundaries and service control policies; not the policies of buckets and keys.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

_ANY = "doctor"
"""What stands for `*` in a resource: a name that the pattern matches."""


@dataclass(frozen=True, slots=True)
class Simulation:
    """One call: these actions on these resources, with condition keys as they will be."""

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    context: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def parameters(self, arn: str) -> dict[str, Any]:
        """Those of SimulatePrincipalPolicy, about the user or role `arn`."""
        entries = [
            {"ContextKeyName": name, "ContextKeyValues": [*values], "ContextKeyType": "string"}
            for name, values in self.context.items()
        ]
        return {
            "PolicySourceArn": arn,
            "ActionNames": [*self.actions],
            "ResourceArns": [*self.resources],
            **({"ContextEntries": entries} if entries else {}),
        }


def simulations(policy: str) -> Iterator[Simulation]:
    """Of a policy of ours: it allows, and its conditions are StringEquals, of which any value will do."""
    for statement in json.loads(policy)["Statement"]:
        conditions = statement.get("Condition", {}).get("StringEquals", {})
        context = {name: tuple(_several(value)[:1]) for name, value in conditions.items()}
        resources = tuple(_named(each) for each in _several(statement["Resource"]))
        yield Simulation(tuple(_several(statement["Action"])), resources, context)


def denied(results: Iterable[Mapping[str, Any]]) -> list[str]:
    """The actions that were not allowed on some resource, each once, in the order of the answers."""
    return list(dict.fromkeys(each["EvalActionName"] for each in results if each["EvalDecision"] != "allowed"))


def principal(arn: str) -> tuple[str, str]:
    """`role` or `user` and the name of who is meant by the ARN of a caller; `root`; or empty for a federated user.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
    """
    resource = arn.split(":", 5)[-1]
    what, _, name = resource.partition("/")
    if what == "assumed-role":
        return "role", name.split("/")[0]
    if what == "user":
        return "user", name.rpartition("/")[2]
    return ("root", "") if what == "root" else ("", "")


def _named(resource: str) -> str:
    return resource if resource == "*" else resource.replace("*", _ANY)


def _several(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
