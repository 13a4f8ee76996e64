"""How a mock provider says no over gRPC: one sentence, and for a half-made resource what there is of it.

`ErrorResourceInitFailed` tells the engine that the resource exists; it stays in state, and every later run updates it
until that succeeds (`parseError` in `pkg/resource/plugin/provider_plugin.go` of pulumi/pulumi).
"""

from collections.abc import Mapping
from typing import Any, NoReturn

import grpc
from google.protobuf.any_pb2 import Any as AnyMessage
from lightly_core.pulumi_struct import to_struct
from lightly_core.pulumi_values import Value
from lightly_core.scrub import Scrubber
from pulumi.runtime.proto import provider_pb2, status_pb2


class OperationFailedError(Exception):
    """An operation failed; the text is one sentence with verb, noun, name, type and the cloud's own words."""

    def __init__(self, verb: str, title: str, name: str, token: str, reason: str) -> None:
        self.verb, self.title, self.name, self.token, self.reason = verb, title, name, token, reason
        super().__init__(f"could not {verb} {title} '{name}' ({token}): {reason}")


class InitFailedError(Exception):
    """The resource exists under `id`, with these outputs, and is not whole."""

    def __init__(self, cause: OperationFailedError, id: str, outputs: Mapping[str, Value]) -> None:
        self.id, self.outputs = id, outputs
        super().__init__(str(cause))

    def detail(self, scrubber: Scrubber) -> Any:
        """The message that travels beside the status."""
        return provider_pb2.ErrorResourceInitFailed(
            id=self.id, properties=to_struct(self.outputs), reasons=[scrubber.scrub(str(self))]
        )


def abort(context: grpc.ServicerContext, sentence: str, detail: Any = None) -> NoReturn:
    """End the call with this sentence, and the detail in the trailing metadata as the engine expects it."""
    if detail is not None:
        packed = AnyMessage()
        packed.Pack(detail)
        status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=sentence, details=[packed])
        context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
    context.abort(grpc.StatusCode.UNKNOWN, sentence)
    raise AssertionError("abort() raises")
