"""Grants that are hardened to a network: what Lightly's own servers can do, what your network can, and who lies."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lightly_access.kinds.s3 import names as s3_names
from lightly_core.aws import MOST_OF_A_NETWORK
from lightly_policies.evaluator.aws import Document, Policies, decide
from lightly_policies.network import RELEVANT_FILENAMES, Network
from lightly_policies.proof import Proof
from lightly_policies.proof_aws import prove_aws
from lightly_policies.render_aws import aws_grant

from tests.lightly_policies.evaluator.people import KEY, ask, user

VPC, OTHER_VPC = "vpc-0a1b2c3d4e5f67890", "vpc-11111111"
BOTH = Network((VPC,), ("203.0.113.0/24", "2001:db8::/32"))
BUCKET, PATH = "acme-lake", "herd/cows/"
LISTING = {"list": True, "read": False, "write": False, "overwrite": False, "delete": False}
Breaks = Callable[[dict[str, Any]], None]


def grant(purpose: str, network: Network | None = BOTH, **more: Any) -> str:
    return aws_grant(purpose, BUCKET, PATH, region="eu-central-1", network=network, **more)


def prove(purpose: str, text: str, network: Network = BOTH, **more: Any) -> Proof:
    return prove_aws(purpose, BUCKET, PATH, grant=text, region="eu-central-1", network=network, **more)


def allowed(text: str, action: str, key: str, **context: str) -> bool:
    request = ask(user(), action, f"arn:aws:s3:::{BUCKET}{'/' + key if key else ''}", **context)
    return decide(request, Policies(identity=(Document.parse("grant", text),))).allowed


@pytest.mark.parametrize("purpose", ["INPUT", "LIGHTLY"])
@pytest.mark.parametrize("network", [BOTH, Network((VPC, OTHER_VPC)), Network(cidrs=("198.51.100.7/32",))])
def test_lightlys_own_servers_list_and_no_more(purpose: str, network: Network) -> None:
    proof = prove(purpose, grant(purpose, network), network)
    assert proof.unexpected == ()
    assert proof.capabilities == LISTING


@pytest.mark.parametrize("action", ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"])
def test_each_part_of_the_network_is_enough_and_anywhere_else_is_not(action: str) -> None:
    text, key = grant("LIGHTLY"), f"{PATH}a.png"
    for inside in (
        {"aws__SourceVpc": VPC},  # through an endpoint: there is no address then
        {"aws__SourceIp": "203.0.113.0"},
        {"aws__SourceIp": "203.0.113.255"},
        {"aws__SourceIp": "2001:db8::1"},
    ):
        assert allowed(text, action, key, **inside), inside
    for outside in (
        {},
        {"aws__SourceVpc": OTHER_VPC},
        {"aws__SourceVpc": VPC.upper()},
        {"aws__SourceIp": "203.0.112.255"},
        {"aws__SourceIp": "203.0.114.0"},
        {"aws__SourceIp": "2001:db9::"},
        {"aws__SourceVpce": VPC},
        {"aws__VpcSourceIp": "203.0.113.1"},  # chosen by whoever made the VPC
    ):
        assert not allowed(text, action, key, **outside), outside


def test_listing_is_open_to_lightlys_servers() -> None:
    for purpose in ("INPUT", "LIGHTLY"):
        assert allowed(grant(purpose), "s3:ListBucket", "", aws__SourceIp="3.5.6.7", s3__prefix=PATH)
        assert not allowed(grant(purpose), "s3:ListBucket", "", aws__SourceIp="3.5.6.7", s3__prefix="herd/")


def test_the_relevant_filenames_stay_open_for_lightly_on_the_lightly_path_alone() -> None:
    key = f"{PATH}{RELEVANT_FILENAMES}"
    server = {"aws__SourceIp": "3.5.6.7"}
    assert allowed(grant("LIGHTLY"), "s3:GetObject", key, **server)
    assert not allowed(grant("INPUT"), "s3:GetObject", key, **server)
    for action in ("s3:PutObject", "s3:DeleteObject"):
        assert not allowed(grant("LIGHTLY"), action, key, **server)
    for alike in (f"{key}0", f"{PATH}x/{RELEVANT_FILENAMES}", RELEVANT_FILENAMES, f"{PATH}.lightly/other.txt"):
        assert not allowed(grant("LIGHTLY"), "s3:GetObject", alike, **server)


def test_a_grant_without_a_network_is_the_same_as_before() -> None:
    for purpose, statements in (("INPUT", 2), ("LIGHTLY", 3)):
        found = json.loads(grant(purpose, None))["Statement"]
        assert len(found) == statements
        assert not any("aws:" in json.dumps(item.get("Condition", {})) for item in found)


def test_a_key_serves_the_network_and_lightlys_lights_stay_dark() -> None:
    for purpose in ("INPUT", "LIGHTLY"):
        proof = prove(purpose, grant(purpose, kms_key_arn=KEY), kms_key_arn=KEY)
        assert proof.unexpected == ()
        assert proof.capabilities == LISTING


@pytest.mark.parametrize("purpose", ["INPUT", "LIGHTLY"])
def test_an_open_grant_is_wider_than_a_hardened_one(purpose: str) -> None:
    proof = prove(purpose, grant(purpose, None))
    assert proof.capabilities["read"]
    said = "\n".join(proof.unexpected)
    assert f"wider: read '{PATH}a.png' from Lightly's own servers: expected refused, got allowed" in said
    assert "wider: grant/LightlyReadObjects is not bound to the network" in said


def test_a_hardened_grant_is_narrower_than_an_open_one() -> None:
    proof = prove_aws("INPUT", BUCKET, PATH, grant=grant("INPUT"), region="eu-central-1")
    assert any(sentence.startswith("narrower: read") for sentence in proof.unexpected)


def _reading(body: dict[str, Any], source: str) -> dict[str, Any]:
    found: dict[str, Any] = next(item for item in body["Statement"] if item["Sid"] == f"LightlyReadObjectsFrom{source}")
    return found


def _drop(body: dict[str, Any]) -> None:
    del _reading(body, "YourVpcs")["Condition"]


def _if_exists(body: dict[str, Any]) -> None:
    statement = _reading(body, "YourVpcs")
    statement["Condition"] = {"StringEqualsIfExists": statement["Condition"]["StringEquals"]}


def _none_at_all(body: dict[str, Any]) -> None:
    statement = _reading(body, "YourVpcs")
    statement["Condition"] = {"ForAllValues:StringEquals": statement["Condition"]["StringEquals"]}


def _like(body: dict[str, Any]) -> None:
    _reading(body, "YourVpcs")["Condition"] = {"StringLike": {"aws:SourceVpc": "vpc-*"}}


def _wider_range(body: dict[str, Any]) -> None:
    _reading(body, "YourAddresses")["Condition"] = {"IpAddress": {"aws:SourceIp": ["203.0.112.0/23", "2001:db8::/32"]}}


def _not_in(body: dict[str, Any]) -> None:
    _reading(body, "YourAddresses")["Condition"] = {"NotIpAddress": {"aws:SourceIp": ["192.0.2.0/24"]}}


def _endpoint(body: dict[str, Any]) -> None:
    _reading(body, "YourVpcs")["Condition"] = {"StringEquals": {"aws:SourceVpce": VPC}}


def _both_at_once(body: dict[str, Any]) -> None:
    _reading(body, "YourVpcs")["Condition"]["IpAddress"] = {"aws:SourceIp": list(BOTH.cidrs)}


def _all_files(body: dict[str, Any]) -> None:
    statement = next(item for item in body["Statement"] if item["Sid"] == "LightlyReadRelevantFilenames")
    statement["Resource"] = statement["Resource"].removesuffix("relevant_filenames.txt") + "*"


@pytest.mark.parametrize(
    ("breaks", "breadth"),
    [
        (_drop, "wider"),
        (_if_exists, "wider"),
        (_none_at_all, "wider"),
        (_like, "wider"),
        (_wider_range, "wider"),
        (_not_in, "wider"),
        (_all_files, "wider"),
        (_endpoint, "narrower"),
        (_both_at_once, "narrower"),
    ],
    ids=lambda case: getattr(case, "__name__", case),
)
def test_a_condition_that_does_not_say_it_is_found(breaks: Breaks, breadth: str) -> None:
    body = json.loads(grant("LIGHTLY"))
    breaks(body)
    found = prove("LIGHTLY", json.dumps(body)).unexpected
    assert any(sentence.startswith(f"{breadth}:") for sentence in found), found


def test_nothing_and_what_is_no_network_is_refused() -> None:
    for vpcs, ranges in (
        ((), ()),
        (("vpc-*",), ()),
        (("vpce-0a1b2c3d",), ()),
        ((), ("0.0.0.0/0",)),
        ((), ("::/0",)),
        ((), ("203.0.113.1/24",)),
        ((), ("somewhere",)),
        ((), tuple(f"203.0.113.{n}/32" for n in range(MOST_OF_A_NETWORK + 1))),
    ):
        with pytest.raises(ValueError, match=r"^network: "):
            Network(vpcs, ranges)


@given(st.text() | st.from_regex("vpc-[0-9a-f]{7,18}") | st.ip_addresses().map(str) | st.from_regex(r"[0-9.:]+/[0-9]+"))
def test_the_manifests_rules_are_the_same(text: str) -> None:
    for key, rule in (("vpc_ids", s3_names.vpc_id), ("cidrs", s3_names.address_range)):
        try:
            Network(**{key: (text,)})
            accepted = True
        except ValueError:
            accepted = False
        assert accepted is (rule(text) is None)


_ranges = st.builds(
    lambda address, size: f"{'.'.join(str(address).split('.')[: size // 8])}{'.0' * (4 - size // 8)}/{size}",
    st.ip_addresses(v=4),
    st.sampled_from([8, 16, 24, 32]),
)


@given(st.lists(_ranges, min_size=1, max_size=4, unique=True), st.sampled_from(["INPUT", "LIGHTLY"]))
def test_whatever_the_ranges_are_lightlys_servers_are_outside_of_them(ranges: list[str], purpose: str) -> None:
    network = Network(cidrs=tuple(ranges))
    first, *others = network.origins()
    assert first.lightly
    assert not first.network
    assert not any(other.lightly for other in others)
    proof = prove(purpose, grant(purpose, network), network)
    assert proof.unexpected == ()
    assert proof.capabilities == LISTING
