"""Purposes, capabilities and the lights that are expected of a datasource.

Lightly asks for list and read on INPUT, and for list, read and write on LIGHTLY
(https://docs.lightly.ai/docs/cloud-storage); its verification reports list, read, write and overwrite (`canList`,
`canRead`, `canWrite`, `canOverwrite`). `delete` is documented for LIGHTLY (https://docs.lightly.ai/docs/aws-s3) but
never verified by Lightly: its evidence is proof (and, where we may use the credential, a probe).
"""

from dataclasses import dataclass
from enum import StrEnum


class Purpose(StrEnum):
    """What a datasource is for, in Lightly's own words."""

    INPUT = "INPUT"
    LIGHTLY = "LIGHTLY"


class Capability(StrEnum):
    """What a light stands for."""

    LIST = "list"
    READ = "read"
    WRITE = "write"
    OVERWRITE = "overwrite"
    DELETE = "delete"


class Evidence(StrEnum):
    """Where the actual value of a light comes from."""

    LIGHTLY = "lightly"
    PROBE = "probe"
    PROOF = "proof"


@dataclass(frozen=True, slots=True)
class Light:
    """One capability of one datasource: what it should be, what it is, how we know, and why it is not as it should be.

    `actual` is None while nobody could tell. `fix` is the way out that belongs to `cause`, `runbook` the name of its
    entry in docs/runbook.md.
    """

    expected: bool
    actual: bool | None
    evidence: tuple[Evidence, ...] = ()
    cause: str | None = None
    fix: str | None = None
    runbook: str | None = None

    @property
    def ok(self) -> bool:
        """Whether the light is as expected; an unknown one is not."""
        return self.actual is self.expected


_EXPECTED = {
    Purpose.INPUT: frozenset({Capability.LIST, Capability.READ}),
    Purpose.LIGHTLY: frozenset(Capability),
}


def expected(purpose: Purpose, *, hardened: bool = False) -> dict[Capability, bool]:
    """The lights that a datasource of this purpose must show: granted capabilities true, all others false.

    Lightly verifies from its own servers. A hardened datasource lets them list and no more; reading and writing is for
    your network (lightly-ai/lightly docs, dataset_creation_aws_bucket_minimum_policy.rst).
    """
    granted = frozenset({Capability.LIST}) if hardened else _EXPECTED[purpose]
    return {capability: capability in granted for capability in Capability}
