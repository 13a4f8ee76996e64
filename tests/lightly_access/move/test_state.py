"""Two states before a move and after it, as far as no engine is needed: what is refused, and what goes where."""

from typing import Any

import pytest
from lightly_access.move.state import MoveError, Places, moved

DATASET = "lightly-access:index:LightlyDataset"
ACCESS = "lightly-access:aws:S3UserAccess"
PLACES = Places(frozenset({"lake/out/"}), frozenset({"lake/in/"}))


def urn(stack: str, type_: str, name: str) -> str:
    return f"urn:pulumi:{stack}::farm::{type_}::{name}"


def resource(stack: str, type_: str, name: str, parent: str = "", **more: Any) -> dict[str, Any]:
    parent = parent or urn(stack, "pulumi:pulumi:Stack", f"farm-{stack}")
    custom = not type_.startswith("lightly-access:")
    more = {"id": f"id of {name}", **more} if custom else more
    return {"urn": urn(stack, type_, name), "type": type_, "custom": custom, "parent": parent, **more}


def root(stack: str) -> dict[str, Any]:
    kind = "pulumi:pulumi:Stack"
    return {"urn": urn(stack, kind, f"farm-{stack}"), "type": kind, "custom": False, "outputs": {"a": 1}}


def provider(stack: str, id: str = "p1", **inputs: Any) -> dict[str, Any]:
    return resource(stack, "pulumi:providers:aws", "default", id=id, inputs={"version": "7", **inputs})


def prod(**login: Any) -> dict[str, Any]:
    store, access = urn("prod", "lightly-access:aws:S3Bucket", "lake"), urn("prod", ACCESS, "cows-lightly-access")
    bucket, held = urn("prod", "aws:s3/bucket:Bucket", "lake-bucket"), f"{provider('prod')['urn']}::p1"
    return state(
        root("prod"),
        provider("prod", **login),
        resource("prod", "lightly-access:aws:S3Bucket", "lake"),
        resource("prod", "aws:s3/bucket:Bucket", "lake-bucket", store, provider=held),
        resource("prod", "aws:s3/object:Object", "lake/out/", store, provider=held, dependencies=[bucket]),
        resource("prod", "aws:s3/object:Object", "lake/in/", store, provider=held),
        resource("prod", ACCESS, "cows-lightly-access"),
        resource("prod", "aws:iam/user:User", "cows-lightly-access-user", access, provider=held),
        resource("prod", DATASET, "cows"),
        resource(
            "prod",
            "lightly:index:Dataset",
            "cows-dataset",
            urn("prod", DATASET, "cows"),
            propertyDependencies={"a": [bucket, access]},
            deletedWith=bucket,
        ),
        resource("prod", DATASET, "cows-lightly-access-too"),
    )


def state(*resources: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"version": 3, "deployment": {"manifest": {}, "resources": [*resources], **more}}


def names(document: dict[str, Any] | None) -> list[str]:
    assert document is not None
    return [each["urn"].rpartition("::")[2] for each in document["deployment"]["resources"]]


def test_what_is_the_datasets_goes_with_what_it_needs_and_nothing_else() -> None:
    found = moved(prod(), state(), "eu", "cows", PLACES)
    assert names(found.source) == ["farm-prod", "default", "lake", "lake-bucket", "cows-lightly-access-too"]
    assert names(found.target) == [
        "farm-eu", "lake", "default", "lake/out/", "cows-lightly-access", "cows-lightly-access-user", "cows",
        "cows-dataset",
    ]  # fmt: skip
    assert found.names == ("lake/out/", "cows-lightly-access-user", "cows-dataset")
    assert found.target is not None
    there = {each["urn"]: each for each in found.target["deployment"]["resources"]}
    assert not [each for each in there if ":prod::" in each]
    assert all(each.get("parent") in (None, *there) for each in there.values())
    made = [each for each in there.values() if each["custom"] and not each["type"].startswith("pulumi:")]
    assert all(each["retainOnDelete"] for each in made)
    placeholder, dataset = there[urn("eu", "aws:s3/object:Object", "lake/out/")], made[-1]
    assert placeholder["dependencies"] == []  # the bucket is the other stack's
    assert placeholder["provider"] == f"{urn('eu', 'pulumi:providers:aws', 'default')}::p1"
    assert dataset["propertyDependencies"] == {"a": [urn("eu", ACCESS, "cows-lightly-access")]}
    assert "deletedWith" not in dataset
    assert there[urn("eu", "pulumi:pulumi:Stack", "farm-eu")]["outputs"] == {}


def test_the_others_own_providers_and_stores_are_used() -> None:
    target = state(root("eu"), provider("eu", "p2"), resource("eu", "lightly-access:aws:S3Bucket", "lake"))
    found = moved(prod(), target, "eu", "cows", PLACES)
    assert names(found.target).count("lake") == 1
    assert found.target is not None
    users = [each for each in found.target["deployment"]["resources"] if each["type"] == "aws:iam/user:User"]
    assert [each["provider"].rpartition("::")[2] for each in users] == ["p2"]


def test_a_move_that_was_cut_off_is_gone_on_with() -> None:
    first = moved(prod(), state(), "eu", "cows", PLACES)
    assert first.target is not None
    assert first.source is not None
    again = moved(prod(), first.target, "eu", "cows", PLACES)
    assert (again.target, again.source) == (None, first.source)
    last = moved(first.source, first.target, "eu", "cows", PLACES)
    assert (last.target, last.source) == (None, None)


@pytest.mark.parametrize(
    ("source", "target", "said"),
    [
        (prod(), state(root("eu"), resource("eu", DATASET, "cows")), "eu has a dataset of this key itself"),
        (prod(profile="a"), state(root("eu"), provider("eu", profile="b")), "log in differently: default (profile)"),
        (state(*prod()["deployment"]["resources"], pending_operations=[{}]), state(), "prod: the last run did not end"),
        (prod(), state(root("eu"), pending_operations=[{}]), "eu: the last run did not end"),
        (state(root("prod")), state(), "prod has no dataset 'cows' deployed"),
    ],
    ids=["two of a key", "two logins", "pending here", "pending there", "not deployed"],
)
def test_what_cannot_be_moved_is_refused_with_the_way_out(source: Any, target: Any, said: str) -> None:
    with pytest.raises(MoveError) as refused:
        moved(source, target, "eu", "cows", PLACES)
    assert said in str(refused.value)
    assert "\nhint: " in str(refused.value)
    if "did not end" in said:  # `pulumi up` leaves the notes of a creation
        assert f"hint: `lightly-access recover --stack {said.partition(':')[0]} --yes` clears" in str(refused.value)


def test_what_is_half_replaced_does_not_go() -> None:
    document = prod()
    document["deployment"]["resources"][7]["delete"] = True
    with pytest.raises(MoveError, match=r"the last run did not end\nhint: `pulumi up --stack prod` ends"):
        moved(document, state(), "eu", "cows", PLACES)
