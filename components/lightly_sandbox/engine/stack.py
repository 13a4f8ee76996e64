"""A stack of a Pulumi project, run by the local engine."""

import contextlib
import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import grpc
from lightly_core.secret import Secret, secrets_among
from pulumi.runtime.proto import engine_pb2_grpc, resource_pb2_grpc

from lightly_sandbox import interrupt
from lightly_sandbox.engine import checkpoint, refresh
from lightly_sandbox.engine import urn as urns
from lightly_sandbox.engine.config import Project, StackConfig
from lightly_sandbox.engine.connection import CHANNEL_OPTIONS
from lightly_sandbox.engine.deploy import FAILURES, Deployment
from lightly_sandbox.engine.goal import Names
from lightly_sandbox.engine.imports import Importer
from lightly_sandbox.engine.monitor import Monitor
from lightly_sandbox.engine.plugins import PluginHost
from lightly_sandbox.engine.policies import Policies
from lightly_sandbox.engine.program import Program
from lightly_sandbox.engine.registry import Registry
from lightly_sandbox.engine.run import Event, Run, Step, StoppedError
from lightly_sandbox.engine.snapshot import Snapshot
from lightly_sandbox.engine.values import SecretValue, Value, has_unknowns, reveal
from lightly_sandbox.engine.voice import Voice

_POLL_SECONDS: Final = 0.5  # only for Ctrl-C; what is waited for wakes the waiter itself


@dataclass(frozen=True)
class Result:
    """What a run did.

    `changes` counts resources, default providers left out. `outputs` are the stack's: a secret is a Secret (JSON when
    it is not a text); what a preview cannot know is not there.
    """

    ok: bool
    changes: Mapping[str, int]
    steps: tuple[Step, ...] = ()
    outputs: Mapping[str, Any] = field(default_factory=dict)
    diagnostics: tuple[str, ...] = ()


@dataclass
class _Session:
    """What exists while a run goes on."""

    run: Run
    snapshot: Snapshot
    registry: Registry
    monitor: Monitor
    config: StackConfig
    plugins: PluginHost
    address: str


