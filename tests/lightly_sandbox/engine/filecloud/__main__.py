"""A provider whose cloud is a folder. A resource is a file named after its key, so a lost creation is found again.

`FILECLOUD_KILL=<n>:<before|after>` kills the engine, whose process id is in the file `FILECLOUD_ENGINE`, at the n-th
change.
"""

import json
import os
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import empty_pb2, json_format
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

FOLDER = Path(os.environ["FILECLOUD"])
COUNT = FOLDER.parent / "changes.txt"


class Provider(provider_pb2_grpc.ResourceProviderServicer):
    def CheckConfig(self, request: Any, context: Any) -> Any:
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: Any, context: Any) -> Any:
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE)

    def Configure(self, request: Any, context: Any) -> Any:
        return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    def Check(self, request: Any, context: Any) -> Any:
        return provider_pb2.CheckResponse(inputs=request.news)

    def Diff(self, request: Any, context: Any) -> Any:
        old, new = plain(request.old_inputs), plain(request.news)
        changes = provider_pb2.DiffResponse.DIFF_NONE if old == new else provider_pb2.DiffResponse.DIFF_SOME
        replaces = [] if old.get("key") == new.get("key") else ["key"]
        return provider_pb2.DiffResponse(changes=changes, replaces=replaces)

    def Create(self, request: Any, context: Any) -> Any:
        inputs = plain(request.properties)
        if not request.preview:
            change(lambda: (FOLDER / inputs["key"]).write_text(json.dumps(inputs)))
        return provider_pb2.CreateResponse(id="" if request.preview else inputs["key"], properties=request.properties)

    def Update(self, request: Any, context: Any) -> Any:
        if not request.preview:
            change(lambda: (FOLDER / request.id).write_text(json.dumps(plain(request.news))))
        return provider_pb2.UpdateResponse(properties=request.news)

    def Read(self, request: Any, context: Any) -> Any:
        there = (FOLDER / request.id).exists()
        return provider_pb2.ReadResponse(id=request.id if there else "", properties=request.properties)

    def Delete(self, request: Any, context: Any) -> Any:
        change(lambda: (FOLDER / request.id).unlink(missing_ok=True))
        return empty_pb2.Empty()


def plain(message: Any) -> dict[str, Any]:
    found: dict[str, Any] = json_format.MessageToDict(message)
    return found


def change(effect: Any) -> None:
    number = len(COUNT.read_text()) + 1 if COUNT.exists() else 1
    COUNT.write_text("x" * number)
    at, _, when = os.environ.get("FILECLOUD_KILL", "0:").partition(":")
    if number == int(at) and when == "before":
        kill()
    effect()
    if number == int(at) and when == "after":
        kill()


def kill() -> None:
    os.kill(int(Path(os.environ["FILECLOUD_ENGINE"]).read_text()), signal.SIGKILL)
    time.sleep(60)  # the engine is dead: so is this process, soon


if __name__ == "__main__":
    server = grpc.server(ThreadPoolExecutor(8))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(Provider(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    (FOLDER.parent / "plugin.pid").write_text(str(os.getpid()))
    print(port, flush=True)
    sys.stdout.flush()
    server.wait_for_termination()
