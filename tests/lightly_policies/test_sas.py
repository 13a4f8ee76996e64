"""Tokens are those that azure-storage-blob would make, for one pinned version."""

from urllib.parse import parse_qs

import pytest
from azure.storage.blob import ContainerClient, _shared_access_signature, generate_blob_sas, generate_container_sas
from hypothesis import given
from hypothesis import strategies as st
from lightly_policies.sas import VERSION, depth, token

KEY = "a2V5LW9mLXRoZS1hY2NvdW50"
NAMES = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=3, max_size=20)
PARTS = st.text(
    st.characters(codec="utf-8", exclude_characters="/", exclude_categories=("C", "Z")), min_size=1, max_size=6
)
DIRECTORIES = st.lists(PARTS, max_size=4)


@given(account=NAMES, container=NAMES, policy=NAMES, parts=DIRECTORIES)
def test_a_token_is_that_of_the_sdk(account: str, container: str, policy: str, parts: list[str]) -> None:
    directory = "".join(f"{part}/" for part in parts)
    ours = token(account, container, policy, KEY, directory=directory)
    assert ours == token(account, container, policy, KEY, directory=directory), "a token changes with its inputs only"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_shared_access_signature, "X_MS_VERSION", VERSION)
        terms = {"account_key": KEY, "policy_id": policy, "protocol": "https"}
        if directory:
            theirs = generate_blob_sas(account, container, directory.rstrip("/"), is_directory=True, **terms)  # type: ignore[arg-type]  # texts all
        else:
            theirs = generate_container_sas(account, container, **terms)  # type: ignore[arg-type]  # texts all
    assert parse_qs(ours) == parse_qs(theirs)


def test_a_client_of_the_sdk_takes_the_token() -> None:
    made = token("acmephotos", "lake", "cows-input", KEY)
    client = ContainerClient.from_container_url(f"https://acmephotos.blob.core.windows.net/lake?{made}")
    assert (client.account_name, client.container_name) == ("acmephotos", "lake")
    assert parse_qs(client.url.partition("?")[2]) == parse_qs(made)


def test_a_token_holds_no_terms_of_its_own() -> None:
    assert set(parse_qs(token("acmephotos", "lake", "cows-input", KEY))) == {"sv", "spr", "si", "sr", "sig"}
    bound = parse_qs(token("acmephotos", "lake", "cows-input", KEY, directory="a/b/"))
    assert (bound["sr"], bound["sdd"]) == (["d"], ["2"])


def test_every_input_changes_the_token() -> None:
    base = {"account": "acmephotos", "container": "lake", "policy": "p", "key": KEY, "directory": "a/"}
    others = [{**base, name: "b3RoZXI="} for name in base]
    assert len({token(**other) for other in (base, *others)}) == 6


def test_a_key_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match=r".*"):
        token("acmephotos", "lake", "p", "not base64!")


@pytest.mark.parametrize(("directory", "deep"), [("", 0), ("a/", 1), ("a/b/c/", 3)])
def test_the_depth_counts_directories(directory: str, deep: int) -> None:
    assert depth(directory) == deep
