"""Policy packs: processes that judge what is about to be deployed, asked as Pulumi's engine asks them.

Source: `pkg/resource/plugin/analyzer_plugin.go`, and `analyzeAll` and `AnalyzeResources` in
`pkg/resource/deploy/step_generator.go` of pulumi/pulumi. Each resource is judged after its provider checked its inputs
and before anything is decided about it; the whole stack is judged at the end of a run that went well. Remediations are
not asked for: no pack of this project mends what it judges. Secret configuration is not sent, and nothing of the
configuration is in a pack's environment; Pulumi's engine hands it over whole.
"""

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import grpc
import yaml
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc

from lightly_sandbox.engine import children, grpc_status
from lightly_sandbox.engine import urn as urns
from lightly_sandbox.engine.answers import ProviderError
from lightly_sandbox.engine.config import StackConfig
from lightly_sandbox.engine.connection import CHANNEL_OPTIONS
from lightly_sandbox.engine.goal import Goal
from lightly_sandbox.engine.run import Event, Run, StoppedError
from lightly_sandbox.engine.state import Resource
from lightly_sandbox.engine.values import Properties
from lightly_sandbox.engine.wire import Options, to_struct

START_SECONDS: Final = 60.0
_VALUES: Final = Options(unknowns=True, secrets=True)
_MANDATORY: Final = (analyzer_pb2.MANDATORY, analyzer_pb2.REMEDIATE)


class PackError(ProviderError):
    """A policy pack is not there, did not start, or does not answer."""


def sentence(pack: str, rule: str, message: str) -> str:
    """How a violation is said, whichever engine found it."""
    return f"{pack}: {rule}: {message.strip()}"


@dataclass
class Policies:
    """The packs of one run. Without any, everything is allowed."""

    run: Run
    packs: tuple[Path, ...] = ()
    _started: "list[_Pack]" = field(default_factory=list)

    def start(self, config: StackConfig, env: Mapping[str, str], engine: str) -> None:
        """Start and configure them. Raises PackError."""
        started = [_Pack(path, self.run, env, engine) for path in self.packs]
        self._started = started
        for pack in started:
            pack.connect()
            pack.configure(self.run, config)

    def judge(self, new: Resource, goal: Goal, provider: Resource | None) -> None:
        """Judge one resource.

        Raises StoppedError for a mandatory violation, unless this is a preview: that shows all.
        """
        if not self._started:
            return
        request = analyzer_pb2.AnalyzeRequest(**_described(new, new.inputs, goal.delete_before_replace, provider))
        broken = False
        for pack in self._started:
            answer = pack.call(lambda pack=pack: pack.stub.Analyze(request))
            broken = self._say(answer, new.urn) or broken
        if broken and not self.run.preview:
            self.run.stop()
            raise StoppedError("a policy was violated")

    def judge_stack(self, resources: Iterable[Resource], providers: Mapping[str, Resource]) -> None:
        """Judge the whole stack as it is now; a mandatory violation fails the run, though everything is deployed."""
        if not self._started:
            return
        listed = list(resources)
        request = analyzer_pb2.AnalyzeStackRequest(
            resources=[_in_stack(item, provider_of(item, providers)) for item in listed]
        )
        stack = next((item.urn for item in listed if item.type == urns.STACK_TYPE), "")
        known = {item.urn for item in listed}
        for pack in self._started:
            answer = pack.call(lambda pack=pack: pack.stub.AnalyzeStack(request))
            self._say(answer, stack, known)

    def _say(self, answer: Any, subject: str, known: Iterable[str] = ()) -> bool:
        """Say every violation; whether one of them is mandatory."""
        broken = False
        for it in answer.diagnostics:
            mandatory = it.enforcementLevel in _MANDATORY
            broken = broken or mandatory
            whom = it.urn if it.urn in known else subject
            text = sentence(it.policyPackName, it.policyName, it.message)
            self.run.diagnose(text, whom, severity="violation" if mandatory else "warning")
        return broken

    def close(self) -> None:
        """End all of them."""
        started, self._started = self._started, []
        for pack in started:
            pack.close()


def provider_of(item: Resource, providers: Mapping[str, Resource]) -> Resource | None:
    """The resource of its provider; None for components and where it is not known."""
    return providers.get(urns.parse_reference(item.provider)[0]) if item.provider else None


