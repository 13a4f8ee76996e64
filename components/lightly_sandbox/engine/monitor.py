"""The service through which a program says what it wants: ResourceMonitor.

Source: `proto/pulumi/resource.proto` and `pkg/resource/deploy/source_eval.go` of pulumi/pulumi.
"""

import threading
from typing import Any, Final, NoReturn

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import provider_pb2, resource_pb2, resource_pb2_grpc

from lightly_sandbox.engine import requests
from lightly_sandbox.engine import urn as urns
from lightly_sandbox.engine.answers import Failure
from lightly_sandbox.engine.config import Project, StackConfig
from lightly_sandbox.engine.deploy import FAILURES, Deployment
from lightly_sandbox.engine.goal import Goal
from lightly_sandbox.engine.planner import RefusedError
from lightly_sandbox.engine.registry import INTERNAL
from lightly_sandbox.engine.run import Run, StoppedError
from lightly_sandbox.engine.state import Resource
from lightly_sandbox.engine.values import Properties
from lightly_sandbox.engine.wire import ALL, UNKNOWN_STRING, Options, from_struct, to_struct

FEATURES: Final = {
    "secrets": resource_pb2.RESOURCE_MONITOR_FEATURE_SECRETS,
    "resourceReferences": resource_pb2.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES,
    "outputValues": resource_pb2.RESOURCE_MONITOR_FEATURE_OUTPUT_VALUES,
    "aliasSpecs": resource_pb2.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
    "replacementTrigger": resource_pb2.RESOURCE_MONITOR_FEATURE_REPLACEMENT_TRIGGER,
    "deletedWith": resource_pb2.RESOURCE_MONITOR_FEATURE_DELETED_WITH,
}
GET_RESOURCE: Final = "pulumi:pulumi:getResource"
CLOSED: Final = "resource monitor shut down"


