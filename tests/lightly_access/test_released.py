"""Which stores a run lets go of: by what the last run said of them, and by what was made."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lightly_access.kinds.s3.release import ReleaseError
from lightly_access.manifest import Manifest
from lightly_access.outputs import MADE, RELEASED, YOURS
from lightly_access.released import as_made, released

KEY = "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555"
STORES: dict[str, dict[str, Any]] = {
    "s3": {"kind": "s3", "bucket": "acme-results", "region": "eu-central-1"},
    "gcs": {"kind": "gcs", "bucket": "acme-results", "project": "acme-ml"},
    "azure": {"kind": "azure", "account": "acmeresults", "container": "results", "resource_group": "acme"},
}
PARTS = {
    "s3": ("aws:s3/bucket:Bucket", "bucket"),
    "gcs": ("gcp:storage/bucket:Bucket", "bucket"),
    "azure": ("azure-native:storage:BlobContainer", "container"),
}
STACK = "urn:pulumi:prod::acme::"


def manifest(kind: str, **more: Any) -> Manifest:
    return Manifest.parse({"stores": {"results": {**STORES[kind], **more}}, "datasets": {}})


def state(kind: str, name: str = "results", *more: str) -> dict[str, Any]:
    type_, suffix = PARTS[kind]
    found = {f"{STACK}x${type_}::{name}-{suffix}": {"type": type_, "outputs": {"location": "EU"}}}
    return found | {f"{STACK}x$aws:{each}::{name}-{each}": {"type": each, "outputs": {"arn": KEY}} for each in more}


@pytest.mark.parametrize("kind", STORES)
@given(st.sampled_from([MADE, YOURS, RELEASED, None]), st.booleans(), st.booleans())
def test_it_lets_go_of_what_was_made_once_and_of_nothing_else(
    kind: str, said: str | None, there: bool, aliased: bool
) -> None:
    table = manifest(kind, aliases=["old"] if aliased else [])
    before = {"stores": {"results": said} if said else {}}
    here = state(kind, "old" if aliased else "results") if there else state(kind, "results-2")
    found = released(table, before, lambda: here)
    assert bool(found) is (there and said not in (YOURS, RELEASED))
    assert released(manifest(kind), {"stores": {"results": YOURS}}, lambda: pytest.fail("nobody need look")) == {}


@pytest.mark.parametrize("kind", STORES)
def test_what_is_made_is_not_let_go_of(kind: str) -> None:
    place = {"location": "eu"} if kind == "gcs" else {}
    assert released(manifest(kind, create=True, **place), {}, lambda: state(kind)) == {}


@pytest.mark.parametrize("outputs", [{}, {"stores": None}, {"stores": 7}, {"stores": {"results": 7}}])
def test_outputs_of_any_other_shape_leave_it_to_what_is_there(outputs: dict[str, Any]) -> None:
    assert set(released(manifest("s3"), outputs, lambda: state("s3"))) == {"results"}


def test_a_key_that_was_made_goes_on_under_its_arn_and_is_not_forgotten_unsaid() -> None:
    for more in ({"kms_key": KEY}, {"old_kms_keys": [KEY]}, {"kms_key": KEY[:-1] + "6", "old_kms_keys": [KEY]}):
        table = manifest("s3", **more)
        (made,) = released(table, {}, lambda: state("s3", "results", "key", "versioning")).values()
        store: Any = as_made("results", table.stores["results"], made)
        assert (store.create, store.versioning) == (True, True)
        assert [store.kms_key, *store.old_kms_keys].count("create") == 1
        assert KEY not in (store.kms_key, *store.old_kms_keys)
    with pytest.raises(ReleaseError, match=f"stores.results: .*{KEY}(.|\n)*hint: name it, `kms_key: {KEY}`"):
        as_made("results", manifest("s3").stores["results"], made)
