"""Names at Lightly and names of before: what they may be, and what becomes of a dataset whose entry goes."""

from typing import Any

import pytest
from lightly_access.manifest import Manifest

STORE = {"kind": "s3", "bucket": "acme-lake", "region": "eu-central-1"}


def dataset(number: int, **more: Any) -> dict[str, Any]:
    sides = {side: {"store": "lake", "path": f"{side}/{number}/", "access": "user"} for side in ("input", "lightly")}
    return {"type": "images", **sides, **more}


def said(datasets: dict[str, Any], stores: dict[str, Any] | None = None, **more: Any) -> list[str]:
    config = {"stores": stores or {"lake": STORE}, "datasets": datasets, **more}
    return [str(found) for found in Manifest.check(config).problems]


@pytest.mark.parametrize(
    ("more", "refused"),
    [
        ({"aliases": ["cows"]}, "expected a key that it had before\nhint: it is this entry's own key"),
        ({"aliases": ["calves"]}, "hint: it is the key of datasets.calves"),
        ({"aliases": ["old", "old"]}, "it stands there twice"),
        ({"aliases": ["goats"]}, "datasets.calves names it too"),
        ({"aliases": ["x"]}, "3 to 255 characters"),
        ({"aliases": "old"}, "expected a list"),
        ({"name": "calves"}, "expected a name at Lightly that is its own\nhint: datasets.calves has it too"),
        ({"name": "-"}, "3 to 255 characters"),
        ({"on_remove": "destroy"}, "on_remove: got 'destroy', expected keep or delete"),
        ({"on_remove": "Delete"}, "did you mean 'delete'?"),
        ({"on_remove": "delete", "adopt": True}, "an adopted dataset is kept"),
        ({"on_remove": "keep", "force_destroy": True}, "keep it, or let it go"),
        ({"force_destroy": True, "adopt": True}, "an adopted dataset is kept"),
        ({"replace_registered": True}, "expected it only with adopt: true"),
        ({"revoked": "yes"}, "revoked: got 'yes', expected true or false"),
    ],
)
def test_what_a_dataset_cannot_say_is_refused_at_its_place(more: dict[str, Any], refused: str) -> None:
    problems = said({"calves": dataset(1, aliases=["goats"]), "cows": dataset(2, **more)})
    assert any(refused in problem and problem.startswith("datasets.cows") for problem in problems), problems


@pytest.mark.parametrize(
    "more",
    [
        {"aliases": ["older", "old"], "name": "farm-animals-2026"},
        {"adopt": True, "replace_registered": True, "on_remove": "keep"},
        {"on_remove": "delete", "force_destroy": True},
        {"revoked": True, "on_remove": "delete"},
    ],
)
def test_what_a_dataset_can_say_comes_back_as_it_was(more: dict[str, Any]) -> None:
    config = {"stores": {"lake": STORE}, "datasets": {"cows": dataset(1, **more)}}
    written = Manifest.parse(config).to_config()["lightly-access:datasets"]["cows"]
    assert more.items() <= written.items()


def test_a_store_has_aliases_too() -> None:
    pond = {**STORE, "aliases": ["pond"]}
    problems = said(
        {"cows": dataset(1)}, {"lake": pond, "sea": {**STORE, "bucket": "sea", "aliases": ["lake", "pond"]}}
    )
    assert any("got 'lake'" in each and "it is the key of stores.lake" in each for each in problems)
    assert any("got 'pond'" in each and "stores.lake names it too" in each for each in problems)
    assert said({"cows": dataset(1)}, {"lake": pond}) == []


@pytest.mark.parametrize(
    "account",
    [
        {"cloud": "aws", "profile": "data"},
        {"cloud": "azure", "subscription": "00000000-0000-0000-0000-000000000000"},
        {"cloud": "gcp", "project": "acme-ml"},
    ],
)
def test_an_account_of_any_cloud_has_aliases_too(account: dict[str, str]) -> None:
    clash = said({"cows": dataset(1)}, accounts={"a": {**account, "aliases": ["b", "old"]}, "b": {**account}})
    assert any("accounts.a.aliases: got 'b'" in each and "it is the key of accounts.b" in each for each in clash)
    lake = {**STORE, "owner": "a"}
    good = said({"cows": dataset(1)}, {"lake": lake}, accounts={"a": {**account, "aliases": ["old", "older"]}})
    assert not [each for each in good if "aliases" in each]
