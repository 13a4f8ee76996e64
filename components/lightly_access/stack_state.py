"""This very stack as its last run left it, asked of the engine that runs the program.

The functions are those of the engine itself, which StackReference asks too:
https://github.com/pulumi/pulumi/blob/master/pkg/resource/deploy/builtins.go.
"""

from collections.abc import Mapping
from typing import Any

import grpc
import pulumi
from google.protobuf.json_format import MessageToDict
from pulumi.runtime import settings
from pulumi.runtime.proto import resource_pb2


def stack_outputs() -> dict[str, Any]:
    """Its outputs; nothing where nobody can tell, as before the first run."""
    return _asked("readStackOutputs", "name")


def stack_resources() -> Mapping[str, Mapping[str, Any]]:
    """URN -> `type` and `outputs` of each of its resources: all of them, so ask for it when it is needed."""
    found = _asked("readStackResourceOutputs", "stackName")
    return {
        urn: each for urn, each in found.items() if isinstance(each, dict) and isinstance(each.get("outputs"), dict)
    }


def _asked(function: str, argument: str) -> dict[str, Any]:
    monitor: Any = settings.get_monitor()
    names = (pulumi.get_organization(), pulumi.get_project(), pulumi.get_stack())
    if monitor is None or not all(names):  # no engine runs the program
        return {}
    request = resource_pb2.ResourceInvokeRequest(tok=f"pulumi:pulumi:{function}")
    request.args.update({argument: "/".join(names)})
    try:
        answer = MessageToDict(monitor.Invoke(request))
    except grpc.RpcError:
        return {}
    found = answer.get("return", {}).get("outputs")
    return found if isinstance(found, dict) else {}
