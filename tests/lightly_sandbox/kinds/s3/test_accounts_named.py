"""Which accounts of AWS a manifest speaks of."""

from typing import Any

import pytest
from lightly_access.manifest import Manifest
from lightly_core.lightly_rules import LIGHTLY_AWS_ACCOUNT
from lightly_sandbox.kinds.estate import Estate
from lightly_sandbox.kinds.s3.accounts_named import ARCHIVE, CUSTOMER, STRANGER, accounts

THEIRS = "222222222222"
KEY = "arn:aws:kms:eu-west-1:{}:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def estate(store: dict[str, Any] | None = None, source: dict[str, Any] | None = None, owner: str = "") -> Estate:
    lake = {"kind": "s3", "bucket": "acme-lake", "region": "eu-west-1", **(store or {})}
    role = {"cloud": "aws", "role_arn": f"arn:aws:iam::{owner}:role/deployer"}
    where = {"store": "lake", "access": "delegated", **(source or {})}
    config: dict[str, Any] = {
        "stores": {"lake": {**lake, "owner": "data"} if owner else lake},
        "datasets": {"cows": {"type": "images", "input": {**where, "path": "in/"}, "lightly": {**where, "path": "o/"}}},
        **({"accounts": {"data": role}} if owner else {}),
    }
    return Estate.of(Manifest.parse(config), "s3", {})


@pytest.mark.parametrize(
    ("found", "customer", "others"),
    [
        (estate(), CUSTOMER, set()),
        (estate(owner=THEIRS), CUSTOMER, {THEIRS}),
        (estate({"kms_key": KEY.format(THEIRS)}), THEIRS, set()),
        (estate(source={"permissions_boundary": f"arn:aws:iam::{THEIRS}:policy/bound"}), THEIRS, set()),
        (
            estate({"kms_key": KEY.format("3" * 12)}, {"permissions_boundary": f"arn:aws:iam::{THEIRS}:policy/b"}),
            THEIRS,
            {"3" * 12},
        ),
    ],
)
def test_the_deployers_account_is_the_one_that_the_manifest_speaks_of(
    found: Estate, customer: str, others: set[str]
) -> None:
    ids = accounts(found)
    assert ids["customer"] == customer
    assert ids.keys() - {"customer", "stranger", "archive"} == others


@pytest.mark.parametrize("taken", [STRANGER, ARCHIVE, CUSTOMER])
def test_no_account_is_two_peoples(taken: str) -> None:
    ids = [*accounts(estate(owner=taken)).values(), LIGHTLY_AWS_ACCOUNT]
    assert len(set(ids)) == len(ids)
    assert taken in ids
