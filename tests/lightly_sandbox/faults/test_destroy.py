"""What `destroy` may take away, and in which order."""

from collections.abc import Callable
from typing import Any

from lightly_sandbox.sandbox import REGION

from tests.lightly_sandbox.faults.chain import Chain


def test_access_ends_whatever_the_dataset_holds_and_it_stays_at_lightly(chain: Callable[..., Chain]) -> None:
    cows = chain(dataset={})
    cows.must(cows.up())
    cows.holds(3)
    cows.must(cows.stack().destroy())
    assert cows.identities() == set()
    (kept,) = cows.at_lightly()
    assert kept["nSamples"] == 3
    assert any(f"(id {kept['id']}) stays at Lightly" in event.message for event in cows.events)
    assert cows.nothing_is_left(but_the_dataset=True)


def test_access_ends_when_lightly_is_down_and_what_stays_there_is_named(chain: Callable[..., Chain]) -> None:
    cows = chain()  # which asks for its dataset to be deleted
    cows.must(cows.up())
    with cows.sandbox.faults(cows.sandbox.lightly, {"call": "get_dataset", "status": 401}):
        done = cows.must(cows.stack().destroy())
    assert cows.identities() == set()
    assert done.says("stays at Lightly", "401")
    assert cows.nothing_is_left(but_the_dataset=True)


def test_revoking_ends_access_without_lightly_keeps_data_and_can_be_undone(chain: Callable[..., Chain]) -> None:
    cows = chain(input_access="user", dataset={"revoked": False})
    cows.must(cows.up())
    (before,), directories = cows.at_lightly(), objects(cows)
    cows.dataset["revoked"] = True
    everything = {"call": "*", "status": 503}
    with cows.sandbox.faults(cows.sandbox.lightly, everything):
        done = cows.must(cows.up())
    assert done.deleted
    assert not done.created + done.replaced
    assert cows.identities() == set()
    assert not any(cows.verify()[can] for can in ("canList", "canRead", "canWrite", "canOverwrite"))
    assert objects(cows) == directories
    assert cows.must(cows.up()).unchanged
    cows.dataset["revoked"] = False
    cows.must(cows.up())
    assert all(cows.verify().values())
    (after,) = cows.at_lightly()
    assert after["id"] == before["id"]
    cows.dataset = {"on_remove": "delete"}
    cows.must(cows.up())
    heard = len(cows.events)
    cows.must(cows.stack().destroy())
    assert cows.nothing_is_left()
    assert not [event for event in cows.events[heard:] if "stays registered" in event.message], "it is gone with it"


def test_a_preview_says_what_ends_because_its_key_is_gone(chain: Callable[..., Chain]) -> None:
    cows = chain()
    cows.must(cows.up())
    config = cows.config()["lightly-access:datasets"]
    assert isinstance(config, dict)
    (mine,) = config.values()
    said = f"datasets.{cows.name} is deployed and not in the manifest any more"
    cows.more = {"lightly-access:datasets": {"calves": {**mine, "name": cows.name}}}
    assert cows.stack().preview().says(said, f"aliases: [{cows.name}]")
    cows.more = {"lightly-access:datasets": {"calves": {**mine, "aliases": [cows.name]}}}
    renamed = cows.stack().preview()
    assert renamed.ok
    assert not renamed.says(said)
    other = {"input": {**mine["input"], "access": "user"}, "lightly": {**mine["lightly"], "rotate_now": "leaked"}}
    cows.more = {"lightly-access:datasets": {cows.name: {**mine, **other}}}
    changed = cows.stack().preview()
    assert changed.says(f"{cows.name}.input.access: got user, expected delegated, which is deployed", "keeps working")
    assert any("rotate_now: got another text" in event.message for event in cows.events)
    cows.more = {}
    cows.must(cows.stack().destroy())


