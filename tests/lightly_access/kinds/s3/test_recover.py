"""Whose login may say that nothing is in AWS: that of an account in which the stack has something."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from lightly_access.kinds.s3 import recover
from lightly_access.recover.operation import Known
from lightly_access.recover.places import placing
from lightly_access.recover.way import Searched, UnaskedError
from lightly_policies.deployer import OWNER_TAG

HERE, THERE = "666666666666", "123456789012"
PROVIDER = "urn:pulumi:prod::farm::pulumi:providers:aws::farm"
INPUTS: dict[str, dict[str, Any]] = {
    "aws:iam/accessKey:AccessKey": {"user": "cows"},
    "aws:kms/key:Key": {"description": "of a bucket", "tags": {OWNER_TAG: "farm/prod"}},
}


class Aws:
    """Of account HERE, which has nothing."""

    def get_caller_identity(self) -> dict[str, str]:
        return {"Account": HERE}

    def list_access_keys(self, **_: str) -> dict[str, Any]:
        return {"AccessKeyMetadata": [{"AccessKeyId": "AKIA", "CreateDate": datetime(2026, 11, 29, tzinfo=UTC)}]}

    def get_paginator(self, _: str) -> "Aws":
        return self

    def paginate(self) -> Iterator[dict[str, Any]]:
        yield {"Keys": []}


def made(account: str, provider: str = PROVIDER) -> dict[str, Any]:
    arn = f"arn:aws:iam::{account}:user/cows"
    return {"urn": f"urn:{account}", "provider": f"{provider}::id", "outputs": {"arn": arn}}


@pytest.mark.parametrize("type_", INPUTS)
@pytest.mark.parametrize(
    ("state", "can_tell"),
    [
        ([made(THERE)], False),
        ([made(HERE, "urn:another::provider"), made(THERE)], False),
        ([made(HERE)], True),
        ([made(THERE), made(HERE)], True),
        ([], True),
        ([{**made(THERE), "outputs": {"arn": "arn:aws:s3:::a-bucket"}}], True),
    ],
)
def test_a_login_of_another_account_tells_nothing_of_keys(
    state: list[dict[str, Any]], can_tell: bool, type_: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recover, "client", lambda *_: Aws())
    known, way = Known.of({"resources": state}), recover.WAYS[type_]
    place = placing(known, {})({"provider": f"{PROVIDER}::unknown"}, known)
    assert isinstance(way, Searched)
    if can_tell:
        way.find(INPUTS[type_], place)
    else:
        with pytest.raises(UnaskedError, match=f"of account {THERE}, and this login of account {HERE}"):
            way.find(INPUTS[type_], place)
