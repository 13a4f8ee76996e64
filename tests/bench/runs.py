"""One deployment after another, timed from outside, with its calls and the times of its steps."""

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lightly_core.secret import Secret
from lightly_sandbox.deployer import Deployer, Event, Project
from lightly_sandbox.kinds.s3.client import account, make_bucket
from lightly_sandbox.sandbox import Sandbox
from lightly_sandbox.start import start_sandbox

from tests.bench.fleet import STORES, input_path
from tests.bench.pure import of_children

PROJECT = Path(__file__).parents[2]
PARALLEL = 32
"""Operations at once."""


@dataclass
class Run:
    """One verb: seconds, calls to each side, of those to AWS the deployer's (the others are probes), time of steps."""

    seconds: float
    cpu: float
    """Seconds of a processor that the program and Pulumi took, without the clouds."""
    calls: dict[str, int]
    deployer_calls: int = 0
    steps: dict[str, float] = field(default_factory=dict)
    from_first_step: float = 0.0
    """Seconds to the end of the last one: without the start of Pulumi and of the program."""


@dataclass
class Bench:
    """A stack of one project on fresh local clouds."""

    sandbox: Sandbox
    project: Path
    config: Mapping[str, object]
    out: Path
    stack: str = "rehearsal"
    parallel: int = PARALLEL

    def run(self, verb: str) -> Run:
        """Run `up`, `refresh` or `destroy`. Raises RuntimeError with the diagnostics when it fails."""
        started: dict[str, float] = {}
        steps: dict[str, float] = {}

        def told(event: Event) -> None:
            if event.kind == "step-started" and event.urn:
                started[event.urn] = time.monotonic()
            elif event.kind == "step-done" and event.urn in started:
                steps[event.urn] = time.monotonic() - started[event.urn]

        before, mine = self.sandbox.calls(), deployer_calls(self.sandbox)
        began, busy = time.monotonic(), _cpu()
        result = getattr(self._deployer(told), verb)()
        seconds, cpu = time.monotonic() - began, _cpu() - busy
        if not result.ok:
            raise RuntimeError(f"{verb} failed: {'; '.join(result.diagnostics)}")
        after = self.sandbox.calls()
        calls = {service: after[service] - before[service] for service in after}
        ended = max((started[urn] + steps[urn] for urn in steps), default=0.0)
        from_first = ended - min(started.values(), default=0.0)
        return Run(seconds, cpu, calls, deployer_calls(self.sandbox) - mine, steps, from_first)

    def state(self) -> dict[str, Any]:
        """The deployment as it is now."""
        return self._deployer(lambda _: None).state()

    def _deployer(self, told: Callable[[Event], None]) -> Deployer:
        project, env = Project.load(self.project, self.stack), self.sandbox.deployment()
        return Deployer(
            project, self.stack, self.out, env, phrase=Secret("bench"), config=self.config, on_event=told,
            parallel=self.parallel,
        )  # fmt: skip


def _cpu() -> float:
    return time.process_time() + of_children()


def deployer_calls(sandbox: Sandbox) -> int:
    """Calls to AWS by whoever deploys; `Sandbox.calls` counts those of the keys that he makes, too."""
    seen = sandbox.control(sandbox.aws, "GET", "/calls")["by_principal"]
    return int(seen.get(f"arn:aws:iam::{sandbox.accounts['customer'].account}:user/administrator", 0))


@contextmanager
def bench(size: int, config: Mapping[str, object], project: Path = PROJECT, **faults: object) -> Iterator[Bench]:
    """Fresh clouds with an adopted bucket that has data for `size` datasets."""
    with tempfile.TemporaryDirectory() as folder, start_sandbox() as sandbox:
        s3 = account(sandbox, "customer").s3
        bucket = str(STORES["lake"]["bucket"])
        make_bucket(s3, bucket)
        for number in range(size):
            s3.put_object(Bucket=bucket, Key=f"{input_path(number)}image.png", Body=b"x")
        if faults:
            for server in (sandbox.aws, sandbox.lightly):
                sandbox.control(server, "POST", "/faults", [faults])
        yield Bench(sandbox, project, config, Path(folder))
