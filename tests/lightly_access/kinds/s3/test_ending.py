"""Which account is asked about a credential of AWS: the one that has it, and no other."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from lightly_access.deployed.issued import dataset_resources
from lightly_access.kinds.ending import CannotEndError, Issued, Login
from lightly_access.kinds.s3 import ending
from lightly_access.kinds.s3.session import RefusedError
from lightly_core.capability import Purpose

OURS, THEIRS = "123456789012", "666666666666"
URN = "urn:pulumi:prod::farm::{}::{}"
USER = {"type": "aws:iam/user:User", "id": "cows", "outputs": {"arn": f"arn:aws:iam::{OURS}:user/lightly/cows"}}
GROUP = {"type": "aws:iam/group:Group", "id": "cows", "outputs": {"arn": "arn:aws:iam::111111111111:group/cows"}}
KEY = {"type": "aws:iam/accessKey:AccessKey", "id": "AKIA", "outputs": {"user": "cows"}}
ROLE = {
    "type": "aws:iam/role:Role",
    "id": "cows-input",
    "outputs": {"name": "cows-input", "arn": f"arn:aws:iam::{OURS}:role/lightly/cows-input"},
}
LOGIN: Any = SimpleNamespace(stack=None, owner=None)
DEEDS: list[Callable[[ending.S3Ending, Issued, Login], object]] = [
    ending.S3Ending.asked,
    ending.S3Ending.switch_off,
    ending.S3Ending.remove,
]


def issued(*parts: dict[str, Any]) -> Issued:
    """The credential of a state with an access that has these parts."""
    access = URN.format("lightly-access:s3:Access", "cows-lightly-access")
    listed = [{**each, "urn": URN.format(each["type"], each["id"]), "parent": access} for each in parts]
    whole = [{"type": "lightly-access:s3:Access", "urn": access}, *listed]
    (found,) = dataset_resources({"deployment": {"resources": whole}}, "cows").issued
    return found


@pytest.fixture
def iam(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What IAM was asked: the account of this login has nothing that is named."""
    asked: list[str] = []

    def call(_: object, service: str, operation: str, *__: object, **___: object) -> dict[str, Any]:
        if service == "sts":
            return {"Account": THEIRS}
        asked.append(operation)
        raise RefusedError(f"iam:{operation} was refused (NoSuchEntity)", "")

    monkeypatch.setattr(ending, "logged_in", lambda *_: None)
    monkeypatch.setattr(ending, "call", call)
    return asked


@pytest.mark.parametrize("parts", [(ROLE,), (USER, GROUP, KEY), (KEY,)], ids=["role", "key", "key without a user"])
@pytest.mark.parametrize("deed", [*DEEDS, ending.S3Ending.others])
def test_the_login_of_another_account_shows_no_end_and_touches_nothing(
    deed: Callable[..., object], parts: tuple[dict[str, Any], ...], iam: list[str]
) -> None:
    found = issued(*parts)
    assert found.purpose is Purpose.LIGHTLY
    if deed is ending.S3Ending.others and parts == (ROLE,):
        return
    with pytest.raises(CannotEndError, match=f"and this login of account {THEIRS}"):
        deed(ending.S3Ending(), found, LOGIN)
    assert iam == []


@pytest.mark.parametrize("parts", [(ROLE,), (USER, GROUP, KEY)], ids=["role", "key"])
def test_what_its_own_account_does_not_have_is_gone(
    parts: tuple[dict[str, Any], ...], iam: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{__name__}.THEIRS", OURS)
    found = ending.S3Ending().asked(issued(*parts), LOGIN)
    assert found is not None
    assert found.works is False
    assert iam