class LocalStack:
    """One stack. Every method is one run; two at a time, of any processes, are refused (StackLocked)."""

    def __init__(
        self,
        project_dir: Path,
        stack: str,
        state: Path,
        passphrase: Secret,
        *,
        env: Mapping[str, str],
        config: Mapping[str, object] | None = None,
        on_event: Callable[[Event], None] | None = None,
        parallel: int = 8,
        policy_packs: Sequence[Path] = (),
    ) -> None:
        """`env` is the whole environment of the program and its plugins. `config` goes over the stack's file.

        `policy_packs` are folders with a PulumiPolicy.yaml; they judge previews and updates.
        """
        self._project = Project.load(project_dir)
        self._stack = stack
        self._state = state
        self._passphrase = passphrase
        self._env = dict(env)
        self._overrides = config
        self._on_event = on_event
        self._parallel = parallel
        self._packs = tuple(policy_packs)
        self._current: Run | None = None

    def preview(self) -> Result:
        """What `up` would do. Changes nothing."""
        return self._run(self._deploy, preview=True)

    def up(self, *, refresh: bool = False) -> Result:
        """Bring everything to what the program asks for; with `refresh` after looking what there really is."""
        return self._run(self._refresh_and_deploy if refresh else self._deploy)

    def refresh(self, *, clear_pending_creates: bool = False) -> Result:
        """Look at every resource and bring the state in line.

        A creation that a killed run left in flight stays in the state, as in Pulumi, since nobody but you can know
        whether it happened; `clear_pending_creates` says that you have looked.
        """
        return self._run(_refresh_and_clear if clear_pending_creates else _refresh)

    def destroy(self) -> Result:
        """Delete everything in the state, without running the program."""
        return self._run(_destroy)

    def import_resource(self, type_: str, name: str, id_: str, parent: str | None = None) -> Result:
        """Take a resource that exists into the state, protected, so that the program can own it from now on.

        `parent` is the URN of a component in the state.
        """

        def body(session: _Session) -> None:
            importer = Importer(session.run, session.snapshot, session.registry, session.config)
            importer.take(type_, name, id_, parent)
            importer.check()

        return self._run(body)

    def cancel(self) -> None:
        """Stop the run that goes on in another thread: what is in flight ends, nothing new is begun."""
        run = self._current
        if run:
            run.fail("the run was cancelled")

    def export(self, *, show_secrets: bool = False) -> dict[str, Any]:
        """The state as `pulumi stack export` writes it: secrets encrypted, or in clear as `--show-secrets` has them."""
        base, box = checkpoint.load(self._state, self._passphrase)
        document = Snapshot(base, box, None).document()
        return checkpoint.reveal(document, box) if show_secrets else document

    # -- one run -----------------------------------------------------------------------------------------------------

    def _run(self, body: Callable[[_Session], None], *, preview: bool = False) -> Result:
        with interrupt.remembered(), self._session(preview) as session:
            run = session.run
            try:
                body(session)
                interrupt.check()
            except KeyboardInterrupt:
                run.fail("the run was interrupted")
                session.plugins.cancel()
                run.wait_idle()
                raise
            except StoppedError:
                pass
            except FAILURES as error:
                run.fail(str(error))
            finally:
                run.stop()
                run.wait_idle()
                session.monitor.deployment.finish_stack()
                session.snapshot.flush()
            known = {key: value for key, value in self._outputs(session).items() if not has_unknowns(value)}
            outputs = {key: _public(value) for key, value in known.items()}
            return Result(
                not (run.failed or run.violated), run.changes(), tuple(run.steps), outputs, tuple(run.diagnostics)
            )

    def _outputs(self, session: _Session) -> Mapping[str, Value]:
        stacks = [item for item in session.snapshot.resources() if urns.types(item.urn) == urns.STACK_TYPE]
        return (stacks[0].outputs or {}) if stacks else {}

    @contextlib.contextmanager
    def _session(self, preview: bool) -> Iterator[_Session]:
        config = StackConfig.load(self._project, self._stack, self._passphrase, self._overrides)
        run = Run(
            Names(self._stack, self._project.name), preview=preview, parallel=self._parallel, on_event=self._on_event
        )
        run.scrubber.learn([SecretValue(config.values[key]) for key in config.secret_keys])
        run.scrubber.learn(SecretValue(self._passphrase.reveal()))
        run.scrubber.learn([SecretValue(secret.reveal()) for secret in secrets_among(self._env)])
        with contextlib.ExitStack() as stack:
            stack.enter_context(checkpoint.locked(self._state))
            base, box = checkpoint.load(self._state, self._passphrase, config.salt)
            server = _serve(self._parallel)
            stack.callback(lambda: server.stop(0).wait())
            port = server.add_insecure_port("127.0.0.1:0")
            address = f"127.0.0.1:{port}"
            plugins = PluginHost(
                self._project, self._env, address, lambda line: run.emit(Event("status", message=line))
            )
            stack.callback(plugins.close)
            snapshot = Snapshot(base, box, None if preview else self._state)
            for item in base.resources:
                run.scrubber.learn([item.inputs, item.outputs])
            registry = Registry(plugins, snapshot.base)
            policies = Policies(run, self._packs)
            stack.callback(policies.close)
            monitor = Monitor(self._project, config, Deployment(run, snapshot, registry, policies))
            self._current = run
            stack.callback(lambda: setattr(self, "_current", None))
            if base.operations:
                run.diagnose(_in_flight(base.operations), severity="warning")
            engine_pb2_grpc.add_EngineServicer_to_server(Voice(run), server)
            resource_pb2_grpc.add_ResourceMonitorServicer_to_server(monitor, server)
            server.start()
            yield _Session(run, snapshot, registry, monitor, config, plugins, address)

    def _refresh_and_deploy(self, session: _Session) -> None:
        refresh.refresh(session.run, session.snapshot, session.registry, count=False)
        policies = session.monitor.deployment.policies
        session.monitor.deployment = Deployment(session.run, session.snapshot, session.registry, policies)
        self._deploy(session)

    def _deploy(self, session: _Session) -> None:
        run, monitor = session.run, session.monitor
        monitor.deployment.policies.start(session.config, self._env, session.address)
        program = Program(self._project, session.config, run, session.address, self._env)
        try:
            session.plugins.prestart()
            _wait_for_any(run, program.ended, monitor.finished)
            if not monitor.finished.is_set() and not run.stopping.is_set():
                program.finish()
            run.check()
            if run.failed:
                raise StoppedError("the program failed")
            monitor.deployment.delete_rest()
            if not run.failed:
                monitor.deployment.judge()
        finally:
            run.stop()
            run.wait_idle()
            program.kill()


def _refresh(session: _Session) -> None:
    refresh.refresh(session.run, session.snapshot, session.registry, count=True)


def _refresh_and_clear(session: _Session) -> None:
    session.snapshot.forget_creations()
    _refresh(session)


def _destroy(session: _Session) -> None:
    session.monitor.deployment.delete_rest()


def _serve(parallel: int) -> Any:
    workers = max(parallel, 1) * 4 + 16  # each registration of the program holds one until it is done
    return grpc.server(ThreadPoolExecutor(workers, thread_name_prefix="engine"), options=CHANNEL_OPTIONS)


def _wait_for_any(run: Run, *events: threading.Event) -> None:
    while not run.stopping.is_set() and not any(event.is_set() for event in events):
        events[0].wait(_POLL_SECONDS)
        interrupt.check()


def _in_flight(operations: list[checkpoint.Operation]) -> str:
    lines = "".join(f"\n  * {item.resource.urn}, interrupted while {item.type}" for item in operations)
    return (
        f"the last run was interrupted with {len(operations)} operation(s) in flight:{lines}\n"
        "hint: a refresh looks what became of them; a creation is remembered until "
        "refresh(clear_pending_creates=True), after you have looked yourself"
    )


def _public(value: Value) -> Any:
    """An output for callers: a secret is a Secret (structured ones as JSON text)."""
    if isinstance(value, SecretValue):
        clear = reveal(value)
        return Secret(clear if isinstance(clear, str) else json.dumps(clear))
    if isinstance(value, dict):
        return {key: _public(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_public(item) for item in value]
    return value
