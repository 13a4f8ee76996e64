"""The rules of Azure's stores and of SAS tokens, by the sentence that a user reads."""

from copy import deepcopy
from typing import Any

import pytest
from lightly_access.kinds.azure.store import AzureStore
from lightly_access.manifest import Checked, Manifest

PHOTOS = {"kind": "azure", "account": "acmephotos", "container": "datalake", "resource_group": "acme-data"}
MADE = {"create": True, "create_account": True, "location": "westeurope"}
RESULTS = {**PHOTOS, "account": "acmeresults", "container": "lightly", "resource_group": "acme-lightly", **MADE}
GOOD: dict[str, Any] = {
    "stores": {"photos": {**PHOTOS, "hierarchical": True}, "results": {**RESULTS, "hierarchical": True}},
    "datasets": {
        "cows": {
            "type": "images",
            "input": {"store": "photos", "path": "cows/", "access": "sas"},
            "lightly": {"store": "results", "path": "cows/", "access": "sas", "sas": "user_delegation"},
        }
    },
}
INPUT, LIGHTLY = "datasets.cows.input", "datasets.cows.lightly"


def check(changes: dict[str, Any]) -> Checked:
    config = deepcopy(GOOD)
    for where, value in changes.items():
        *path, last = where.split(".")
        table = config
        for key in path:
            table = table.setdefault(key, {})
        table[last] = value
        if value is None:
            del table[last]
    return Manifest.check(config)


def sentences(found: Checked) -> list[str]:
    return [str(problem) for problem in found.problems]


def test_a_good_one_is_accepted_and_written_again_the_same() -> None:
    manifest = Manifest.parse(GOOD)
    assert manifest.warnings == ()
    assert Manifest.parse(manifest.to_config()) == manifest
    made = manifest.stores["results"]
    assert isinstance(made, AzureStore)
    assert (made.soft_delete_days, made.force_destroy, made.location) == (7, False, "westeurope")


def test_a_user_delegation_is_replaced_within_a_week_and_a_stored_policy_within_a_quarter() -> None:
    cows = Manifest.parse(GOOD).datasets["cows"]
    assert (cows.input.rotate_after, cows.lightly.rotate_after) == (90, 3)


@pytest.mark.parametrize(
    ("where", "value", "said"),
    [
        ("stores.photos.account", "Acme-Photos", "3 to 24 lower-case letters and digits\nhint: no -, no _"),
        ("stores.photos.account", "acmephotos.blob.core.windows.net", "the storage account's name alone"),
        ("stores.photos.container", "data--lake", "single hyphens"),
        ("stores.photos.container", "$web", "hint: those that start with $ are Azure's own"),
        ("stores.photos.container", "datalake/cows", "hint: what follows the / goes into a datasource's path"),
        ("stores.photos.resource_group", "acme.", "no . at the end"),
        ("stores.photos.resource_group", "/subscriptions/x/resourceGroups/acme", "hint: the last part of its id"),
        ("stores.photos.resource_group", None, "got nothing, expected the resource group of the account"),
        ("stores.photos.bucket", "x", "got 'bucket', expected one of the keys kind, account, container"),
        ("stores.photos.acount", "x", "hint: did you mean 'account'?"),
        ("stores.photos.force_destroy", True, "expected it only with create: true\nhint: an adopted store is never"),
        ("stores.photos.create_account", True, "expected it only with create: true"),
        ("stores.photos.location", "westeurope", "expected it only with create_account: true"),
        ("stores.photos.soft_delete_days", 30, "expected it only with create_account: true"),
        ("stores.photos.tags", {"a": "b"}, "expected it only with create_account: true"),
        ("stores.results.location", None, "got nothing, expected the region where the account is made"),
        ("stores.results.location", "West Europe", "such as westeurope\nhint: did you mean 'westeurope'?"),
        ("stores.results.soft_delete_days", 366, "expected a whole number from 1 to 365"),
        ("stores.results.tags", {"a/b": "c"}, r"without < > % & \ ? /"),
        ("stores.results.tags", {"x" * 129: "c"}, "expected a tag name of 1 to 128 characters"),
        ("stores.results.tags", {"x": "c" * 257}, "expected a tag value of at most 256 characters"),
        ("stores.results.tags", {"Azure-x": "c"}, "expected a tag name that does not start with microsoft, azure"),
        ("stores.results.tags", {"Owner": "a", "owner": "b"}, "Azure takes names in any case for the same"),
        ("stores.results.tags", {str(n): "" for n in range(46)}, "expected at most 45 tags"),
        (f"{INPUT}.access", "delegated", "expected sas for a store of kind azure\nhint: Lightly has no role for Azure"),
        (f"{INPUT}.sas", "user-delegation", "stored_policy or user_delegation\nhint: did you mean 'user_delegation'?"),
        (f"{INPUT}.rotate_after", 91, "expected a whole number from 1 to 90"),
        (f"{LIGHTLY}.rotate_after", 6, "got 6, expected a whole number from 1 to 5 with sas: user_delegation"),
        (f"{INPUT}.permissions_boundary", "arn:aws:iam::123456789012:policy/x", "a SAS has no policy of AWS"),
        (f"{INPUT}.list_prefix_condition", False, "expected it only where we write the policy"),
        (f"{INPUT}.whole_bucket", True, "expected it only with a secret"),
        (f"{INPUT}.path", "cows./brown/", "expected a directory whose name does not end with a period"),
        (f"{INPUT}.path", "d/" * 63, "expected a directory fewer than 63 directories deep"),
        (f"{LIGHTLY}.path", "", "Lightly would write to, and delete in, the whole container"),
        ("tags", {"data/owner": "x"}, "tags.'data/owner': got 'data/owner', expected a tag name of 1 to 128"),
    ],
)
def test_a_rule_that_is_broken_is_said_at_its_place(where: str, value: object, said: str) -> None:
    found = check({where: value})
    assert found.manifest is None
    assert [sentence for sentence in sentences(found) if said in sentence and sentence.startswith(where)], sentences(
        found
    )


