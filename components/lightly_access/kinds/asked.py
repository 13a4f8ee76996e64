"""A question to a cloud's provider that may be answered with an error.

The SDK's own invokes end the whole program then, also where the error is caught: its `RPCManager` keeps it.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

import grpc
import pulumi
from pulumi.runtime import settings
from pulumi.runtime.proto import resource_pb2

from lightly_access.own_thread import on_own_thread

_SECONDS = 20.0


async def asked(
    token: str, arguments: Mapping[str, str], of: pulumi.Resource, version: str
) -> Mapping[str, Any] | None:
    """The answer of a function, by the provider of the resource `of`; None when it is an error, or does not come."""
    provider = of.get_provider(token)
    reference = f"{await provider.urn.future()}::{await provider.id.future()}" if provider else ""
    request = resource_pb2.ResourceInvokeRequest(tok=token, provider=reference, version=version)
    request.args.update(arguments)
    monitor: Any = settings.get_monitor()
    try:
        # Without a provider it asks for the default one, which the engine may not give while it waits for us.
        answer = await asyncio.wait_for(on_own_thread(monitor.Invoke, request), _SECONDS)
    except (grpc.RpcError, TimeoutError):
        return None
    return None if answer.failures else dict(getattr(answer, "return"))  # a word of Python's
