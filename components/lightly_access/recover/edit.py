"""The state without what was in flight, and with what is taken over. Pure.

A resource goes in as `pulumi import` begins one: with its id and without outputs, which makes its provider import it
when it is read (`Read` in `pkg/tfbridge/provider.go` of pulumi/pulumi-terraform-bridge; the same in azure-native).
"""

from collections.abc import Sequence
from typing import Any

from lightly_access.recover.decision import Decision, Deed
from lightly_access.recover.operation import UNREAD


def edited(document: dict[str, Any], decisions: Sequence[Decision]) -> dict[str, Any]:
    """The document for `pulumi stack import`."""
    deployment = {**document["deployment"]}
    deployment.pop("pending_operations", None)
    taken = [each for each in decisions if each.deed is Deed.TAKE]
    old = list(deployment.get("resources") or ())
    deployment["resources"] = [*old, *(_resource(each) for each in taken)]
    return {**document, "deployment": deployment}


def _resource(decision: Decision) -> dict[str, Any]:
    return {
        **decision.operation.entry,
        "custom": True,
        "id": decision.id,
        "outputs": dict(decision.seed),
        "initErrors": [UNREAD],
    }
