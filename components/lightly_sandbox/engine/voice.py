"""The service through which programs and plugins say something: Engine.

Source: `proto/pulumi/engine.proto` of pulumi/pulumi.
"""

from typing import Any, Final, NoReturn

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

from lightly_sandbox.engine import requests
from lightly_sandbox.engine.run import Event, Run


class Voice(engine_pb2_grpc.EngineServicer):
    """What the program and the plugins say."""

    _SEVERITY: Final = {engine_pb2.WARNING: "warning", engine_pb2.ERROR: "error", engine_pb2.INFO: "info"}

    def __init__(self, run: Run) -> None:
        self._run = run
        self._root = ""

    def Log(self, request: Any, context: grpc.ServicerContext) -> Any:
        """A message: a status line, or a diagnostic. After a failure its echoes are dropped."""
        severity = self._SEVERITY.get(request.severity)
        if request.ephemeral or severity == "info":
            self._run.emit(Event("status", urn=request.urn, message=request.message))
        elif severity and not (severity == "error" and self._run.stopping.is_set()):
            self._run.diagnose(request.message, request.urn, severity=severity)
        return empty_pb2.Empty()

    def GetRootResource(self, request: Any, context: grpc.ServicerContext) -> Any:
        """The stack's URN."""
        return engine_pb2.GetRootResourceResponse(urn=self._root)

    def SetRootResource(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Remember the stack's URN."""
        self._root = request.urn
        return engine_pb2.SetRootResourceResponse()

    def StartDebugging(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Show how to attach a debugger."""
        self._run.emit(Event("status", message=request.message))
        return empty_pb2.Empty()

    def RequirePulumiVersion(self, request: Any, context: grpc.ServicerContext) -> NoReturn:
        """Refused: this is not a Pulumi CLI of any version."""
        context.abort(grpc.StatusCode.UNIMPLEMENTED, str(requests.refuse("version requirements on the Pulumi CLI")))
