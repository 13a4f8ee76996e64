"""Google Cloud's names: what is accepted is what Google accepts; and a key file is one."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lightly_access.kinds import registry
from lightly_access.kinds.gcs import names as gcs_names

KEY = {"type": "service_account", "client_email": "a@b.iam.gserviceaccount.com", "private_key": "x"}


@pytest.mark.parametrize("name", ["abc", "a_b-c.d", "0ab", "a" * 63, f"{'a' * 63}.{'b' * 63}.{'c' * 63}"])
def test_good_buckets(name: str) -> None:
    assert gcs_names.bucket_name(name) is None


@pytest.mark.parametrize(
    "name",
    ["ab", "a" * 64, "Abc", "-abc", "abc_", "a..b", "10.0.0.1", "googbucket", "my-google", "my-g00gle", "a b", "abc\n"],
)
def test_bad_buckets(name: str) -> None:
    assert gcs_names.bucket_name(name)


@pytest.mark.parametrize("name", ["acme-ml", "a12345", "example.com:acme-ml", "a" * 30])
def test_good_projects(name: str) -> None:
    assert gcs_names.project(name) is None


@pytest.mark.parametrize(
    "name", ["acme", "a" * 31, "1acme-ml", "acme-ml-", "Acme-ml", "acme_ml", "123456", "acme-ml\n"]
)
def test_bad_projects(name: str) -> None:
    assert gcs_names.project(name)


@pytest.mark.parametrize("name", [*gcs_names.REGIONS, *gcs_names.MULTI_REGIONS, "EU", "NAM4", "Europe-West3"])
def test_the_locations_that_we_know_are_accepted_in_any_case(name: str) -> None:
    assert gcs_names.location(name) is None
    assert gcs_names.unusual_location(name) is None


@pytest.mark.parametrize(("key", "good"), [("team", True), ("größe", True), ("t_1-x", True), ("a" * 64, False)])
def test_label_keys(key: str, good: bool) -> None:
    assert (gcs_names.label_key(key) is None) is good


@pytest.mark.parametrize("key", ["", "Team", "1team", "_x", "team!", "goog-x", "a b", "a\n"])
def test_bad_label_keys(key: str) -> None:
    assert gcs_names.label_key(key)


@pytest.mark.parametrize("value", ["Vision", "a b", "a" * 64, "a.b", "a\n"])
def test_bad_label_values(value: str) -> None:
    assert gcs_names.label_value(value)
    assert gcs_names.label_value("") is None


def test_a_path_is_a_directory_of_a_bucket() -> None:
    assert registry.kind_of("gcs").path_fault("gs://acme-frames/") is None
    assert registry.kind_of("gcs").path_fault("gs://acme-frames/cows/") is None
    for wrong in ("gs://acme-frames", "gs://acme-frames/cows", "s3://acme-frames/", "gs://goog-x/", "gs://acme/../x/"):
        assert registry.kind_of("gcs").path_fault(wrong), wrong


def test_a_key_file_is_one() -> None:
    assert gcs_names.credentials(json.dumps(KEY)) is None
    for missing in KEY:
        assert gcs_names.credentials(json.dumps({name: KEY[name] for name in KEY if name != missing}))
    assert gcs_names.credentials(json.dumps([KEY]))
    assert gcs_names.credentials(json.dumps({**KEY, "private_key": None}))


@given(st.text(max_size=80))
def test_no_text_breaks_a_rule_and_no_rule_shows_a_credential(text: str) -> None:
    for rule in (
        gcs_names.bucket_name,
        gcs_names.project,
        gcs_names.location,
        gcs_names.label_key,
        registry.kind_of("gcs").path_fault,
    ):
        rule(text)
    fault = gcs_names.credentials(f"canary{text}")
    assert fault
    assert "canary" not in f"{fault.expected} {fault.hint}"