class _Pack:
    """One running pack."""

    def __init__(self, path: Path, run: Run, env: Mapping[str, str], engine: str) -> None:
        self._path = path.resolve()
        file = self._path / "PulumiPolicy.yaml"
        if not file.is_file():
            raise PackError(f"no policy pack in {self._path}\nhint: give a folder with a PulumiPolicy.yaml")
        runtime = (yaml.safe_load(file.read_text()) or {}).get("runtime")
        if (runtime.get("name") if isinstance(runtime, dict) else runtime) != "python":
            raise PackError(f"{file}: runtime: expected python; the local engine runs Python packs only")
        self._run = run
        names = {"PULUMI_PROJECT": run.names.project, "PULUMI_STACK": run.names.stack}
        order = {"role": "plugin", "path": str(self._path), "arguments": [engine], "cwd": str(self._path)}
        self._child = children.start(order, {**env, **names, "PULUMI_DRY_RUN": str(run.preview).lower()})
        self._child.pump(self._child.stderr, self._log)
        self._channel: grpc.Channel | None = None
        self.stub: Any = None

    def _log(self, line: str) -> None:
        self._run.emit(Event("status", message=f"{self._path.name}: {line}"))

    def connect(self) -> None:
        """Wait for its port, the first line that it prints."""
        timer = threading.Timer(START_SECONDS, self._child.kill)
        timer.daemon = True
        timer.start()
        try:
            line = self._child.stdout.readline()
        finally:
            timer.cancel()
        if not line.strip().isdecimal():
            said = f"it said {line.strip()!r} instead of its port" if line else "it ended"
            raise PackError(f"the policy pack in {self._path} did not start: {said}")
        self._child.pump(self._child.stdout, self._log)
        self._channel = grpc.insecure_channel(f"127.0.0.1:{line.strip()}", options=CHANNEL_OPTIONS)
        self.stub = analyzer_pb2_grpc.AnalyzerStub(self._channel)

    def configure(self, run: Run, config: StackConfig) -> None:
        """Tell it which stack this is; a pack of another time that does not know this call is fine."""
        request = analyzer_pb2.AnalyzerStackConfigureRequest(
            stack=run.names.stack,
            project=run.names.project,
            organization="organization",
            dry_run=run.preview,
            config={key: value for key, value in config.values.items() if key not in config.secret_keys},
            config_secret_keys=sorted(config.secret_keys),
        )
        try:
            self.stub.ConfigureStack(request)
        except grpc.RpcError as error:
            if grpc_status.code(error) is not grpc.StatusCode.UNIMPLEMENTED:
                raise PackError(f"{self._path.name}: {grpc_status.text(error)}") from None

    def call(self, ask: Any) -> Any:
        """An answer of the pack. Raises PackError."""
        try:
            return ask()
        except grpc.RpcError as error:
            raise PackError(f"failed to run policy: {self._path.name}: {grpc_status.text(error)}") from None

    def close(self) -> None:
        """End its process. Safe to call twice."""
        if self._channel:
            self._channel.close()
        self._child.kill()


def _described(
    item: Resource, properties: Properties, delete_first: bool | None, provider: Resource | None
) -> dict[str, Any]:
    """What a request says about a resource."""
    timeouts = {name: item.custom_timeouts.get(name, 0.0) for name in ("create", "update", "delete")}
    options = analyzer_pb2.AnalyzerResourceOptions(
        protect=item.protect,
        ignoreChanges=item.ignore_changes,
        deleteBeforeReplace=bool(delete_first),
        deleteBeforeReplaceDefined=delete_first is not None,
        additionalSecretOutputs=item.additional_secret_outputs,
        aliases=item.aliases,
        customTimeouts=analyzer_pb2.AnalyzerResourceOptions.CustomTimeouts(**timeouts),
        parent=item.parent,
    )
    told: dict[str, Any] = {
        "type": item.type,
        "urn": item.urn,
        "name": urns.name_of(item.urn),
        "properties": _struct(properties),
        "options": options,
    }
    if provider:
        told["provider"] = analyzer_pb2.AnalyzerProviderResource(
            type=provider.type,
            urn=provider.urn,
            name=urns.name_of(provider.urn),
            properties=_struct(provider.inputs),
        )
    return told


def _in_stack(item: Resource, provider: Resource | None) -> Any:
    depends = {
        name: analyzer_pb2.AnalyzerPropertyDependencies(urns=on)
        for name, on in item.property_dependencies.items()
        if on
    }
    return analyzer_pb2.AnalyzerResource(
        **_described(item, item.outputs or {}, None, provider),
        parent=item.parent,
        dependencies=item.dependencies,
        propertyDependencies=depends,
    )


def _struct(properties: Properties) -> Any:
    """Without what only the engine uses."""
    return to_struct({key: value for key, value in properties.items() if not key.startswith("__")}, _VALUES)
