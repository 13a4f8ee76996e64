"""Starts the clouds of this machine for the kinds of store that are wanted, and Lightly in front of them."""

import contextlib
import secrets
import tempfile
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from lightly_core.secret import Secret

from lightly_sandbox.kinds import registry
from lightly_sandbox.process import ServerProcess, Starting, spawn
from lightly_sandbox.sandbox import Sandbox, Started
from lightly_sandbox.services import LIGHTLY, CloudService


@contextlib.contextmanager
def start_sandbox(
    log: Path | None = None,
    kinds: Collection[str] = ("s3",),
    folder: Path | None = None,
    asked: Mapping[str, Mapping[str, Any]] | None = None,
) -> Iterator[Sandbox]:
    """The local clouds for these kinds of store; local stores have their mounts in `folder`, else in a temporary one.

    `asked` is what a cloud is told more, by the name of its service (`fixtures.asked`).

    Raises ToolMissingError before anything is started, and ServerStartError; whatever had started is stopped then.
    """
    with contextlib.ExitStack() as stack:
        if folder is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lightly-access-")))
        services = registry.needed(kinds)
        for service in services:
            service.prepare()
        yield stack.enter_context(_start(services, log, folder, asked or {}))


def _start(
    services: list[CloudService], log: Path | None, folder: Path, asked: Mapping[str, Mapping[str, Any]]
) -> Sandbox:
    """All import side by side; mock providers and Lightly are told of the clouds when these have their ports."""
    token = Secret(secrets.token_hex(24))
    starting: dict[str, Starting] = {}
    running: list[ServerProcess] = []

    def wait(module: str) -> ServerProcess:
        running.append(server := starting.pop(module).wait())
        return server

    try:
        mocks = {service.name: service.mock_provider for service in services if service.mock_provider}
        for module in (*(service.module for service in services), LIGHTLY, *(mock.module for mock in mocks.values())):
            starting[module] = spawn(module, log)
        for service in services:
            starting[service.module].configure({**service.settings(folder), **asked.get(service.name, {})})
        started = {service.name: Started(service, wait(service.module)) for service in services}
        told: dict[str, Any] = {"token": token.reveal()}
        for name, cloud in started.items():
            told |= cloud.service.lightly(cloud.announcement)
            if name in mocks:
                starting[mocks[name].module].configure(cloud.service.mock_provider_settings(cloud.announcement))
        starting[LIGHTLY].configure(told)
        for name, mock in mocks.items():
            started[name].mock_provider = wait(mock.module)
        return Sandbox(started, wait(LIGHTLY), token, log)
    except BaseException:
        for child in starting.values():
            child.abandon()
        for server in running:
            server.stop()
        raise
