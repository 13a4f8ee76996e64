"""Your network, as AWS sees where a request comes from: VPCs with an endpoint for S3, and public addresses. Pure.

Lightly documents that its servers need no more than to list, and that reading and writing may be limited to where the
worker runs: lightly-ai/lightly docs, dataset_creation_aws_bucket_minimum_policy.rst, with `aws:SourceVpc` and
`aws:SourceIp`. A request through a VPC endpoint has no source address, and one from the internet has no VPC
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html, aws:SourceIp, aws:SourceVpc):
so these are alternatives, each a statement of its own.
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from lightly_core.aws import MOST_OF_A_NETWORK, VPC_PATTERN, WIDEST_RANGE
from lightly_core.fault import Fault

RELEVANT_FILENAMES = ".lightly/relevant_filenames.txt"
"""What Lightly's servers read themselves, in the LIGHTLY directory, when a run is limited to some files.
lightly-ai/lightly docs, dataset_creation_aws_bucket_minimum_policy.rst."""

_VPC = re.compile(VPC_PATTERN)


def _vpc_expected(text: str) -> str | None:
    """What would have been right, or None for the id of a VPC."""
    return None if _VPC.fullmatch(text) else "the id of a VPC, such as vpc-0a1b2c3d4e5f67890"


def _range_expected(text: str) -> str | None:
    """What would have been right, or None for a range of addresses in CIDR notation."""
    try:
        found = ip_network(text)
    except ValueError:
        return "a range of addresses in CIDR notation without host bits, such as 203.0.113.0/24"
    if found.prefixlen < WIDEST_RANGE[found.version]:
        return f"a range of your own, /{WIDEST_RANGE[found.version]} or smaller"
    return None


@dataclass(frozen=True, slots=True)
class Network:
    """Where reading and writing is allowed from: any of these. Raises ValueError for what is none, or nothing."""

    vpc_ids: tuple[str, ...] = ()
    """VPCs that reach S3 through an endpoint of their own; without one AWS does not know the VPC."""
    cidrs: tuple[str, ...] = ()
    """Public addresses, such as those of NAT gateways, offices, and of people who look at the pages of Lightly."""

    def __post_init__(self) -> None:
        if not self.vpc_ids and not self.cidrs:
            raise ValueError("network: got neither VPCs nor addresses, expected at least one")
        wrong = []
        for name, texts, rule in (("vpc_ids", self.vpc_ids, _vpc_expected), ("cidrs", self.cidrs, _range_expected)):
            if len(texts) > MOST_OF_A_NETWORK:
                wrong.append(f"network: {name}: got {len(texts)}, expected at most {MOST_OF_A_NETWORK}")
            wrong += [
                f"network: {name}: {Fault(expected).sentence(text)}" for text in texts if (expected := rule(text))
            ]
        if wrong:
            raise ValueError("\n".join(wrong))

    @property
    def conditions(self) -> dict[str, dict[str, dict[str, list[str]]]]:
        """What is added to the name of a statement -> the condition that lets this part of the network in."""
        found = {
            "FromYourVpcs": {"StringEquals": {"aws:SourceVpc": sorted(self.vpc_ids)}} if self.vpc_ids else {},
            "FromYourAddresses": {"IpAddress": {"aws:SourceIp": sorted(self.cidrs)}} if self.cidrs else {},
        }
        return {name: condition for name, condition in found.items() if condition}

    @property
    def words(self) -> str:
        """`vpc-... or 203.0.113.0/24`."""
        return " or ".join((*self.vpc_ids, *self.cidrs))

    def origins(self) -> "tuple[Origin, ...]":
        """Places to ask from. First those that stand for all: Lightly's own servers, a VPC and a range; then all others
        that could be let in or kept out by mistake."""
        vpcs = [Origin(f"from {vpc}", True, "aws:SourceVpc", vpc) for vpc in self.vpc_ids]
        ranges = [Origin(f"from {block[0]}", True, "aws:SourceIp", str(block[0])) for block in self._ranges()]
        ends = [
            Origin(f"from {block[-1]}", True, "aws:SourceIp", str(block[-1]))
            for block in self._ranges()
            if block[-1] != block[0]
        ]
        beyond = [
            Origin(f"from {address}, just outside", False, "aws:SourceIp", address) for address in self._neighbours()
        ]
        other = Origin("from another VPC", False, "aws:SourceVpc", "vpc-00000000")
        return (
            Origin("from Lightly's own servers", False, "aws:SourceIp", self._elsewhere(), lightly=True),
            *(vpcs[:1] + ranges[:1]),
            *(vpcs[1:] + ranges[1:] + ends + beyond),
            *([] if other.value in self.vpc_ids else [other]),
        )

    @property
    def representatives(self) -> int:
        """How many of the origins stand for all."""
        return 1 + bool(self.vpc_ids) + bool(self.cidrs)

    def _ranges(self) -> "list[IPv4Network | IPv6Network]":
        return [ip_network(text) for text in self.cidrs]

    def _inside(self, address: str) -> bool:
        found = ip_address(address)
        return any(found in block for block in self._ranges())

    def _elsewhere(self) -> str:
        """An address on the internet that is not in the network: 20 ranges do not cover so many."""
        return next(address for n in range(3, 224) if n != 10 and not self._inside(address := f"{n}.5.6.7"))

    def _neighbours(self) -> list[str]:
        found = []
        for block in self._ranges():
            first, last = int(block[0]), int(block[-1])
            for number, there in ((first - 1, first > 0), (last + 1, last + 1 < 2**block.max_prefixlen)):
                if there and not self._inside(address := str(type(block[0])(number))):
                    found.append(address)
        return found


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request comes from: in words, whether the network is meant, and what AWS knows of it."""

    words: str
    network: bool
    key: str
    value: str
    lightly: bool = False

    @property
    def context(self) -> dict[str, str]:
        """As the context of a request."""
        return {self.key: self.value}
