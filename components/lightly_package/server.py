"""The gRPC side of the package. Pulumi's SDK does it; what is here names deployments, and lets no secret out."""

import json
import traceback
from pathlib import Path
from typing import Any

import grpc
import grpc.aio
import pulumi
from google.protobuf.empty_pb2 import Empty
from lightly_access.stack_state import DEPLOYMENT
from lightly_core.hint import with_hint
from lightly_core.pulumi_struct import from_struct, named
from lightly_core.scrub import Scrubber
from pulumi.provider.server import ProviderServicer
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from lightly_package import made
from lightly_package.constructing import Components
from lightly_package.schema import schema
from lightly_package.tokens import PACKAGE

_OPTIONS = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1), ("grpc.so_reuseport", 0)]


class PackageServicer(ProviderServicer):
    """Pulumi's servicer of component packages, with the errors of ours."""

    def __init__(self, engine: str = "") -> None:
        self._scrubber = Scrubber()
        super().__init__(Components(self._scrubber), [], engine)
        made.find_references()

    async def Attach(self, request: Any, context: Any) -> Any:
        self.engine_address = request.address
        return Empty()

    async def GetSchema(self, request: Any, context: Any) -> Any:
        return provider_pb2.GetSchemaResponse(schema=json.dumps(schema()))

    async def Construct(self, request: Any, context: Any) -> Any:
        DEPLOYMENT.set(request.monitorEndpoint)
        made.forget_others()
        self._scrubber.learn_from(from_struct(request.inputs, named))
        self._scrubber.learn(*(request.config[key] for key in request.configSecretKeys))
        try:
            return await super().Construct(request, context)
        except grpc.aio.AbortError:
            raise
        except pulumi.RunError as error:
            await context.abort(grpc.StatusCode.FAILED_PRECONDITION, self._scrubber.scrub(str(error)))
        except Exception as error:
            await context.abort(grpc.StatusCode.INTERNAL, self._scrubber.scrub(_said(error)))


def _said(error: Exception) -> str:
    """What Pulumi's servicer raises has the error in its context, and the lines of the code in its text."""
    cause = error.__context__ or error
    last = traceback.extract_tb(cause.__traceback__)[-1]
    where = f"{type(cause).__name__} at {Path(last.filename).name}:{last.lineno}"
    return with_hint(f"{PACKAGE} failed: {cause} ({where})", "if nothing else failed, it is a defect of it: report it")


async def serve(servicer: PackageServicer) -> tuple[grpc.aio.Server, int]:
    """Start serving on a free port of 127.0.0.1; returns the server and its port."""
    server = grpc.aio.server(options=_OPTIONS)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    return server, port
