"""Where the phases play: the sandbox, the deployer, the credential log, and the record of what was checked."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from lightly_access.manifest import Manifest
from lightly_core.scrub import Scrubber

from lightly_sandbox import interrupt
from lightly_sandbox.credential_clients import registered
from lightly_sandbox.credential_log import CredentialLog
from lightly_sandbox.deployer import Deployer, Outcome, State
from lightly_sandbox.kinds.estate import Source
from lightly_sandbox.kinds.fixture import Fixture
from lightly_sandbox.lights import RedLight, red_lights
from lightly_sandbox.sandbox import Sandbox


class Reporter(Protocol):
    """Whoever watches: the terminal, a log file."""

    def begins(self, what: str) -> None:
        """What is played, and what is not as it is at home."""
        ...

    def phase(self, name: str, purpose: str) -> None: ...

    def step(self, text: str) -> None:
        """What is being done right now."""
        ...

    def checked(self, ok: bool, text: str) -> None: ...

    def lights(self, state: State) -> None:
        """The lights, as they are now."""
        ...

    def done(self, record: "Record") -> None: ...


@dataclass
class Record:
    """One phase: what it did, what was checked, and whether everything was as it should be."""

    name: str
    seconds: float = 0.0
    created: int = 0
    updated: int = 0
    replaced: int = 0
    deleted: int = 0
    calls: dict[str, int] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    checks: int = 0

    @property
    def ok(self) -> bool:
        """Whether every check held, and there was one."""
        return self.checks > 0 and not self.failures


class Context:
    """What a phase works with."""

    def __init__(
        self,
        sandbox: Sandbox,
        deployer: Deployer,
        reporter: Reporter,
        manifest: Manifest,
        owners: Mapping[str, Fixture],
        config: Mapping[str, Any],
    ) -> None:
        """`owners` of the stores by their kind; `config` is what the program is told of the manifest."""
        self.sandbox, self.deployer, self.reporter = sandbox, deployer, reporter
        self.manifest, self.owners = manifest, owners
        self.before = {owner: owner.stores(sandbox) for owner in owners.values()}
        """What each owner had before anything was deployed."""
        self.credential_log = CredentialLog()
        self._scrubber = Scrubber()
        self.record = Record("")
        self.config: dict[str, Any] = dict(config)
        """Overrides of the stack's configuration from here on."""

    def play(self, name: str, purpose: str, phase: Callable[["Context"], None]) -> Record:
        """Run one phase. An exception in it is a failure of the phase with its own words; an interrupt goes through."""
        self.record = Record(name)
        self.reporter.phase(name, purpose)
        began = time.monotonic()
        try:
            phase(self)
        except Exception as error:
            interrupt.check()
            self.check(False, f"{type(error).__name__}: {error}")
        self.record.seconds = round(time.monotonic() - began, 2)
        self.reporter.done(self.record)
        return self.record

    def check(self, ok: bool, text: str, problems: Iterable[object] = ()) -> None:
        """Record one check, with what was found when it does not hold."""
        self.record.checks += 1
        listed = "" if ok else "".join(f"\n      {problem}" for problem in problems)
        said = self._clean(text + listed)
        if not ok:
            self.record.failures.append(said)
        self.reporter.checked(ok, said)

    def _clean(self, text: str) -> str:
        """The text, which may hold words of a cloud or of a library, without any secret that was ever issued."""
        for credential in self.credential_log.credentials.values():
            self._scrubber.learn(credential.secret)
            if credential.session_token:
                self._scrubber.learn(credential.session_token)
        return self._scrubber.scrub(text)

    def up(self, *, refresh: bool = False, guarded: bool = False) -> Outcome:
        """Deploy; `guarded` by the guardrails."""
        return self._run(lambda: self.deployer.up(refresh=refresh, guarded=guarded, config=self.config))

    def refresh(self) -> Outcome:
        """Compare the state with the clouds."""
        return self._run(self.deployer.refresh)

    def destroy(self) -> Outcome:
        return self._run(self.deployer.destroy)

    def _run(self, verb: Callable[[], Outcome]) -> Outcome:
        before = self.sandbox.calls()
        outcome = verb()
        for service, count in self.sandbox.calls().items():
            self.record.calls[service] = self.record.calls.get(service, 0) + count - before[service]
        for what in ("created", "updated", "replaced", "deleted"):
            setattr(self.record, what, getattr(self.record, what) + getattr(outcome, what))
        self._scrubber.learn(self.sandbox.token)
        self.credential_log.note(*registered(self.deployer.state(show_secrets=True)))
        return outcome

    def red(self) -> list[RedLight]:
        """The lights that are not as expected. What a role can do that somebody else made, Lightly alone can try."""
        theirs = {(source.dataset, source.purpose) for source in self._external_roles()}
        found = red_lights(self.deployer.state())
        return [red for red in found if red.light.actual is not None or (red.dataset, red.purpose) not in theirs]

    def _external_roles(self) -> Iterator[Source]:
        sources = (source for owner in self.owners.values() for source in owner.estate.external())
        return (source for source in sources if source.table.role_arn)

    @property
    def live(self) -> set[str]:
        """The names of the datasets to which Lightly has access."""
        return {declared.name or key for key, declared in self.manifest.datasets.items() if not declared.revoked}
