"""An access that somebody else made: what names it, and what does not belong to it, by the sentence users read."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from lightly_access.manifest import Manifest
from lightly_access.manifest.stack_file import check_path

SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
ROLE = "arn:aws:iam::123456789012:role/lightly/cows"
STORES = {
    "lake": {"kind": "s3", "bucket": "acme-datalake", "region": "eu-central-1"},
    "photos": {"kind": "azure", "account": "acmephotos", "container": "lake", "resource_group": "acme"},
    "frames": {"kind": "gcs", "bucket": "acme-frames", "project": "acme-ml"},
    "disk": {"kind": "local", "input_mount": "/in", "lightly_mount": "/out"},
}
CREDENTIAL_CLIENTS: dict[str, dict[str, Any]] = {
    "delegated": {"store": "lake", "role_arn": ROLE, "external_id": "cows-input"},
    "user": {"store": "lake", "access_key_id": "AKIAIOSFODNN7EXAMPLE", "secret": "cows-input"},
    "sas": {"store": "photos", "secret": "env:COWS_SAS"},
    "service_account": {"store": "frames", "secret": "cows-input"},
}


def config(access: str, **more: Any) -> dict[str, Any]:
    source = {"path": "in/", "access": access, **CREDENTIAL_CLIENTS[access], **more}
    given = {key: value for key, value in source.items() if value is not None}
    lightly = {"store": "disk", "path": "out/", "access": "mount"}
    return {"stores": STORES, "datasets": {"cows": {"type": "images", "input": given, "lightly": lightly}}}


@pytest.mark.parametrize("access", CREDENTIAL_CLIENTS)
def test_each_cloud_has_a_way_in_that_exists_already(access: str) -> None:
    manifest = Manifest.parse(config(access))
    assert manifest.datasets["cows"].input.made_elsewhere
    assert not manifest.datasets["cows"].lightly.made_elsewhere
    assert Manifest.parse(manifest.to_config()) == manifest


def test_what_we_make_is_not_adopted() -> None:
    for access, options in CREDENTIAL_CLIENTS.items():
        ours = Manifest.parse(config(access, **dict.fromkeys(set(options) - {"store"})))
        assert not ours.datasets["cows"].input.made_elsewhere


def said(access: str, **more: Any) -> list[str]:
    return [str(problem) for problem in Manifest.check(config(access, **more)).problems]


@pytest.mark.parametrize(
    ("access", "more", "where", "expected"),
    [
        ("delegated", {"external_id": None}, "external_id", "expected where the external ID of that role is"),
        ("delegated", {"role_arn": None}, "external_id", "expected role_arn with it"),
        ("delegated", {"role_arn": "cows"}, "role_arn", "expected the ARN of a role"),
        ("delegated", {"external_id": SECRET}, "external_id", "expected the name of a secret"),
        ("delegated", {"secret": "x"}, "secret", "a role has no secret"),
        ("user", {"secret": None}, "secret", "expected where the key's secret is"),
        ("user", {"access_key_id": None}, "secret", "expected access_key_id with it"),
        ("user", {"access_key_id": "ASIAIOSFODNN7EXAMPLE"}, "access_key_id", "temporary credential"),
        ("user", {"access_key_id": "short"}, "access_key_id", "16 to 128 of A-Z 0-9 _"),
        ("user", {"role_arn": ROLE}, "role_arn", "expected it only with access: delegated"),
        ("sas", {"access_key_id": "K"}, "access_key_id", "expected it only with access: user or key"),
        ("sas", {"secret": SECRET}, "secret", "expected the name of a secret"),
        ("service_account", {"role_arn": ROLE}, "role_arn", "expected it only with access: delegated"),
    ],
)
def test_what_names_it_is_whole_and_no_secret(access: str, more: dict[str, Any], where: str, expected: str) -> None:
    (problem,) = said(access, **more)
    assert problem.startswith(f"datasets.cows.input.{where}: ")
    assert expected in problem
    assert SECRET not in problem


@pytest.mark.parametrize(
    ("access", "key", "value"),
    [
        *((access, key, value) for access in ("user", "sas", "service_account")
          for key, value in (("rotate_after", 5), ("rotate_anchor", "2026-02-03"), ("rotate_now", "now"))),
        *((access, key, value) for access in ("delegated", "user")
          for key, value in (("permissions_boundary", "arn:aws:iam::123456789012:policy/b"),
                             ("list_prefix_condition", False), ("list_prefix_condition", True))),
        ("sas", "sas", "stored_policy"), ("sas", "sas", "user_delegation"),
        ("sas", "permissions_boundary", "arn:aws:iam::123456789012:policy/b"),
    ],
)  # fmt: skip
def test_what_only_we_could_do_is_refused_by_name(access: str, key: str, value: object) -> None:
    (problem,) = said(access, **{key: value})
    assert problem.startswith(f"datasets.cows.input.{key}: ")
    assert "expected it only with" in problem or "expected it only where we write the policy" in problem


def test_only_an_external_credential_may_be_accepted_to_reach_further() -> None:
    for access in ("user", "sas", "service_account"):
        assert said(access, whole_bucket=True) == []
    (problem,) = said("delegated", whole_bucket=True)
    assert "expected it only with a secret" in problem


def test_external_tokens_need_no_room_in_the_container() -> None:
    way = {"access": "sas", "store": "photos", "secret": "env:SAS"}
    datasets = {
        f"cows{number}": {
            "type": "images",
            "input": {**way, "path": f"in-{number}/"},
            "lightly": {"store": "disk", "path": f"out-{number}/", "access": "mount"},
        }
        for number in range(5)
    }
    assert Manifest.check({"stores": STORES, "datasets": datasets}).problems == ()


def test_a_stack_file_must_hold_the_external_id_that_it_names(tmp_path: Path) -> None:
    file = tmp_path / "Pulumi.dev.yaml"

    def stack(**more: Any) -> list[str]:
        ours = {f"lightly-access:{table}": value for table, value in config("delegated").items()}
        file.write_text(yaml.safe_dump({"config": {**ours, **more}}))
        return [str(problem) for problem in check_path(file).problems]

    (missing,) = stack()
    assert "datasets.cows.input.external_id: " in missing
    assert "pulumi config set --secret lightly-keys:<name>" in missing
    assert stack(**{"lightly-keys:cows-input": {"secure": "v1:abc"}}) == []
