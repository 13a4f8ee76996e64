"""`hardened` of a datasource: what it takes and what has no place there, by the sentence users read."""

from typing import Any

import pytest
from lightly_access.manifest import Checked, Manifest

from tests.lightly_access.manifest.example import spoiled

VPC = "vpc-0a1b2c3d4e5f67890"
HERE = {"vpc_ids": [VPC], "cidrs": ["203.0.113.0/24"]}
INPUT = "datasets.farm-animals.input"


def check(hardened: object, **more: Any) -> Checked:
    return Manifest.check(
        spoiled({f"{INPUT}.hardened": hardened, **{f"{INPUT}.{key}": value for key, value in more.items()}})
    )


def test_a_network_is_vpcs_or_addresses_or_both() -> None:
    for given in (HERE, {"vpc_ids": [VPC]}, {"cidrs": ["203.0.113.0/24", "2001:db8::/32"]}):
        checked = check(given)
        assert checked.manifest, checked.problems
        assert checked.warnings == ()
        hardened = checked.manifest.datasets["farm-animals"].input.hardened
        assert hardened
        assert list(hardened.network.vpc_ids) == given.get("vpc_ids", [])
        assert list(hardened.network.cidrs) == given.get("cidrs", [])
        assert Manifest.parse(checked.manifest.to_config()) == checked.manifest


@pytest.mark.parametrize(
    ("hardened", "sentence"),
    [
        ({}, "input.hardened.cidrs: got nothing, expected VPCs (vpc_ids), public addresses (cidrs) or both"),
        ({"vpc_ids": []}, "input.hardened.vpc_ids: got a list, expected 1 to 20 VPCs"),
        ({"vpc_ids": ["vpce-0a1b2c3d"]}, "hint: the VPC's own id, not that of its endpoint"),
        ({"vpc_ids": VPC}, "input.hardened.vpc_ids: got 'vpc-0a1b2c3d4e5f67890', expected a list"),
        ({"cidrs": ["0.0.0.0/0"]}, "expected a range of your own, /8 or smaller"),
        ({"cidrs": ["203.0.113.5/24"]}, "expected a range of addresses in CIDR notation without host bits"),
        ({"cidrs": [f"203.0.113.{n}/32" for n in range(21)]}, "expected 1 to 20 ranges of addresses"),
        ({"vpcs": [VPC]}, "expected one of the keys vpc_ids, cidrs"),
        (True, "input.hardened: got true, expected a table"),
    ],
)
def test_what_is_no_network_is_refused(hardened: object, sentence: str) -> None:
    assert sentence in "\n".join(str(problem) for problem in check(hardened).problems)


def test_only_ways_in_that_we_grant_on_s3_are_hardened() -> None:
    role = {"role_arn": "arn:aws:iam::123456789012:role/cows", "external_id": "cows"}
    (problem,) = check(HERE, **role).problems
    assert "expected it only without role_arn" in str(problem)
    config = spoiled({f"{INPUT}.hardened": HERE, f"{INPUT}.access": "sas", f"{INPUT}.store": "photos"})
    photos = {"kind": "azure", "account": "acmephotos", "container": "photos", "resource_group": "acme-data"}
    config["lightly-access:stores"]["photos"] = photos
    problems = [str(problem) for problem in Manifest.check(config).problems]
    assert any("hardened" in item and "expected it only with access: delegated or user" in item for item in problems)


def test_private_addresses_are_a_warning_because_aws_never_sees_them() -> None:
    (warning,) = check({"cidrs": ["10.0.0.0/16", "203.0.112.0/24", "127.0.0.2/32"]}).warnings
    assert "got '10.0.0.0/16', expected public addresses\nhint: private ones come in through the endpoint" in str(
        warning
    )
