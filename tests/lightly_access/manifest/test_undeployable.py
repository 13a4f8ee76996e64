"""Right value by value, and yet not to be deployed: beyond a quota, in another cloud, by a provider told wrongly."""

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from lightly_access.kinds import registry
from lightly_access.manifest import Checked, Manifest
from lightly_access.manifest.config_keys import stack_problems
from lightly_access.tables.written import Tables
from lightly_core.capability import Purpose
from lightly_core.directory import directory_path
from lightly_policies.rendering import UnrenderableDocumentError

LAKE = {"kind": "s3", "bucket": "acme-datalake", "region": "eu-central-1"}
FRAMES = {"kind": "gcs", "bucket": "acme-frames", "project": "acme-ml"}
PHOTOS = {
    "kind": "azure",
    "account": "acmephotos",
    "container": "datalake",
    "resource_group": "acme",
    "hierarchical": True,
}
NETWORK = {
    "vpc_ids": [f"vpc-{number:017x}" for number in range(20)],
    "cidrs": [f"203.0.{number}.0/24" for number in range(113, 133)],
}


def check(store: dict[str, Any], access: str, path: str = "cows/", count: int = 1, **more: Any) -> Checked:
    datasets = {
        f"cows-{number}": {
            "type": "images",
            "input": {"store": "lake", "path": f"{number}/{path}", "access": access, **more},
            "lightly": {"store": "lake", "path": f"out/{number}/", "access": access},
        }
        for number in range(count)
    }
    return Manifest.check({"stores": {"lake": store}, "datasets": datasets})


