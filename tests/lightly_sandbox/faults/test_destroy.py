"""What `destroy` may take away, and in which order."""

from collections.abc import Callable

from tests.lightly_sandbox.faults.chain import Chain


def test_a_dataset_that_is_kept_keeps_what_it_lives_on(chain: Callable[..., Chain]) -> None:
    cows = chain(store={"force_destroy": True})
    cows.must(cows.up())
    cows.holds(3)
    before = cows.identities()
    refused = cows.stack().destroy()
    assert not refused.ok
    assert any("holds 3 samples" in text for text in refused.diagnostics)
    assert cows.identities() == before
    assert cows.buckets() == {cows.lake, cows.results}
    assert all(cows.verify().values()), "Lightly works on"
    cows.must(cows.up())
    cows.holds(0)
    cows.must(cows.stack().destroy())
    assert cows.nothing_is_left()


def test_the_dataset_goes_before_its_credentials(chain: Callable[..., Chain]) -> None:
    cows = chain()
    cows.must(cows.up())
    steps = cows.must(cows.stack().destroy()).steps
    gone = [step.urn.rsplit("::", 1)[-1].removeprefix(f"{cows.name}-") for step in steps]
    dataset = gone.index("dataset")
    for later in ("input-access-role", "input-access-policy", "lightly-access-key", "lightly-access-policy"):
        assert dataset < gone.index(later)


def test_a_bucket_with_objects_is_kept_unless_it_may_go(chain: Callable[..., Chain]) -> None:
    cows = chain()
    cows.must(cows.up())
    cows.customer.s3.put_object(Bucket=cows.results, Key="out/result.json", Body=b"precious")
    refused = cows.stack().destroy()
    assert not refused.ok
    assert any(cows.results in text and "objects" in text for text in refused.diagnostics)
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
