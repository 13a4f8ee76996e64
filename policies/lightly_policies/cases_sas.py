"""What a purpose must and must not permit with a SAS, as a list of requests."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from lightly_policies.case import CAPABILITIES, EXPECTED, Case, Place
from lightly_policies.evaluator.sas import NEVER, OPERATIONS, Request


@dataclass(frozen=True, slots=True)
class Sharee:
    """Whose SAS is asked about, and over what.

    Attributes:
        purpose: `INPUT` or `LIGHTLY`.
        account, container: the store.
        directory: the path, ending in `/`; empty for the whole container.
        hierarchical: whether the account has a hierarchical namespace, so that the SAS is bound to the directory.
        at: the time of the requests, with a time zone.
    """

    purpose: str
    account: str
    container: str
    directory: str
    hierarchical: bool
    at: datetime

    def __post_init__(self) -> None:
        if self.purpose not in EXPECTED:
            raise ValueError(f"purpose: got {self.purpose!r}, expected INPUT or LIGHTLY")

    @property
    def bound(self) -> bool:
        """Whether the SAS is for a directory and not for the container."""
        return self.hierarchical and bool(self.directory)

    def expects(self, capability: str) -> bool:
        """Whether the purpose has the capability."""
        return capability in EXPECTED[self.purpose]

    def ask(self, operation: str, path: str, *, container: str = "", at: datetime | None = None) -> Request:
        """A request over TLS."""
        return Request(operation, self.account, container or self.container, path, at or self.at)


def sas_cases(sharee: Sharee) -> tuple[Case, ...]:
    """Every case: the lights first, then what lies beside the path, in other containers, and what no SAS may do."""
    return (*_inside(sharee), *_beside(sharee), *_elsewhere(sharee), *_others(sharee))


def _inside(sharee: Sharee) -> Iterator[Case]:
    for prefix in (sharee.directory, f"{sharee.directory}.lightly/"):
        request = sharee.ask("list", prefix)
        expected = sharee.expects("list")
        yield Case(f"list with the prefix {prefix!r}", "list", request, expected, inside=True, place=Place.INSIDE)
    for capability in CAPABILITIES[1:]:
        for path in (f"{sharee.directory}a.png", f"{sharee.directory}deep/er/b.png", f"{sharee.directory}.lightly/c"):
            expected = sharee.expects(capability)
            request = sharee.ask(capability, path)
            yield Case(f"{capability} {path!r}", capability, request, expected, inside=True, place=Place.INSIDE)


def _beside(sharee: Sharee) -> Iterator[Case]:
    """Places outside the path. Where the SAS is the container's, they are reached: that is expected, see `accepted`."""
    if not sharee.directory:
        return
    stem = sharee.directory[:-1]
    parent, slash, _ = stem.rpartition("/")
    places = {
        "a sibling whose name starts alike": f"{stem}-other/",
        "a sibling whose name is shorter": f"{stem[:-1]}/",
        "the parent": f"{parent}{slash}",
        "the same name elsewhere": f"elsewhere/{sharee.directory}",
        "the same name in other case": sharee.directory.swapcase(),
    }
    for where, prefix in places.items():
        if prefix.startswith(sharee.directory):
            continue
        for capability in CAPABILITIES:
            path = prefix if capability == "list" else f"{prefix}a.png"
            name = f"{capability} in {where}, {prefix!r}"
            expected = sharee.expects(capability) and not sharee.bound
            yield Case(name, capability, sharee.ask(capability, path), expected, place=Place.BESIDE)


def _elsewhere(sharee: Sharee) -> Iterator[Case]:
    for container in (f"{sharee.container}-other", sharee.container[:-1]):
        for capability in CAPABILITIES:
            request = sharee.ask(capability, sharee.directory, container=container)
            name = f"{capability} in another container, {container!r}"
            yield Case(name, capability, request, False, place=Place.ELSEWHERE)


def _others(sharee: Sharee) -> Iterator[Case]:
    """What no light stands for. `w` brings append, snapshot and lease of a blob along: Azure has no narrower letter."""
    brought = {"append", "snapshot", "lease"} if sharee.expects("write") else set()
    for operation in (*OPERATIONS, *NEVER):
        if operation not in CAPABILITIES:
            request = sharee.ask(operation, f"{sharee.directory}a.png")
            yield Case(operation, None, request, operation in brought)
    plain = sharee.ask("read", f"{sharee.directory}a.png")
    over_http = Request(plain.operation, plain.account, plain.container, plain.path, plain.time, scheme="http")
    yield Case("read over http", None, over_http, False)
