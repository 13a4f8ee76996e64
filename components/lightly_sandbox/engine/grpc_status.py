"""The details of a gRPC error, read without the generated `google.rpc.Status`.

Two installed packages (pulumi and googleapis-common-protos) register that message under different files, and a
process may load only one of them; so it is declared here in a pool of its own. Source: `google/rpc/status.proto`.
"""

from typing import Any, Final, TypeVar, cast

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.message import Message

DETAILS_KEY: Final = "grpc-status-details-bin"
_MessageT = TypeVar("_MessageT", bound=Message)


def _declare() -> Any:
    file = descriptor_pb2.FileDescriptorProto(name="status.proto", package="engine", syntax="proto3")
    kinds = descriptor_pb2.FieldDescriptorProto
    detail = file.message_type.add(name="Detail")
    detail.field.add(name="type_url", number=1, type=kinds.TYPE_STRING, label=kinds.LABEL_OPTIONAL)
    detail.field.add(name="value", number=2, type=kinds.TYPE_BYTES, label=kinds.LABEL_OPTIONAL)
    status = file.message_type.add(name="Status")
    status.field.add(name="code", number=1, type=kinds.TYPE_INT32, label=kinds.LABEL_OPTIONAL)
    status.field.add(name="message", number=2, type=kinds.TYPE_STRING, label=kinds.LABEL_OPTIONAL)
    status.field.add(
        name="details", number=3, type=kinds.TYPE_MESSAGE, type_name=".engine.Detail", label=kinds.LABEL_REPEATED
    )
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("engine.Status"))


_Status = _declare()


def code(error: grpc.RpcError) -> grpc.StatusCode:
    """The status code of an error."""
    return cast("grpc.Call", error).code()


def text(error: grpc.RpcError) -> str:
    """What the other side said, without gRPC's wrapping."""
    call = cast("grpc.Call", error)
    return call.details() or str(call.code())


def detail(error: grpc.RpcError, message: _MessageT) -> _MessageT | None:
    """The detail of this type, parsed into `message`, or None when the error carries none."""
    for key, value in cast("grpc.Call", error).trailing_metadata() or ():
        if key != DETAILS_KEY:
            continue
        for item in _Status.FromString(value).details:
            if item.type_url.rpartition("/")[2] == message.DESCRIPTOR.full_name:
                message.ParseFromString(item.value)
                return message
    return None
