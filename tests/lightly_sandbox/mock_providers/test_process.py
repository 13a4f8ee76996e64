"""Each mock provider as a child process: it says its port, answers, refuses settings by name, ends with its parent."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from lightly_sandbox.kinds import registry
from lightly_sandbox.process import ServerProcess, start
from lightly_sandbox.services import CloudService

from tests.lightly_sandbox.mock_providers.client import Plugin, ProviderError

SERVICES = {row.service.name: row.service for row in registry.ROWS if row.service.mock_provider}
GROUP, ACCOUNT = "azure-native:resources:ResourceGroup", "gcp:serviceaccount/account:Account"


def ask_aws(plugin: Plugin) -> None:
    assert plugin.invoke("aws:index/getCallerIdentity:getCallerIdentity")["accountId"] == "123456789012"


def ask_azure(plugin: Plugin) -> None:
    plugin.delete(plugin.create(GROUP, "it", {"location": "westeurope"}))


def ask_google(plugin: Plugin) -> None:
    plugin.delete(plugin.create(ACCOUNT, "it", {}))


ASK: dict[str, Callable[[Plugin], None]] = {"aws": ask_aws, "azure": ask_azure, "gcs": ask_google}


@contextmanager
def started(service: CloudService, folder: Path) -> Iterator[tuple[ServerProcess, Mapping[str, Any]]]:
    """The mock provider in front of its cloud, and what it was told."""
    with start(service.module, service.settings(folder)).wait() as cloud:
        settings = service.mock_provider_settings({**cloud.announcement, "url": cloud.url})
        assert service.mock_provider
        with start(service.mock_provider.module, settings).wait() as server:
            yield server, settings


@pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)
def test_a_child_serves_until_its_parent_lets_go(service: CloudService, tmp_path: Path) -> None:
    with started(service, tmp_path) as (server, settings):
        secret = next(settings[name] for name in ("secret_access_key", "token") if name in settings)
        plugin = Plugin(server.port)
        ASK[service.name](plugin)
        for shown in ("cmdline", "environ"):  # where there is no /proc, there is nothing to look at
            told = Path(f"/proc/{server._child.pid}/{shown}")
            assert not told.exists() or secret.encode() not in told.read_bytes()

        package = service.mock_provider.package if service.mock_provider else ""
        failures = dict(plugin.check_config({"nonsense": "1", "region": "", "location": "null", "batching": "[]"}))
        assert failures == {"nonsense": f"unknown provider setting `{package}:nonsense`"}
        with pytest.raises(ProviderError, match=f"`{package}` does not implement the resource type {package}:x/y:Z"):
            plugin.check(f"{package}:x/y:Z", "it", {})
        with pytest.raises(ProviderError, match=f"`{package}` does not implement the function {package}:x/y:z"):
            plugin.invoke(f"{package}:x/y:z")
        plugin.close()
    assert server._child.returncode == 0  # it ended by itself and was not killed