def test_a_red_dataset_beside_it_does_not_hold_up_a_revocation_that_goes_on_after_errors(
    chain: Callable[..., Chain],
) -> None:
    """Pulumi deletes last, and not at all when something failed before; --continue-on-error is its word for it."""
    cows = chain(retry_policy={"deadline": 1, "confirmations": 1})
    config = cows.config()["lightly-access:datasets"]
    assert isinstance(config, dict)
    (mine,) = config.values()
    lightly = {**mine["lightly"], "path": "bees/"}
    bees = {f"bees-{cows.name}": {**mine, "lightly": lightly}}
    cows.more = {"lightly-access:datasets": {**config, **bees}}
    cows.must(cows.up())
    assert _but_bees(cows)
    red = {name: {**each, "lightly": {**lightly, "rotate_now": "leaked"}} for name, each in bees.items()}
    cows.more = {"lightly-access:datasets": {cows.name: {**mine, "revoked": True}, **red}}
    with cows.sandbox.faults(cows.sandbox.aws, {"propagation": {"denied_seconds": 9999}}):
        assert not cows.stack().up(continue_on_error=True).ok
    assert not _but_bees(cows)
    assert [name for name in cows.identities() if "bees" in name]
    cows.more = {}
    cows.must(cows.stack().destroy())


def test_without_a_token_what_shall_end_ends_and_nothing_is_made(chain: Callable[..., Chain]) -> None:
    cows = chain()
    config = cows.config()["lightly-access:datasets"]
    assert isinstance(config, dict)
    (mine,) = config.values()
    bees = {f"bees-{cows.name}": {**mine, "lightly": {**mine["lightly"], "path": "bees/"}}}
    cows.more = {"lightly-access:datasets": {**config, **bees}}
    cows.must(cows.up())
    nobody = {"LIGHTLY_TOKEN": ""}
    cows.more = {"lightly-access:datasets": {cows.name: {**mine, "revoked": True}, **bees}}
    with cows.sandbox.faults(cows.sandbox.lightly, {"call": "*", "status": 401}):
        done = cows.must(cows.stack(env=nobody).up())
    assert done.says("there is no token for Lightly: this run ends access and makes nothing")
    assert not _but_bees(cows)
    left = cows.identities()
    assert left
    cows.more = {"lightly-access:datasets": {f"calves-{cows.name}": mine}}
    assert cows.stack(env=nobody).up().says("nothing is made or changed", "lightly:token", "--continue-on-error")
    assert cows.identities() == left, "neither made nor ended: Pulumi deletes last"
    assert not cows.stack(env=nobody).up(continue_on_error=True).ok
    assert cows.identities() == set()
    cows.more = {}
    cows.must(cows.stack().destroy())


def _but_bees(cows: Chain) -> list[str]:
    return [name for name in cows.identities() if "bees" not in name]


def stores(cows: Chain) -> dict[str, Any]:
    """The stores of its manifest."""
    declared = cows.config()["lightly-access:stores"]
    assert isinstance(declared, dict)
    return declared


def objects(cows: Chain) -> list[str]:
    """The names in the created bucket."""
    return [item["Key"] for item in cows.customer.s3.list_objects_v2(Bucket=cows.results).get("Contents", ())]


def test_a_bucket_with_objects_is_kept_unless_it_may_go_and_access_ends_before(chain: Callable[..., Chain]) -> None:
    cows = chain(input_access="user", store={"kms_key": "create"})
    spare = {"kind": "s3", "bucket": f"spare-{cows.name}", "region": REGION, "create": True}  # which no access is to
    cows.more = {"lightly-access:stores": {**stores(cows), "spare": spare}}
    cows.must(cows.up())
    cows.customer.s3.put_object(Bucket=spare["bucket"], Key="1.png", Body=b"precious")
    refused = cows.stack().destroy()
    assert refused.says(f"spare-{cows.name}", "holds objects")
    assert cows.identities() == set()
    cows.customer.s3.delete_object(Bucket=spare["bucket"], Key="1.png")
    cows.more = {}
    cows.must(cows.up())
    cows.customer.s3.put_object(Bucket=cows.results, Key="out/result.json", Body=b"precious")
    refused = cows.stack().destroy()
    assert not refused.ok
    assert any(cows.results in text and "objects" in text for text in refused.diagnostics)
    assert cows.identities() == set()
    assert cows.customer.s3.get_object(Bucket=cows.results, Key="out/result.json")["Body"].read() == b"precious"
    cows.customer.s3.delete_object(Bucket=cows.results, Key="out/result.json")
    cows.must(cows.stack().destroy())
    assert cows.nothing_is_left()


def test_what_somebody_deleted_already_is_deleted(chain: Callable[..., Chain]) -> None:
    cows = chain()
    cows.must(cows.up())
    cows.delete_role()
    (dataset,) = cows.at_lightly()
    cows.ask("DELETE", f"/v1/datasets/{dataset['id']}")
    cows.must(cows.stack().destroy())
    assert cows.nothing_is_left()
