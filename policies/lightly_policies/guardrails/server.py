"""The gRPC side of the pack: Pulumi's analyzer protocol, spoken by ourselves.

Protocol: https://github.com/pulumi/pulumi/blob/master/proto/pulumi/analyzer.proto. The package `pulumi-policy` is not
used: it opens secrets before a rule sees them, so that no rule could tell a secret from a plain text; it ends a rule at
the first unknown value; and it asks for an older protobuf than the SDKs of the clouds. Nothing is remediated: a pack
that mends what it checks would deploy what nobody wrote.
"""

import functools
import threading
import traceback
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import grpc
from google.protobuf import json_format
from google.protobuf.empty_pb2 import Empty
from lightly_core.pulumi_struct import from_struct, named
from lightly_core.scrub import Scrubber
from lightly_core.version import VERSION
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc, plugin_pb2

from lightly_policies.guardrails import exemptions
from lightly_policies.guardrails.exemptions import Exemptions
from lightly_policies.guardrails.registry import RULES
from lightly_policies.guardrails.rule import Level, Rule
from lightly_policies.guardrails.runner import Unchecked, Verdict, ask, summary
from lightly_policies.guardrails.view import Resource, Stack

PACK: Final = "lightly-guardrails"
EXEMPTION: Final = "exemption"
PREVIEW: Final = "known-in-update"
_STACK: Final = "pulumi:pulumi:Stack"
_OWN: Final = (
    (EXEMPTION, "Exemptions are named, reasoned, written well, and have not expired.", "mandatory", "high"),
    (PREVIEW, "What a preview cannot know is checked in the update.", "advisory", "low"),
)
_OPTIONS = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1), ("grpc.so_reuseport", 0)]
_LEVELS = {
    "advisory": analyzer_pb2.ADVISORY,
    "mandatory": analyzer_pb2.MANDATORY,
    "disabled": analyzer_pb2.DISABLED,
    "remediate": analyzer_pb2.REMEDIATE,
}
_LEVEL_NAMES = {number: name for name, number in _LEVELS.items()}
_SEVERITIES = {
    "low": analyzer_pb2.POLICY_SEVERITY_LOW,
    "medium": analyzer_pb2.POLICY_SEVERITY_MEDIUM,
    "high": analyzer_pb2.POLICY_SEVERITY_HIGH,
    "critical": analyzer_pb2.POLICY_SEVERITY_CRITICAL,
}
_EXEMPT_SCHEMA = {"exempt": {"type": "array", "description": "exemptions from this rule: {reason, until, resource?}"}}
Method = Callable[["Guardrails", Any, grpc.ServicerContext], Any]


def _cleanly(method: Method) -> Method:
    """A defect of a rule ends the run, and its text says only where: a property in it may be a secret."""

    @functools.wraps(method)
    def guarded(self: "Guardrails", request: Any, context: grpc.ServicerContext) -> Any:
        try:
            return method(self, request, context)
        except Exception as failure:
            last = traceback.extract_tb(failure.__traceback__)[-1]
            where = f"{type(failure).__name__} at {Path(last.filename).name}:{last.lineno}"
        text = f"the pack {PACK} failed in {method.__name__}: {where}\nhint: this is a defect of it, report it"
        return context.abort(grpc.StatusCode.INTERNAL, text)

    return guarded


