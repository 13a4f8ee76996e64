"""What the run before left: the outputs of this very stack, so that a preview says in words what it is about to end."""

from collections.abc import Iterator, Mapping
from typing import Any

import grpc
import pulumi
from google.protobuf.json_format import MessageToDict
from pulumi.runtime import settings
from pulumi.runtime.proto import resource_pb2

from lightly_access.deployed.gone import missing
from lightly_access.manifest import Manifest
from lightly_access.outputs import YOURS

_READ = "pulumi:pulumi:readStackOutputs"
"""What StackReference asks too: https://github.com/pulumi/pulumi/blob/master/pkg/resource/deploy/builtins.go"""


def previous_outputs() -> dict[str, Any]:
    """The outputs of this stack as its last run left them; nothing where nobody can tell, as before the first one."""
    monitor: Any = settings.get_monitor()
    names = (pulumi.get_organization(), pulumi.get_project(), pulumi.get_stack())
    if monitor is None or not all(names):  # no engine runs the program
        return {}
    request = resource_pb2.ResourceInvokeRequest(tok=_READ)
    request.args.update({"name": "/".join(names)})
    try:
        answer = MessageToDict(monitor.Invoke(request))
    except grpc.RpcError:
        return {}
    found = answer.get("return", {}).get("outputs")
    return found if isinstance(found, dict) else {}


def goes(manifest: Manifest, outputs: Mapping[str, Any]) -> Iterator[str]:
    """A sentence for each entry of the last run that the manifest has no more, under no alias either. Pure."""
    for table, entries, ends in (
        ("datasets", manifest.datasets, "ends Lightly's access to it"),
        ("stores", manifest.stores, "removes it, unless it holds objects"),
    ):
        known = outputs.get(table)
        found = {key: said for key, said in known.items() if said != YOURS} if isinstance(known, dict) else {}
        for key in missing(entries, found):
            yield (
                f"{table}.{key} is deployed and not in the manifest any more: this run {ends}\n"
                f"hint: under another key it goes on with `aliases: [{key}]`"
            )