def test_the_same_container_twice_is_refused_and_the_same_name_in_another_account_is_not() -> None:
    assert check({"stores.results.container": "datalake"}).problems == ()
    found = check({"stores.again": PHOTOS | {"hierarchical": True}})
    assert [problem.where for problem in found.problems] == ["stores.again.container"]
    assert "stores.photos is this container too" in sentences(found)[0]


def test_an_account_that_is_made_here_is_used_by_one_store() -> None:
    other = {**PHOTOS, "account": "acmeresults", "resource_group": "acme-lightly", "hierarchical": True}
    found = check({"stores.more": other})
    assert [problem.where for problem in found.problems] == ["stores.more.account"]
    assert "make it in a stack of its own, and adopt it here" in sentences(found)[0]


def test_two_containers_of_one_account_say_the_same_of_it() -> None:
    found = check({"stores.more": {**PHOTOS, "container": "more", "resource_group": "other"}})
    assert [problem.where for problem in found.problems] == ["stores.more.hierarchical", "stores.more.resource_group"]
    assert not check({"stores.more": {**PHOTOS, "container": "more", "hierarchical": True}}).problems


def test_a_resource_group_that_is_made_here_holds_nothing_else() -> None:
    found = check({"stores.results.resource_group": "Acme-Data"})
    assert [problem.where for problem in found.problems] == ["stores.results.resource_group"]
    assert "destroy deletes a group with everything inside" in sentences(found)[0]


def dataset(store: str, path: str, **more: Any) -> dict[str, Any]:
    side = {"store": store, "access": "sas", **more}
    return {"type": "images", "input": {**side, "path": f"in/{path}"}, "lightly": {**side, "path": f"out/{path}"}}


def test_a_container_has_room_for_two_stored_policies_and_their_rotation() -> None:
    assert check({"datasets": {"pigs": dataset("photos", "pigs/")}}).manifest
    found = check({"datasets.pigs": dataset("photos", "pigs/")})
    assert [problem.where for problem in found.problems] == ["datasets.pigs.lightly.store"]
    assert "at most 2 datasources with stored access policies in one container" in sentences(found)[0]
    assert check({"datasets.pigs": dataset("photos", "pigs/", sas="user_delegation")}).manifest


def test_a_sas_that_covers_the_whole_container_is_a_warning_that_names_who_else_is_in_reach() -> None:
    found = check(
        {"stores.photos.hierarchical": False, "datasets.pigs": dataset("photos", "pigs/", sas="user_delegation")}
    )
    assert found.manifest
    told = {warning.where: str(warning) for warning in found.warnings}
    assert set(told) == {f"{INPUT}.path", "datasets.pigs.input.path", "datasets.pigs.lightly.path"}
    assert "a SAS covers the whole container, not only this directory" in told[f"{INPUT}.path"]
    assert "could also read datasets.pigs.input.path ('in/pigs/')" in told[f"{INPUT}.path"]
    writes = told["datasets.pigs.lightly.path"]
    assert "could also read, overwrite and delete datasets.cows.input.path ('cows/')" in writes
    assert "expected a container of its own, or an account with a hierarchical namespace" in writes


def test_a_whole_container_is_a_remark_only_where_a_sas_could_be_narrower() -> None:
    whole = {f"{INPUT}.path": ""}
    assert [str(warning) for warning in check(whole).warnings] == [
        f"{INPUT}.path: got '', expected a directory\nhint: Lightly will list and read the whole container"
    ]
    assert not check({**whole, "stores.photos.hierarchical": False}).warnings


def test_a_container_that_we_make_for_one_datasource_is_its_own() -> None:
    flat = {"stores.results.hierarchical": False}
    assert not check(flat).warnings
    shared = dataset("results", "pigs/", sas="user_delegation")
    found = check({**flat, "datasets.pigs": {**shared, "input": GOOD["datasets"]["cows"]["input"]}})
    assert [warning.where for warning in found.warnings] == [f"{LIGHTLY}.path", "datasets.pigs.lightly.path"]


def test_nested_paths_of_one_container_are_refused_between_datasets() -> None:
    inner = dataset("photos", "x/", sas="user_delegation")
    inner["lightly"]["path"] = "cows/out/"
    found = check({"datasets.pigs": inner})
    assert [problem.where for problem in found.problems] == ["datasets.pigs.lightly.path"]
    assert "lies inside datasets.cows.input.path" in sentences(found)[0]


def test_a_region_that_we_do_not_know_is_a_remark() -> None:
    found = check({"stores.results.location": "westeurop"})
    assert found.manifest
    assert [str(warning) for warning in found.warnings] == [
        "stores.results.location: got 'westeurop', expected a location that we know\nhint: did you mean 'westeurope'?"
    ]


def test_the_tags_of_the_account_and_the_common_ones_count_together() -> None:
    common, own = ({f"{word}{number}": "" for number in range(30)} for word in "ab")
    found = check({"tags": common, "stores.results.tags": own})
    assert [problem.where for problem in found.problems] == ["stores.results.tags"]
    assert "at most 45 tags, the common ones included" in sentences(found)[0]