class Monitor(resource_pb2_grpc.ResourceMonitorServicer):
    """What the program wants. `finished` is set when it has said that nothing more will come."""

    def __init__(self, project: Project, config: StackConfig, deployment: Deployment) -> None:
        self._project = project
        self._config = config
        self.deployment = deployment
        self._run = deployment.run
        self._goals: dict[str, Goal] = {}
        self._providers: dict[str, dict[str, str]] = {}  # component -> package -> provider reference
        self._defaults: dict[tuple[str, str, str], str] = {}
        self._lock = threading.Lock()
        self._defaults_lock = threading.Lock()
        self.finished = threading.Event()

    # -- what we can do ----------------------------------------------------------------------------------------------

    def SupportsFeature(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Whether this engine does something."""
        return resource_pb2.SupportsFeatureResponse(hasSupport=request.id in FEATURES)

    def GetDeploymentInfo(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Which run this is."""
        return resource_pb2.DeploymentInfo(
            project=self._run.names.project,
            stack=self._run.names.stack,
            organization="organization",
            config=dict(self._config.values),
            configSecretKeys=sorted(self._config.secret_keys),
            dryRun=self._run.preview,
            parallel=self._run.parallel,
            supportedFeatures=list(FEATURES.values()),
        )

    # -- resources ---------------------------------------------------------------------------------------------------

    def RegisterResource(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Bring a resource to what the program wants."""
        with _Answering(self._run, context, f"{request.type} '{request.name}'"):
            requests.refuse_unsupported(request)
            resource = self._register(request)
        outputs = resource.outputs or {}
        if not request.custom:
            outputs = {}  # a component's old outputs may refer to what is not registered yet
        options = Options(unknowns=True, secrets=request.acceptSecrets, resources=request.acceptResources)
        return resource_pb2.RegisterResourceResponse(
            urn=resource.urn, id=resource.id, object=to_struct(outputs, options), result=resource_pb2.SUCCESS
        )

    def _register(self, request: Any) -> Resource:
        with self._lock:
            parent = self._goals.get(request.parent)
            inherited = dict(self._providers.get(request.parent, {}))
        provider = ""
        if request.custom and not urns.is_provider(request.type):
            package = urns.package_of(request.type)
            provider = requests.provider_for(package, request.provider, request.providers, inherited, parent)
            provider = provider or self._default(package, request.version, request.pluginDownloadURL)
        goal = requests.goal(request, provider=provider, parent=parent, root=self._project.root)
        if urns.is_provider(request.type):
            _set_version(goal.properties, request.version, request.pluginDownloadURL)
        resource = self.deployment.register(goal)
        with self._lock:
            self._goals[resource.urn] = goal
            if not request.custom:
                self._providers[resource.urn] = {**inherited, **request.providers}
        return resource

    def _default(self, package: str, version: str, download_url: str) -> str:
        """The reference of a package's default provider; it is registered when it is first needed."""
        key = (package, version, download_url)
        with self._defaults_lock:
            if key not in self._defaults:
                if package == "pulumi":
                    raise requests.refuse("the built-in resources of package pulumi (stack references, stash)")
                properties = self._config.of_package(package)
                _set_version(properties, version, download_url)
                name = urns.default_provider_name(version, download_url)
                made = self.deployment.register(
                    Goal(urns.PROVIDER_PREFIX + package, name, custom=True, properties=properties)
                )
                self._defaults[key] = urns.reference(made.urn, made.id)
            return self._defaults[key]

    def RegisterResourceOutputs(self, request: Any, context: grpc.ServicerContext) -> Any:
        """The outputs of a component."""
        with _Answering(self._run, context, request.urn):
            self.deployment.register_outputs(request.urn, from_struct(request.outputs))
        return empty_pb2.Empty()

    def ReadResource(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Look up a resource that is not ours."""
        with _Answering(self._run, context, f"{request.type} '{request.name}'"):
            if request.packageRef:
                raise requests.refuse("parameterized packages")
            package = urns.package_of(request.type)
            provider = request.provider or self._default(package, request.version, request.pluginDownloadURL)
            goal = Goal(
                request.type,
                request.name,
                custom=True,
                properties=from_struct(request.properties),
                parent=request.parent,
                dependencies=tuple(request.dependencies),
                provider=provider,
                additional_secret_outputs=tuple(request.additionalSecretOutputs),
                source_position=requests.source_position(request, self._project.root),
            )
            resource = self.deployment.read(goal, request.id)
        options = Options(unknowns=True, secrets=request.acceptSecrets, resources=request.acceptResources)
        return resource_pb2.ReadResourceResponse(
            urn=resource.urn, properties=to_struct(resource.outputs or {}, options)
        )

    # -- functions ---------------------------------------------------------------------------------------------------

    def Invoke(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Call a function of a provider."""
        try:
            self._run.check()
            if request.packageRef:
                raise requests.refuse("parameterized packages")
            arguments = from_struct(request.args)
            result, failures = self._invoke(request, arguments)
        except StoppedError:
            context.abort(grpc.StatusCode.UNAVAILABLE, CLOSED)
        except FAILURES as error:  # the program may catch this one
            message = f"invocation of {request.tok} returned an error: {error}"
            context.abort(grpc.StatusCode.UNKNOWN, self._run.scrubber.clean(message))
        options = (
            ALL if request.acceptResources or request.tok == GET_RESOURCE else Options(unknowns=True, secrets=True)
        )
        answer = resource_pb2.ResourceInvokeResponse(
            failures=[provider_pb2.CheckFailure(property=item.property, reason=item.reason) for item in failures]
        )
        getattr(answer, "return").CopyFrom(to_struct(result, options))
        return answer

    def _invoke(self, request: Any, arguments: Properties) -> tuple[Properties, list[Failure]]:
        if request.tok == GET_RESOURCE:
            return self._get_resource(str(arguments.get("urn"))), []
        package = urns.package_of(request.tok)
        provider = request.provider or self._default(package, request.version, request.pluginDownloadURL)
        return self.deployment.registry.get(provider).invoke(request.tok, arguments, preview=self._run.preview)

    def _get_resource(self, urn: str) -> Properties:
        found = self.deployment.find(urn)
        if found is None:
            raise RefusedError(f"unknown resource {urn}")
        id_: object = found.id or (UNKNOWN_STRING if found.custom and self._run.preview else "")
        return {"urn": urn, "id": id_, "state": found.outputs or {}}

    # -- the end -----------------------------------------------------------------------------------------------------

    def SignalAndWaitForShutdown(self, request: Any, context: grpc.ServicerContext) -> Any:
        """The program has asked for everything that it wants. No hook of it can run later, so it need not wait."""
        self.finished.set()
        return empty_pb2.Empty()

    # -- what we cannot do -------------------------------------------------------------------------------------------

    def Call(self, request: Any, context: grpc.ServicerContext) -> NoReturn:
        """Refused."""
        self._refuse(context, f"method calls ({request.tok})")

    def RegisterStackTransform(self, request: Any, context: grpc.ServicerContext) -> NoReturn:
        """Refused."""
        self._refuse(context, "stack transforms")

    def RegisterStackInvokeTransform(self, request: Any, context: grpc.ServicerContext) -> NoReturn:
        """Refused."""
        self._refuse(context, "invoke transforms")

    def RegisterResourceHook(self, request: Any, context: grpc.ServicerContext) -> NoReturn:
        """Refused."""
        self._refuse(context, "resource hooks")

    def RegisterErrorHook(self, request: Any, context: grpc.ServicerContext) -> NoReturn:
        """Refused."""
        self._refuse(context, "error hooks")

    def RegisterPackage(self, request: Any, context: grpc.ServicerContext) -> NoReturn:
        """Refused."""
        self._refuse(context, "parameterized packages")

    def _refuse(self, context: grpc.ServicerContext, what: str) -> NoReturn:
        error = requests.refuse(what)
        self._run.fail(str(error))
        context.abort(grpc.StatusCode.UNIMPLEMENTED, str(error))


def _set_version(properties: Properties, version: str, download_url: str) -> None:
    """What the engine notes in a provider's inputs (`SetProviderVersion` in deploy/providers/registry.go)."""
    if version:
        properties.setdefault(INTERNAL, {})
        properties["version"] = version
    if download_url:
        properties.setdefault(INTERNAL, {})["pluginDownloadURL"] = download_url


class _Answering:
    """Turns the engine's errors into answers to the program: a failed run closes the monitor."""

    def __init__(self, run: Run, context: grpc.ServicerContext, subject: str) -> None:
        self._run = run
        self._context = context
        self._subject = subject

    def __enter__(self) -> None:
        return

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if error is None:
            return
        if isinstance(error, FAILURES):
            self._run.fail(str(error), "")
        elif not isinstance(error, StoppedError):
            self._run.fail(f"{self._subject}: the engine failed: {error!r}")
        self._context.abort(grpc.StatusCode.UNAVAILABLE, CLOSED)
