"""What the state of this very stack says of its resources, as the program runs."""

from typing import Any

import grpc
import pulumi
from google.protobuf.json_format import MessageToDict
from pulumi.runtime import settings
from pulumi.runtime.proto import resource_pb2

_READ_RESOURCES = "pulumi:pulumi:readStackResourceOutputs"
"""https://github.com/pulumi/pulumi/blob/master/pkg/resource/deploy/builtins.go"""


def state_outputs() -> list[dict[str, Any]]:
    """`type` and `outputs` of every resource that the run before left standing, its secrets open; nothing where nobody
    can tell. It is asked for only when there is no other way."""
    monitor: Any = settings.get_monitor()
    names = (pulumi.get_organization(), pulumi.get_project(), pulumi.get_stack())
    if monitor is None or not all(names):
        return []
    request = resource_pb2.ResourceInvokeRequest(tok=_READ_RESOURCES)
    request.args.update({"stackName": "/".join(names)})
    try:
        answer = MessageToDict(monitor.Invoke(request))
    except grpc.RpcError:
        return []
    found = answer.get("return", {}).get("outputs")
    listed = found.values() if isinstance(found, dict) else ()
    return [each for each in listed if isinstance(each, dict) and isinstance(each.get("outputs"), dict)]
