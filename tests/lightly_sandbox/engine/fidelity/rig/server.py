"""The rig as a gRPC server, in this process or as a plugin of its own."""

import contextlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import grpc
from pulumi.runtime.proto import provider_pb2_grpc

from tests.lightly_sandbox.engine.fidelity.rig.cloud import Cloud
from tests.lightly_sandbox.engine.fidelity.rig.journal import Journal
from tests.lightly_sandbox.engine.fidelity.rig.provider import Rig

FOLDER_VARIABLE = "RIG_FOLDER"


@contextlib.contextmanager
def serving(cloud: Cloud, journal: Journal) -> Iterator[int]:
    """Serve the rig on a free loopback port, which is given."""
    server = grpc.server(ThreadPoolExecutor(16))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(Rig(cloud, journal), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield port
    finally:
        server.stop(0.2).wait()
