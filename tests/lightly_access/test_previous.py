import pytest
from hypothesis import given
from hypothesis import strategies as st
from lightly_access.manifest import Manifest
from lightly_access.outputs import MADE, YOURS
from lightly_access.previous import goes

STORE = {"kind": "s3", "region": "eu-central-1"}
SOURCE = {"store": "lake", "access": "delegated"}


def manifest(*keys: str, aliases: tuple[str, ...] = ()) -> Manifest:
    """Datasets of these keys, the first of which had other ones before."""
    stores = {"lake": {**STORE, "bucket": "acme-lake"}}
    datasets = {
        key: {
            "type": "images",
            "input": {**SOURCE, "path": f"{key}/in/"},
            "lightly": {**SOURCE, "path": f"{key}/out/"},
            **({"aliases": list(aliases)} if aliases and key == keys[0] else {}),
        }
        for key in keys
    }
    return Manifest.parse({"stores": stores, "datasets": datasets})


def test_an_entry_that_is_gone_is_named_with_what_ends_and_the_way_to_rename_it() -> None:
    (said,) = goes(manifest("cows"), {"datasets": {"cows": "ok", "bees": "ok"}, "stores": {"lake": YOURS}})
    assert said == (
        "datasets.bees is deployed and not in the manifest any more: this run ends Lightly's access to it\n"
        "hint: under another key it goes on with `aliases: [bees]`"
    )


def test_one_that_has_another_key_now_is_not_gone() -> None:
    assert list(goes(manifest("cows", aliases=("bees",)), {"datasets": {"bees": "ok"}})) == []


@pytest.mark.parametrize(("said", "named"), [(MADE, 1), (YOURS, 0)])
def test_of_a_store_only_what_we_made_can_go(said: str, named: int) -> None:
    assert len(list(goes(manifest("cows"), {"stores": {"lake": YOURS, "results": said}}))) == named


@given(st.dictionaries(st.sampled_from(["datasets", "stores", "other"]), st.none() | st.text() | st.lists(st.text())))
def test_outputs_of_any_other_shape_say_nothing(outputs: dict[str, object]) -> None:
    assert list(goes(manifest("cows"), outputs)) == []