class Guardrails(analyzer_pb2_grpc.AnalyzerServicer):
    """The servicer. `rules` and `now` may be replaced by a test's."""

    def __init__(
        self, *, rules: Iterable[Rule] = RULES, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._rules = tuple(rules)
        self._severity = {rule.name: rule.severity for rule in self._rules} | {
            name: severity for name, _, _, severity in _OWN
        }
        self._titles = {rule.name: rule.title for rule in self._rules} | {name: title for name, title, _, _ in _OWN}
        self._now = now
        self._preview = False
        self._config: Mapping[str, str] = {}
        self._pack: dict[str, Mapping[str, Any]] = {}
        self._levels: dict[str, str] = {}
        self._exemptions = Exemptions()
        self._registered: set[str] = set()
        self._unchecked: list[Unchecked] = []
        self._lock = threading.Lock()

    def Handshake(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Nothing to agree on."""
        return analyzer_pb2.AnalyzerHandshakeResponse()

    def GetPluginInfo(self, request: Any, context: grpc.ServicerContext) -> Any:
        """The pack's version."""
        return plugin_pb2.PluginInfo(version=VERSION)

    @_cleanly
    def GetAnalyzerInfo(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Every rule, with its level, severity, controls and the fix."""
        info = analyzer_pb2.AnalyzerInfo(
            name=PACK, displayName="Guardrails of lightly-access", version=VERSION, supportsConfig=True
        )
        for rule in self._rules:
            known = info.policies.add(
                name=rule.name,
                description=rule.title,
                enforcementLevel=_LEVELS[rule.level],
                severity=_SEVERITIES[rule.severity],
                remediation_steps=rule.fix,
                url=rule.source,
                tags=list(rule.controls),
                policy_type=analyzer_pb2.POLICY_TYPE_RESOURCE if rule.of_resource else analyzer_pb2.POLICY_TYPE_STACK,
            )
            known.configSchema.properties.update(_EXEMPT_SCHEMA)
            if rule.controls:
                name, _, reference = rule.controls[0].partition(": ")
                framework, _, version = name.rpartition(" ")
                known.framework.name, known.framework.version, known.framework.reference = framework, version, reference
        for name, title, level, severity in _OWN:
            info.policies.add(
                name=name, description=title, enforcementLevel=_LEVELS[level], severity=_SEVERITIES[severity]
            )
        return info

    @_cleanly
    def ConfigureStack(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Which stack it is, whether it is a preview, and its configuration."""
        self._preview, self._config = request.dry_run, dict(request.config)
        self._read_exemptions()
        return analyzer_pb2.AnalyzerStackConfigureResponse()

    @_cleanly
    def Configure(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Levels and exemptions of the pack's own configuration."""
        rules = request.policyConfig
        self._levels = {name: _LEVEL_NAMES[rules[name].enforcementLevel] for name in rules}
        self._pack = {name: json_format.MessageToDict(rules[name].properties) for name in rules}
        self._read_exemptions()
        return Empty()

    def _read_exemptions(self) -> None:
        self._exemptions = exemptions.read(self._config, self._pack, (rule.name for rule in self._rules))

    @_cleanly
    def Analyze(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Check one resource before it is deployed; with the stack itself, the first one, its exemptions."""
        resource = _resource(request)
        with self._lock:
            self._registered.add(resource.urn)
        verdicts = self._check((rule for rule in self._rules if rule.of_resource), resource)
        if resource.type == _STACK:
            problems = self._exemptions.problems(self._now().date())
            hint = "\nhint: mend what it is about, or decide anew until when the rule need not be kept"
            verdicts += [Verdict(EXEMPTION, "mandatory", problem + hint, resource.urn) for problem in problems]
        return self._answer(verdicts, [resource])

    @_cleanly
    def AnalyzeStack(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Check the stack as it is afterwards, and say what a preview could not check."""
        resources = [_resource(resource, stack=self) for resource in request.resources]
        stack = Stack(tuple(resources), self._now())
        verdicts = self._check((rule for rule in self._rules if rule.of_stack), stack)
        with self._lock:
            unchecked, self._unchecked = tuple(self._unchecked), []
        if unchecked:
            verdicts.append(Verdict(PREVIEW, "advisory", summary(unchecked)))
        return self._answer(verdicts, resources)

    def read_only(self, urn: str) -> bool:
        """Whether a resource was not registered in this run, but looked up."""
        with self._lock:
            return bool(self._registered) and urn not in self._registered

    def Remediate(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Nothing is remediated."""
        return analyzer_pb2.RemediateResponse()

    def Cancel(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Checking takes no time that could be given up."""
        return Empty()

    def _check(self, rules: Iterable[Rule], seen: Resource | Stack) -> list[Verdict]:
        verdicts: list[Verdict] = []
        for rule in rules:
            configured = self._levels.get(rule.name, rule.level)
            if configured == "disabled":
                continue
            level: Level = "advisory" if configured == "advisory" else "mandatory"
            answers = ask(rule, seen, self._exemptions, today=self._now().date(), preview=self._preview, level=level)
            for answer in answers:
                if isinstance(answer, Verdict):
                    verdicts.append(answer)
                else:
                    with self._lock:
                        self._unchecked.append(answer)
        return verdicts

    def _answer(self, verdicts: list[Verdict], seen: Iterable[Resource]) -> Any:
        response = analyzer_pb2.AnalyzeResponse()
        scrubber = Scrubber()
        for resource in seen if verdicts else ():
            scrubber.learn_from(resource.properties)
        for verdict in verdicts:
            response.diagnostics.add(
                policyName=verdict.rule,
                policyPackName=PACK,
                policyPackVersion=VERSION,
                description=self._titles[verdict.rule],
                message=scrubber.scrub(verdict.message),
                enforcementLevel=_LEVELS[verdict.level],
                urn=verdict.urn,
                severity=_SEVERITIES[self._severity[verdict.rule]],
            )
        return response


def _resource(message: Any, stack: Guardrails | None = None) -> Resource:
    dependencies = {
        name: frozenset(sources.urns) for name, sources in (message.propertyDependencies.items() if stack else ())
    }
    return Resource(
        type=message.type,
        name=message.name,
        urn=message.urn,
        properties=from_struct(message.properties, named),
        parent=message.options.parent,
        provider=message.provider.urn,
        dependencies=frozenset(message.dependencies) if stack else frozenset(),
        property_dependencies=dependencies,
        secret_outputs=tuple(message.options.additionalSecretOutputs),
        protect=message.options.protect,
        read=stack.read_only(message.urn) if stack else False,
    )


def serve(guardrails: Guardrails) -> tuple[Any, int]:
    """Start serving on a free port of this machine: the server and the port."""
    server = grpc.server(ThreadPoolExecutor(8, thread_name_prefix="guardrails"), options=_OPTIONS)
    analyzer_pb2_grpc.add_AnalyzerServicer_to_server(guardrails, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return server, port
