"""Finds and starts provider plugins.

Order, as in Pulumi: PULUMI_DEBUG_PROVIDERS (a server that runs already), then `plugins.providers` of Pulumi.yaml (a
folder with a Python plugin). Nothing is downloaded. Source: `NewProvider` in `pkg/resource/plugin/provider_plugin.go`
of pulumi/pulumi.
"""

import threading
from collections import deque
from collections.abc import Callable, Mapping
from typing import Final

import grpc

from lightly_sandbox.engine import children
from lightly_sandbox.engine.answers import ProviderError
from lightly_sandbox.engine.config import LocalPlugin, Project
from lightly_sandbox.engine.connection import CHANNEL_OPTIONS
from lightly_sandbox.engine.provider import Provider

START_SECONDS: Final = 60.0
DEBUG_VARIABLE: Final = "PULUMI_DEBUG_PROVIDERS"


class NoPlugin(ProviderError):
    """There is no plugin for a package."""

    def __init__(self, package: str, version: str) -> None:
        super().__init__(
            f"no plugin for package {package!r}{f' version {version}' if version else ''}\n"
            f"hint: name a running server in "
            f"{DEBUG_VARIABLE} ({package}:PORT) or a folder in Pulumi.yaml, plugins.providers"
        )


class PluginDidNotStart(ProviderError):
    """A plugin ended, or said nothing, before it told its port."""


def debug_ports(text: str) -> dict[str, int]:
    """Package -> port from PULUMI_DEBUG_PROVIDERS (`aws:1234,gcp:5678`). Raises ProviderError naming a bad entry."""
    ports: dict[str, int] = {}
    for entry in filter(None, text.split(",")):
        package, _, port = entry.partition(":")
        if not port.isdecimal():
            raise ProviderError(f"{DEBUG_VARIABLE}: got {entry!r}, expected <package>:<port>")
        ports[package] = int(port)
    return ports


class PluginHost:
    """Starts plugins for one run and ends them with it."""

    def __init__(self, project: Project, env: Mapping[str, str], engine: str, log: Callable[[str], None]) -> None:
        self._project = project
        self._env = env
        self._engine = engine
        self._log = log
        self._ports = debug_ports(env.get(DEBUG_VARIABLE, ""))
        self._started: list[Provider] = []
        self._ready: dict[str, deque[children.Child]] = {}
        self._lock = threading.Lock()

    def prestart(self) -> None:
        """Start the project's own plugins now, so that they are ready when the program asks for them."""
        for plugin in self._project.plugins:
            if plugin.name not in self._ports:
                self._ready.setdefault(plugin.name, deque()).append(self._start(plugin))

    def load(self, package: str, version: str) -> Provider:
        """A new instance of a package's provider, not configured yet. Raises ProviderError."""
        if package in self._ports:
            provider = self._connect(package, self._ports[package], lambda: None)
            provider.handshake(self._engine, None)
            provider.attach(self._engine)
        else:
            plugin = self._find(package, version)
            child = self._take(plugin)
            try:
                port = self._port(plugin, child)
            except BaseException:
                child.kill()
                raise
            provider = self._connect(package, port, child.kill)
            provider.handshake(self._engine, str(plugin.path))
        return provider

    def _connect(self, package: str, port: int, close: Callable[[], None]) -> Provider:
        channel = grpc.insecure_channel(f"127.0.0.1:{port}", options=CHANNEL_OPTIONS)
        provider = Provider(package, channel, close)
        with self._lock:
            self._started.append(provider)
        return provider

    def _find(self, package: str, version: str) -> LocalPlugin:
        for plugin in self._project.plugins:
            if plugin.name == package and (not plugin.version or not version or plugin.version == version):
                return plugin
        raise NoPlugin(package, version)

    def _take(self, plugin: LocalPlugin) -> children.Child:
        with self._lock:
            ready = self._ready.get(plugin.name)
            if ready:
                return ready.popleft()
        return self._start(plugin)

    def _start(self, plugin: LocalPlugin) -> children.Child:
        order = {
            "role": "plugin",
            "path": str(plugin.path),
            "arguments": [self._engine],
            "cwd": str(self._project.main),
        }
        child = children.start(order, {**self._env, "PULUMI_PROJECT": self._project.name})
        child.pump(child.stderr, lambda line: self._log(f"{plugin.name}: {line}"))
        return child

    def _port(self, plugin: LocalPlugin, child: children.Child) -> int:
        """The port is the first line that a plugin prints; what it prints later is output."""
        timer = threading.Timer(START_SECONDS, child.kill)
        timer.daemon = True
        timer.start()
        try:
            line = child.stdout.readline()
        finally:
            timer.cancel()
        if not line.strip().isdecimal():
            said = (
                f"it said {line.strip()!r} instead of its port" if line else f"it ended with exit code {child.wait(5)}"
            )
            raise PluginDidNotStart(f"the plugin for {plugin.name!r} in {plugin.path} did not start: {said}")
        child.pump(child.stdout, lambda line: self._log(f"{plugin.name}: {line}"))
        return int(line)

    def cancel(self) -> None:
        """Ask every provider to give up what it is doing."""
        with self._lock:
            started = list(self._started)
        for provider in started:
            provider.cancel()

    def close(self) -> None:
        """End all of them."""
        with self._lock:
            started, self._started = self._started, []
            waiting = [child for ready in self._ready.values() for child in ready]
            self._ready.clear()
        for provider in started:
            provider.close()
        for child in waiting:
            child.kill()
