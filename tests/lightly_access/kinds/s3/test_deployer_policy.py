"""What a manifest makes in AWS, and so what its deployer's policy is about."""

from typing import Any

import pytest
from lightly_access.kinds.s3.deployer_policy import ManyPartitionsError, aws_deployment
from lightly_access.manifest import Manifest
from lightly_policies.deployer import Bucket, Deployment

BOUNDS = "arn:aws:iam::123456789012:policy/bounds"
LAKE: dict[str, Any] = {"kind": "s3", "bucket": "acme-lake", "region": "eu-central-1"}
MADE: dict[str, Any] = {"kind": "s3", "bucket": "acme-made", "region": "eu-central-1", "create": True}


def deployment(
    stores: dict[str, Any], source: dict[str, Any], results: dict[str, Any], owner: str | None = None, **more: Any
) -> Deployment:
    dataset = {"type": "images", "input": {"path": "data/", **source}, "lightly": {"path": "out/", **results}}
    manifest = Manifest.parse({"stores": stores, "datasets": {"cows": dataset}, **more})
    return aws_deployment(manifest, project="acme", stack="prod", owner=owner)


def test_a_stack_is_named_by_its_project_and_stack() -> None:
    source = {"store": "lake", "access": "delegated"}
    found = deployment({"lake": LAKE}, source, source)
    assert (found.names, found.owner, found.account, found.partition) == ("acme-prod-*", "acme/prod", None, "aws")


def test_directories_are_made_where_lightly_writes_and_in_buckets_that_we_make() -> None:
    role = {"access": "delegated"}
    found = deployment({"lake": LAKE, "made": MADE}, {"store": "made", **role}, {"store": "lake", **role})
    assert found.buckets == (
        Bucket("acme-lake", "eu-central-1", placeholders=True, opened=True),
        Bucket("acme-made", "eu-central-1", made=True, placeholders=True, opened=True),
    )
    found = deployment({"lake": LAKE, "made": MADE}, {"store": "lake", **role}, {"store": "made", **role})
    assert [bucket.placeholders for bucket in found.buckets] == [False, True]


def test_ways_in_that_somebody_else_made_ask_nothing_of_aws() -> None:
    theirs = {"access": "user", "access_key_id": "AKIAIOSFODNN7EXAMPLE", "secret": "env:THEIR_SECRET"}
    found = deployment({"lake": LAKE}, {"store": "lake", **theirs}, {"store": "lake", **theirs})
    assert (found.roles, found.users, found.buckets) == (False, False, (Bucket("acme-lake", "eu-central-1"),))


def test_a_boundary_binds_the_deployer_only_where_every_role_or_user_has_one() -> None:
    bound = {"store": "lake", "access": "delegated", "permissions_boundary": BOUNDS}
    assert deployment({"lake": LAKE}, bound, bound).role_boundaries == (BOUNDS,)
    assert deployment({"lake": LAKE}, bound, {"store": "lake", "access": "delegated"}).role_boundaries == ()
    mixed = deployment({"lake": LAKE}, bound, {"store": "lake", "access": "user"})
    assert (mixed.role_boundaries, mixed.user_boundaries) == ((BOUNDS,), ())


def test_tags_of_the_manifest_or_of_a_store_are_tags() -> None:
    role = {"store": "made", "access": "delegated"}
    assert not deployment({"made": MADE}, role, role).tagged
    assert deployment({"made": MADE}, role, role, tags={"team": "vision"}).tagged
    assert deployment({"made": {**MADE, "tags": {"team": "vision"}}}, role, role).tagged


def test_each_account_has_a_deployer_of_its_own_and_the_first_one_enters_the_others() -> None:
    arn = "arn:aws:iam::210987654321:role/deploys-there"
    stores = {"lake": LAKE, "made": {**MADE, "owner": "ml"}}
    accounts = {"ml": {"cloud": "aws", "role_arn": arn}}
    source, results = {"store": "lake", "access": "delegated"}, {"store": "made", "access": "user"}
    here = deployment(stores, source, results, accounts=accounts)
    there = deployment(stores, source, results, owner="ml", accounts=accounts)
    assert (here.roles, here.users, here.entered, [bucket.name for bucket in here.buckets]) == (
        True,
        False,
        (arn,),
        ["acme-lake"],
    )
    assert (there.roles, there.users, there.entered, there.account) == (False, True, (), "210987654321")


def test_aws_and_aws_china_have_no_deployer_in_common() -> None:
    china = {"kind": "s3", "bucket": "acme-cn", "region": "cn-northwest-1"}
    user = {"access": "user"}
    with pytest.raises(ManyPartitionsError, match="one stack each"):
        deployment({"lake": LAKE, "cn": china}, {"store": "lake", **user}, {"store": "cn", **user})
