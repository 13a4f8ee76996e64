"""Two deployments of one stack at the same time: one goes on, the other is refused and says who holds the stack."""

from collections.abc import Callable

from lightly_sandbox.deployer import Outcome
from lightly_sandbox.deployer.command import ATTACH
from pulumi.runtime.proto import provider_pb2

from tests.lightly_sandbox.faults.chain import Chain
from tests.lightly_sandbox.tap import Tap


def test_a_second_deployment_is_refused_and_the_first_one_ends_well(chain: Callable[..., Chain]) -> None:
    cows = chain()
    second: list[Outcome] = []

    def meanwhile(name: str, request: bytes) -> None:
        made = name == "Create" and provider_pb2.CreateRequest.FromString(request).urn
        if made and made.endswith("-input-access-role") and not second:
            second.append(cows.up())

    attached = dict(part.split(":") for part in cows.sandbox.deployment()[ATTACH].split(","))
    tap = Tap(int(attached["aws"]), before=meanwhile)
    try:
        first = cows.stack(env={ATTACH: ",".join(f"{n}:{p}" for n, p in {**attached, "aws": tap.port}.items())}).up()
    finally:
        tap.stop()
    cows.must(first)
    (refused,) = second
    assert not refused.ok
    said = "\n".join(refused.diagnostics)
    assert "locked" in said
    assert "created by" in said
    assert not cows.red()
    assert cows.differences() == {}