@given(
    st.sampled_from([(LAKE, "delegated"), (LAKE, "user"), (FRAMES, "service_account")]),
    st.integers(1, 950),
    st.sampled_from(["a", "é", "~"]),
    st.booleans(),
)
def test_what_a_deployment_could_not_render_is_refused_before_and_nothing_else(
    where: tuple[dict[str, Any], str], length: int, letter: str, hardened: bool
) -> None:
    store, access = where
    path = letter * (length // len(letter.encode())) + "/"
    assume(directory_path(f"0/{path}") is None)
    more: dict[str, Any] = {"hardened": NETWORK} if hardened and store is LAKE else {}
    found = check(store, access, path, **more)
    assert (found.manifest is None) == (not _deployable(store, access, path, more))
    assert all("shorter path" in str(problem.hint) for problem in found.problems)


def _deployable(store: dict[str, Any], access: str, path: str, more: dict[str, Any]) -> bool:
    """What the policy that a deployment makes says of it, rendered from a manifest of values that are right."""
    kind = registry.kind_of(store["kind"])
    short = check(store, access, **more).manifest
    assert short
    source = short.datasets["cows-0"].input.model_copy(update={"path": f"0/{path}"})
    try:
        analysed = kind.analysis("cows-0", Purpose.INPUT, source, short.stores["lake"])
    except UnrenderableDocumentError:
        return False
    return not any("nothing can be deployed" in each for each in analysed.unexpected)


@pytest.mark.parametrize(
    ("store", "access", "count", "noun", "refused"),
    [
        (LAKE, "user", 150, None, False),
        (LAKE, "user", 151, "302 IAM groups in the account of your login", False),
        (LAKE, "user", 251, "502 IAM groups", True),
        (LAKE, "delegated", 501, "1002 IAM roles", False),
        (FRAMES, "service_account", 50, None, False),
        (FRAMES, "service_account", 51, "102 service accounts in project acme-ml", False),
    ],
)
def test_a_quota_is_said_with_its_number_and_the_way_out(
    store: dict[str, Any], access: str, count: int, noun: str | None, refused: bool
) -> None:
    found = check(store, access, count=count)
    said = [each for each in (*found.problems, *found.warnings) if each.path == ("datasets",)]
    assert bool(found.problems) == refused
    assert bool(said) == bool(noun)
    for each in said:
        assert each.got.startswith(str(noun))
        assert "at most" in each.expected
        assert each.hint
        assert not (refused and "raise" in each.hint), "what is refused is beyond what a raised quota can be"


def test_external_credentials_count_for_nobody() -> None:
    role = "arn:aws:iam::123456789012:role/lightly"
    source = {"store": "lake", "access": "delegated", "role_arn": role, "external_id": "lightly-id"}
    datasets = {
        f"c-{number:04}": {
            "type": "images",
            "input": {**source, "path": f"in/{number}/"},
            "lightly": {**source, "path": f"out/{number}/"},
        }
        for number in range(600)
    }
    found = Manifest.check({"stores": {"lake": LAKE}, "datasets": datasets})
    assert found.manifest
    assert [each for each in found.warnings if each.path == ("datasets",)] == []


@pytest.mark.parametrize("location", ["chinaeast2", "usgovvirginia", "usdodcentral"])
def test_another_cloud_of_azure_is_refused(location: str) -> None:
    found = check({**PHOTOS, "create": True, "create_account": True, "location": location}, "sas")
    assert "public cloud" in str(found.problems[0])


@pytest.mark.parametrize("said", [{"azure-native:environment": "china"}, {"ARM_ENVIRONMENT": "usgovernment"}])
def test_a_provider_of_another_cloud_of_azure_is_refused(said: dict[str, str]) -> None:
    tables = Tables({"lake": PHOTOS}, {"cows": {"input": {"store": "lake"}}})
    [problem] = stack_problems(said, tables, said)
    assert "public" in problem.expected
    assert stack_problems({"azure-native:environment": "public"}, tables, {}) == []


@pytest.mark.parametrize(
    ("endpoint", "meant"),
    [
        ("https://archive.obs.eu-de.otc.t-systems.com", "https://obs.eu-de.otc.t-systems.com"),
        ("https://archive.minio.example:9000/", "https://minio.example:9000/"),
        ("https://obs.eu-de.otc.t-systems.com", None),
        ("https://archives.example.com", None),
    ],
)
def test_an_endpoint_that_holds_the_buckets_name_is_refused(endpoint: str, meant: str | None) -> None:
    store = {"kind": "obs", "bucket": "archive", "endpoint": endpoint}
    found = check(store, "key", access_key_id="AKIA", secret="env:KEY")
    hints = [problem.hint for problem in found.problems if problem.path == ("stores", "lake", "endpoint")]
    assert hints == ([f"did you mean {meant!r}?"] if meant else [])


@pytest.mark.parametrize(
    ("kind", "more"), [("s3", {"region": "eu-central-1"}), ("obs", {"endpoint": "https://x.example"})]
)
def test_periods_in_a_buckets_name_are_a_warning(kind: str, more: dict[str, str]) -> None:
    found = Manifest.check({"stores": {"lake": {"kind": kind, "bucket": "acme.lake", **more}}})
    assert [each.hint for each in found.warnings if each.path[-1] == "bucket" and "TLS" in str(each.hint)]


@pytest.mark.parametrize(
    ("config", "environ", "said"),
    [
        ({}, {}, "pulumi config set aws:region eu-central-1"),
        ({"aws:region": "Frankfurt"}, {}, "a region of AWS"),
        ({"aws:region": "eu-centrl-1"}, {}, "did you mean 'eu-central-1'?"),
        ({"aws:region": "eu-central-9"}, {}, "did you mean 'eu-central-"),
        ({"aws:region": "cn-north-1"}, {}, "partition"),
        ({"aws:region": 7}, {}, "a region of AWS"),
        ({"aws:region": "eu-west-1"}, {}, ""),
        ({"aws:region": "il-central-1"}, {}, ""),
        ({"aws:region": "eu-new-1", "aws:skipRegionValidation": "true"}, {}, ""),
        ({"aws:profile": "acme"}, {}, ""),
        ({}, {"AWS_REGION": "eu-west-1"}, ""),
        ({}, {"AWS_PROFILE": "acme"}, ""),
    ],
)
def test_the_region_of_the_aws_provider_is_one_that_it_takes(
    config: dict[str, object], environ: dict[str, str], said: str
) -> None:
    used: dict[str, object] = {"cows": {"input": {"store": "lake", "access": "delegated"}}}
    found = "\n".join(map(str, stack_problems(config, Tables({"lake": LAKE}, used), environ)))
    assert (said in found) if said else not found
    for nobody in ({"lake": {**LAKE, "owner": "acme"}}, {"lake": FRAMES}):
        assert not stack_problems(config, Tables(dict(nobody), used), environ)
