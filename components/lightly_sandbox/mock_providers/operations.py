"""The provider operations on values: no gRPC, no cloud of a particular name.

Secrets: an output is secret when the SDK says so, or when the input (or, on a read, the state) of the same name is.
"""

from collections.abc import Mapping
from typing import Any

from lightly_core.pulumi_values import UNKNOWN, Properties, SecretValue, Value, has_secret, has_unknown, plain

from lightly_sandbox.mock_providers.check import Failure, check, integers
from lightly_sandbox.mock_providers.cloud import Cloud, Connection, Session
from lightly_sandbox.mock_providers.diff import Change, Difference, diff
from lightly_sandbox.mock_providers.failure import InitFailedError, OperationFailedError
from lightly_sandbox.mock_providers.naming import NameRequest
from lightly_sandbox.mock_providers.resource import Facts, PartialCreateError, RefusedError, ResourceType
from lightly_sandbox.mock_providers.state import changed_to, changes, foretold, made, seen


class Operations:
    """Check, diff, create, read, update, delete and invoke over one cloud's table."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    def check(
        self, token: str, olds: Properties, news: Properties, name_request: NameRequest
    ) -> tuple[Properties, list[Failure]]:
        """The completed inputs and what is wrong with them."""
        return check(self._kind(token), olds, news, name_request, self._cloud.sdk)

    def diff(
        self,
        token: str,
        old_inputs: Properties,
        outputs: Properties,
        inputs: Properties,
        ignored: frozenset[str],
        connection: Connection | None,
    ) -> Difference:
        """What changes. An engine that keeps no old inputs is answered from the outputs."""
        kind, state = self._kind(token), _facts(outputs)
        region = connection.session.region if connection and connection.session else state.get("region", "")
        found = diff(kind, _facts(old_inputs) or state, state, _facts(inputs), region, ignored)
        if not found.changed:  # else it is updated anyway
            found.changed += sorted(_left_behind(kind, connection, state, _facts(inputs)) - ignored)
            found.detailed = dict.fromkeys(found.changed, Change.UPDATE)
        return found

    def foretell(self, token: str, inputs: Properties, connection: Connection | None) -> Properties:
        """The outputs that a create will have, as far as they are known."""
        kind, values = self._kind(token), _facts(inputs)
        settled = connection is not None and connection.session is not None
        facts = self._placed(kind, connection, {}, values) if settled else {}
        return _seal(kind, foretold(kind, values, facts), inputs)

    def foretell_update(self, token: str, outputs: Properties, inputs: Properties) -> Properties:
        """The outputs that an update will have, as far as they are known."""
        kind, state, wanted = self._kind(token), _facts(outputs), _facts(inputs)
        future = changed_to(kind, state, wanted, {})
        if changes(kind, state, wanted):
            future |= {name: UNKNOWN for name in kind.volatile if name in future}
        return _seal(kind, future, inputs, outputs)

    def create(
        self, token: str, name: str, inputs: Properties, connection: Connection | None, timeout: float
    ) -> tuple[str, Properties]:
        """Make it. Raises Failed, or InitFailed when it exists and is not whole."""
        kind, values = self._kind(token), self._values(token, inputs)
        try:
            work = self._work(kind, connection, timeout, values)
            created = kind.handler.create(work, values)
        except PartialCreateError as half:
            outputs = _seal(kind, made(kind, values, self._placed(kind, connection, half.facts, values)), inputs)
            failed = self._failed("finish", kind, half.id, half.cause)
            raise InitFailedError(failed, half.id, outputs) from half
        except Exception as error:
            raise self._failed("create", kind, _called(kind, values, name), error) from error
        outputs = made(kind, values, self._placed(kind, connection, created.facts, values))
        return created.id, _seal(kind, outputs, inputs)

    def read(
        self,
        token: str,
        id: str,
        inputs: Properties,
        outputs: Properties,
        connection: Connection | None,
        timeout: float,
    ) -> tuple[str, Properties, Properties] | None:
        """Look at it: id, inputs and outputs, or None when it is gone. An import may name the region: `id@region`
        (https://www.pulumi.com/registry/packages/aws/how-to-guides/7-0-migration/)."""
        kind, state = self._kind(token), _facts(outputs)
        if kind.regional and not state and "@" in id:
            id, _, region = id.rpartition("@")
            state = {"region": region}
        try:
            found = kind.handler.read(self._work(kind, connection, timeout, state), id, state)
        except Exception as error:
            raise self._failed("read", kind, id, error) from error
        if found is None:
            return None
        facts = self._placed(kind, connection, found.facts, state)
        new_inputs, new_outputs = seen(kind, _facts(inputs), state, facts)
        if "region" not in inputs:
            new_inputs.pop("region", None)
        return found.id, _seal(kind, new_inputs, inputs), _seal(kind, new_outputs, inputs, outputs)

    def update(
        self,
        token: str,
        id: str,
        outputs: Properties,
        inputs: Properties,
        connection: Connection | None,
        timeout: float,
    ) -> Properties:
        """Bring it to the inputs. Raises Failed, or InitFailed when a part of that was done."""
        kind, state, values = self._kind(token), _facts(outputs), self._values(token, inputs)
        state = integers(kind.inputs, state)
        try:
            work = self._work(kind, connection, timeout, state)
            changed = changes(kind, state, values) | _left_behind(kind, connection, state, values)
            facts = kind.handler.update(work, id, state, values, changed)
        except PartialCreateError as half:
            failed = self._failed("update", kind, id, half.cause)
            left = _seal(kind, {**state, **half.facts}, inputs, outputs)
            raise InitFailedError(failed, half.id, left) from half
        except Exception as error:
            raise self._failed("update", kind, id, error) from error
        placed = self._placed(kind, connection, facts, state)
        return _seal(kind, changed_to(kind, state, values, placed), inputs, outputs)

    def delete(self, token: str, id: str, outputs: Properties, connection: Connection | None, timeout: float) -> None:
        kind = self._kind(token)
        state = integers(kind.inputs, _facts(outputs))
        try:
            kind.handler.delete(self._work(kind, connection, timeout, state), id, state)
        except Exception as error:
            raise self._failed("delete", kind, id, error) from error

    def invoke(
        self, token: str, arguments: Properties, connection: Connection | None
    ) -> tuple[Properties, list[Failure]]:
        function = self._cloud.functions.get(token)
        if function is None:
            raise RefusedError(f"the mock provider for `{self._cloud.package}` does not implement the function {token}")
        given = {name: plain(value) for name, value in arguments.items() if value is not None}
        bad = [
            Failure(name, f"the mock provider does not implement `{name}`" if known else f"unknown `{name}`")
            for name in given
            if name not in function.arguments
            for known in [name in self._cloud.sdk.parameters(token)]
        ]
        if bad:
            return {}, bad
        session = _session(self._cloud, connection)
        region = given.get("region")
        try:
            return function.answer(session.work(connection.cancelled, 0, region), given), []  # type: ignore[union-attr,arg-type] # _session() saw both
        except Exception as error:
            raise RefusedError(f"{token}: {self._reason(error)}") from error

    def _kind(self, token: str) -> ResourceType:
        kind = self._cloud.types.get(token)
        if kind is None:
            raise RefusedError(
                f"the mock provider for `{self._cloud.package}` does not implement the resource type {token}"
            )
        return kind

    def _values(self, token: str, inputs: Properties) -> Facts:
        kind = self._kind(token)
        if has_unknown(dict(inputs)):
            raise RefusedError(
                f"{token}: inputs are not known yet, expected values\nhint: only a preview may send unknowns"
            )
        return integers(
            kind.inputs, {name: value for name, value in _facts(inputs).items() if not name.startswith("__")}
        )

    def _work(self, kind: ResourceType, connection: Connection | None, timeout: float, values: Facts) -> Any:
        session = _session(self._cloud, connection)
        assert connection is not None
        return session.work(connection.cancelled, timeout, values.get("region") if kind.regional else None)

    def _placed(self, kind: ResourceType, connection: Connection | None, facts: Facts, values: Facts) -> Facts:
        """The facts with the region in which the resource lives."""
        if not kind.regional or "region" in facts:
            return facts
        return {**facts, "region": values.get("region") or _session(self._cloud, connection).region}

    def _reason(self, error: Exception) -> str:
        if isinstance(error, RefusedError):
            return str(error)
        return self._cloud.explain(error) or f"unexpected {type(error).__name__}: {error}"

    def _failed(self, verb: str, kind: ResourceType, name: str, error: Exception) -> OperationFailedError:
        return OperationFailedError(verb, kind.title, name, kind.token, self._reason(error))


def _session(cloud: Cloud, connection: Connection | None) -> Session:
    if connection is None or connection.session is None:
        raise RefusedError(
            f"the provider `{cloud.package}` is not configured on this connection\nhint: call Configure first"
        )
    return connection.session


def _left_behind(kind: ResourceType, connection: Connection | None, state: Facts, inputs: Facts) -> frozenset[str]:
    """Outputs that another configuration of the provider changes, though no input of the resource does."""
    if kind.follows is None or connection is None or connection.session is None or has_unknown(inputs):
        return frozenset()
    wanted = kind.follows(connection.session, inputs)
    return frozenset(name for name, value in wanted.items() if (state.get(name) or {}) != value)


def _facts(properties: Mapping[str, Value]) -> Facts:
    return {name: plain(value) for name, value in properties.items() if value is not None}


def _called(kind: ResourceType, values: Facts, name: str) -> str:
    return str(values.get(kind.naming.property, name)) if kind.naming else name


def _seal(kind: ResourceType, outputs: Facts, *sources: Mapping[str, Value]) -> Properties:
    secret = {name for source in sources for name, value in source.items() if has_secret(value)}
    return {name: SecretValue(value) if name in secret | kind.secret else value for name, value in outputs.items()}
