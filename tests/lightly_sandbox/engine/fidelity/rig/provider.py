"""The rig as a Pulumi provider: the calls of `pulumi.runtime.proto`'s ResourceProvider over a file-backed cloud.

Handshake is left unimplemented on purpose: engines then fall back to Configure, which every provider has
(proto/pulumi/provider.proto of https://github.com/pulumi/pulumi).
"""

from collections.abc import Mapping
from typing import Any, NoReturn

import grpc
from google.protobuf import empty_pb2
from google.protobuf.any_pb2 import Any as Packed
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc, status_pb2

from tests.lightly_sandbox.engine.fidelity.rig.cloud import Cloud, RefusedError
from tests.lightly_sandbox.engine.fidelity.rig.journal import Journal
from tests.lightly_sandbox.engine.fidelity.rig.kinds import KINDS, Kind
from tests.lightly_sandbox.engine.fidelity.rig.wire import fingerprint, has_unknown, plain, revealed, secret, struct

VERSION = "1.0.0"


class Rig(provider_pb2_grpc.ResourceProviderServicer):
    """Answers the engine; every call but those that only open and close the connection goes into the journal."""

    def __init__(self, cloud: Cloud, journal: Journal) -> None:
        self._cloud = cloud
        self._journal = journal

    def Handshake(self, request: Any, context: grpc.ServicerContext) -> NoReturn:
        context.abort(grpc.StatusCode.UNIMPLEMENTED, "the rig is set up by Configure")
        raise AssertionError("abort returned")

    def Attach(self, request: Any, context: grpc.ServicerContext) -> empty_pb2.Empty:
        return empty_pb2.Empty()

    def Cancel(self, request: Any, context: grpc.ServicerContext) -> empty_pb2.Empty:
        return empty_pb2.Empty()

    def GetPluginInfo(self, request: Any, context: grpc.ServicerContext) -> Any:
        return plugin_pb2.PluginInfo(version=VERSION)

    def CheckConfig(self, request: Any, context: grpc.ServicerContext) -> Any:
        olds, news = plain(request.olds), plain(request.news)
        with self._journal.call("CheckConfig", request.urn, olds=_veiled(olds), news=_veiled(news)):
            return provider_pb2.CheckResponse(inputs=struct(news))

    def DiffConfig(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Another region is another provider: everything in it is replaced. Anything else is taken up in place."""
        olds, news = plain(request.old_inputs), plain(request.news)
        with self._journal.call("DiffConfig", request.urn, request.id, olds=_veiled(olds), news=_veiled(news)):
            changed = sorted(name for name in {*olds, *news} if revealed(olds.get(name)) != revealed(news.get(name)))
            return provider_pb2.DiffResponse(
                changes=_changes(changed), diffs=changed, replaces=[name for name in changed if name == "region"]
            )

    def Configure(self, request: Any, context: grpc.ServicerContext) -> Any:
        with self._journal.call("Configure", request.urn, args=plain(request.args)):
            return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    def Invoke(self, request: Any, context: grpc.ServicerContext) -> Any:
        """`rig:index:lookup`: the value of the newest thing of a name, and a secret about it."""
        args = plain(request.args)
        with self._journal.call("Invoke", tok=request.tok, args=args) as entry:
            things = [thing for thing in self._cloud.read()["things"].values() if thing["name"] == args["name"]]
            if not things:
                entry["error"] = f"no thing is called {args['name']}"
                failure = provider_pb2.CheckFailure(property="name", reason=entry["error"])
                return provider_pb2.InvokeResponse(failures=[failure])
            found = {"value": things[-1]["inputs"].get("value"), "password": secret(f"password-of-{args['name']}")}
            answer = provider_pb2.InvokeResponse()
            getattr(answer, "return").CopyFrom(struct(found))
            return answer

    def Check(self, request: Any, context: grpc.ServicerContext) -> Any:
        kind, olds, news = _kind(request.urn), plain(request.olds), plain(request.news)
        with self._journal.call("Check", request.urn, olds=olds, news=news) as entry:
            failures = [(name, "is required") for name in sorted(kind.required - set(news))]
            failures += [(name, "is not a property of this type") for name in sorted(set(news) - kind.inputs)]
            if failures:
                entry["error"] = "; ".join(f"{name} {reason}" for name, reason in failures)
            return provider_pb2.CheckResponse(
                inputs=struct(news),
                failures=[provider_pb2.CheckFailure(property=name, reason=reason) for name, reason in failures],
            )

    def Diff(self, request: Any, context: grpc.ServicerContext) -> Any:
        kind, old_inputs, news = _kind(request.urn), plain(request.old_inputs), plain(request.news)
        known = {
            "olds": plain(request.olds),
            "oldInputs": old_inputs,
            "news": news,
            "ignoreChanges": list(request.ignoreChanges),
        }
        with self._journal.call("Diff", request.urn, request.id, **known):
            changed = kind.changed(old_inputs, news)
            replaces = [name for name in changed if name in kind.replaces | kind.deletes_first]
            return provider_pb2.DiffResponse(
                changes=_changes(changed),
                diffs=changed,
                replaces=replaces,
                deleteBeforeReplace=any(name in kind.deletes_first for name in changed),
            )

    def Create(self, request: Any, context: grpc.ServicerContext) -> Any:
        kind, name, inputs = _kind(request.urn), _name(request.urn), plain(request.properties)
        args = {"properties": inputs, "preview": request.preview, "timeout": request.timeout}
        with self._journal.call("Create", request.urn, **args) as entry:
            if request.preview:
                return provider_pb2.CreateResponse(properties=struct(kind.planned(inputs, {})))
            self._weather("create", name, entry, context)
            entry["id"] = thing_id = self._cloud.make(kind.token, name, inputs)
            outputs = self._outputs(kind, thing_id, entry, context)
            return provider_pb2.CreateResponse(id=thing_id, properties=struct(outputs))

    def Read(self, request: Any, context: grpc.ServicerContext) -> Any:
        kind, name = _kind(request.urn), _name(request.urn)
        args = {"properties": plain(request.properties), "inputs": plain(request.inputs)}
        with self._journal.call("Read", request.urn, request.id, **args) as entry:
            self._weather("read", name, entry, context)
            thing = self._cloud.get(request.id)
            if thing is None:
                return provider_pb2.ReadResponse()
            outputs = self._outputs(kind, request.id, entry, context)
            return provider_pb2.ReadResponse(id=request.id, inputs=struct(thing["inputs"]), properties=struct(outputs))

    def Update(self, request: Any, context: grpc.ServicerContext) -> Any:
        kind, name, news = _kind(request.urn), _name(request.urn), plain(request.news)
        olds = plain(request.olds)
        args = {
            "olds": olds,
            "oldInputs": plain(request.old_inputs),
            "news": news,
            "ignoreChanges": list(request.ignoreChanges),
            "preview": request.preview,
            "timeout": request.timeout,
        }
        with self._journal.call("Update", request.urn, request.id, **args) as entry:
            if request.preview:
                return provider_pb2.UpdateResponse(properties=struct(kind.planned(news, olds)))
            self._weather("update", name, entry, context)
            try:
                self._cloud.update(request.id, news)
            except RefusedError as refused:
                _abort(str(refused), entry, context)
            return provider_pb2.UpdateResponse(properties=struct(self._outputs(kind, request.id, entry, context)))

    def Delete(self, request: Any, context: grpc.ServicerContext) -> empty_pb2.Empty:
        args = {
            "properties": plain(request.properties),
            "oldInputs": plain(request.old_inputs),
            "timeout": request.timeout,
        }
        with self._journal.call("Delete", request.urn, request.id, **args) as entry:
            self._weather("delete", _name(request.urn), entry, context)
            try:
                self._cloud.remove(request.id)
            except RefusedError as refused:
                _abort(str(refused), entry, context)
            return empty_pb2.Empty()

    def _weather(self, verb: str, name: str, entry: dict[str, Any], context: grpc.ServicerContext) -> None:
        try:
            self._cloud.weather(verb, name)
        except RefusedError as refused:
            _abort(str(refused), entry, context)

    def _outputs(
        self, kind: Kind, thing_id: str, entry: dict[str, Any], context: grpc.ServicerContext
    ) -> Mapping[str, Any]:
        """The thing's outputs; ends the call as a partial failure when it is to be unhealthy."""
        thing = self._cloud.get(thing_id)
        assert thing is not None
        outputs = kind.outputs(thing_id, thing)
        if not self._cloud.unhealthy(thing["name"]):
            return outputs
        reason = f"{thing['name']} is not healthy"
        entry["error"] = f"partial: {reason}"
        return _abort_partially(thing_id, outputs, thing["inputs"], reason, context)


def _veiled(config: dict[str, Any]) -> dict[str, Any]:
    """Engines send a provider's secret settings in clear here; the journal shows that, but not the secret."""
    token = config.get("token")
    if not isinstance(token, str) or has_unknown(token):
        return config
    return {**config, "token": {"<clear>": fingerprint(token)}}


def _kind(urn: str) -> Kind:
    return KINDS[urn.split("::")[2].rsplit("$", 1)[-1]]


def _name(urn: str) -> str:
    return urn.split("::", 3)[3]


def _changes(changed: list[str]) -> Any:
    some, none = provider_pb2.DiffResponse.DIFF_SOME, provider_pb2.DiffResponse.DIFF_NONE
    return some if changed else none


def _abort(why: str, entry: dict[str, Any], context: grpc.ServicerContext) -> NoReturn:
    entry["error"] = why
    context.abort(grpc.StatusCode.UNKNOWN, why)
    raise AssertionError("abort returned")


def _abort_partially(
    thing_id: str, outputs: Mapping[str, Any], inputs: Mapping[str, Any], reason: str, context: grpc.ServicerContext
) -> NoReturn:
    """End the call as "done, but not healthy": ErrorResourceInitFailed in the status details."""
    detail = Packed()
    detail.Pack(
        provider_pb2.ErrorResourceInitFailed(
            id=thing_id, properties=struct(outputs), inputs=struct(inputs), reasons=[reason]
        )
    )
    status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=reason, details=[detail])
    context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
    context.abort(grpc.StatusCode.UNKNOWN, reason)
    raise AssertionError("abort returned")
