"""Accounts that own stores: what names them, what does not fit, by the sentence users read."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from lightly_access.kinds.s3.account import AwsAccount
from lightly_access.kinds.s3.store import S3Store
from lightly_access.manifest import Checked, Manifest
from lightly_access.manifest.stack_file import check_path

GUID = "11111111-2222-3333-4444-555555555555"
ROLE = "arn:aws:iam::222222222222:role/deployer"
CONFIG: dict[str, Any] = {
    "accounts": {
        "data": {"cloud": "aws", "role_arn": ROLE},
        "photos": {"cloud": "azure", "subscription": GUID},
        "ml": {"cloud": "gcp", "project": "acme-ml"},
    },
    "stores": {
        "lake": {"kind": "s3", "bucket": "acme-lake", "region": "eu-central-1", "owner": "data"},
        "pictures": {
            "kind": "azure",
            "account": "acmephotos",
            "container": "photos",
            "resource_group": "acme-data",
            "hierarchical": True,
            "owner": "photos",
        },
        "frames": {"kind": "gcs", "bucket": "acme-frames", "project": "acme-ml", "owner": "ml"},
        "disk": {"kind": "local", "input_mount": "/in", "lightly_mount": "/out"},
    },
    "datasets": {
        "cows": {
            "type": "images",
            "input": {"store": "lake", "path": "cows/", "access": "delegated"},
            "lightly": {"store": "pictures", "path": "cows/", "access": "sas"},
        },
        "hens": {
            "type": "images",
            "input": {"store": "frames", "path": "hens/", "access": "service_account"},
            "lightly": {"store": "disk", "path": "hens/", "access": "mount"},
        },
    },
}


def changed(**changes: object) -> dict[str, Any]:
    """The good configuration with values put at places such as `accounts__data__role_arn`; None takes away."""
    config = deepcopy(CONFIG)
    for where, value in changes.items():
        *path, last = where.split("__")
        table = config
        for key in path:
            table = table.setdefault(key, {})
        table[last] = value
        if value is None:
            del table[last]
    return config


def check(**changes: object) -> Checked:
    return Manifest.check(changed(**changes))


def test_stores_of_three_clouds_name_whose_they_are() -> None:
    checked = check()
    assert [str(problem) for problem in (*checked.problems, *checked.warnings)] == []
    manifest = checked.manifest
    assert manifest
    lake, data = manifest.stores["lake"], manifest.accounts["data"]
    assert isinstance(lake, S3Store)
    assert lake.owner == "data"
    assert isinstance(data, AwsAccount)
    assert data.role_arn == ROLE
    assert Manifest.parse(manifest.to_config()) == manifest


def test_a_manifest_without_accounts_is_as_before() -> None:
    bare = changed(accounts=None, stores__lake__owner=None, stores__pictures__owner=None, stores__frames__owner=None)
    manifest = Manifest.parse(bare)
    assert manifest.accounts == {}
    assert "lightly-access:accounts" not in manifest.to_config()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"stores__lake__owner": "dat"},
            "stores.lake.owner: got 'dat', expected one of the accounts: data, photos, ml\nhint: did you mean 'data'?",
        ),
        (
            {"stores__lake__owner": "ml"},
            "stores.lake.owner: got 'ml', expected an account of cloud aws for a store of kind s3\nhint: there is data",
        ),
        ({"stores__pictures__owner": "data"}, "expected an account of cloud azure for a store of kind azure"),
        ({"stores__frames__owner": "photos"}, "expected an account of cloud gcp for a store of kind gcs"),
        ({"stores__disk__owner": "data"}, "stores.disk.owner: got 'owner', expected one of the keys"),
        ({"accounts__data__cloud": "gpc"}, "accounts.data.cloud: got 'gpc', expected aws, azure or gcp\nhint: did you"),
        ({"accounts__data__cloud": "s3"}, "hint: did you mean 'aws'?"),
        ({"accounts__data__role_arn": "deployer"}, "expected the ARN of a role, arn:aws:iam::<12 digits>:role/<name>"),
        (
            {"accounts__data__role_arn": "arn:aws:sts::222222222222:assumed-role/deployer/me"},
            "hint: that is a session of a role",
        ),
        (
            {"accounts__data__role_arn": ROLE.replace("aws:iam", "aws-cn:iam")},
            "expected a region of the partition aws-cn",
        ),
        ({"accounts__data__profile": "[data]"}, "expected the name of a profile"),
        (
            {"accounts__photos__subscription": "photos"},
            "accounts.photos.subscription: got 'photos', expected an id such",
        ),
        ({"accounts__photos__subscription": None}, "accounts.photos.subscription: got nothing"),
        ({"accounts__photos__role_arn": ROLE}, "expected one of the keys cloud, subscription, tenant"),
        (
            {"accounts__ml__project": "acme-other"},
            "stores.frames.project: got 'acme-ml', expected acme-other, the project",
        ),
        ({"accounts__ml__impersonate": "me@acme.example"}, "expected the email of a service account"),
        ({"accounts__-": {"cloud": "aws"}}, "expected a name of 1 to 64 letters"),
        (
            {"datasets__cows__input__permissions_boundary": "arn:aws:iam::111111111111:policy/bound"},
            "expected the ARN of a policy of account 222222222222 (accounts.data)",
        ),
    ],
)
def test_what_does_not_fit_is_refused(changes: dict[str, object], sentence: str) -> None:
    assert sentence in "\n".join(str(problem) for problem in check(**changes).problems)


def test_a_boundary_of_the_account_itself_or_of_aws_fits() -> None:
    for account in ("222222222222", "aws"):
        arn = f"arn:aws:iam::{account}:policy/bound"
        assert check(datasets__cows__input__permissions_boundary=arn).manifest


def test_an_account_that_nothing_uses_is_a_warning() -> None:
    (warning,) = check(accounts__spare={"cloud": "aws"}).warnings
    assert str(warning) == "accounts.spare: got an account that no store names, expected a store with owner: spare"


def test_a_user_delegation_in_another_tenant_is_a_warning() -> None:
    changes = {"accounts__photos__tenant": GUID, "datasets__cows__lightly__sas": "user_delegation"}
    (warning,) = check(**changes).warnings
    assert f"expected a login to the tenant {GUID}" in str(warning)


def test_an_external_id_is_named_and_never_written() -> None:
    text = "wJalrXUtnFEMI/K7MDENG"
    (problem,) = check(accounts__data__external_id=text).problems
    assert text not in str(problem)
    (problem,) = check(accounts__data__role_arn=None, accounts__data__external_id="data-deployer").problems
    assert "expected it only with role_arn" in str(problem)
    assert check(accounts__data__external_id="env:EXTERNAL_ID").manifest


def test_a_secret_that_the_stack_file_does_not_have_is_found(tmp_path: Path) -> None:
    file = tmp_path / "Pulumi.acme.yaml"
    keys = {"lightly-keys:data-deployer": {"secure": "v1:abc"}}
    for name, said in (("data-deployer", []), ("data-deployr", ["hint: did you mean 'data-deployer'?"])):
        config = {f"lightly-access:{key}": value for key, value in changed(accounts__data__external_id=name).items()}
        file.write_text(yaml.safe_dump({"config": config | keys}))
        problems = [str(problem) for problem in check_path(file).problems]
        assert len(problems) == len(said)
        assert all(hint in problem for hint, problem in zip(said, problems, strict=True))


def test_accounts_stand_in_the_stack_and_not_in_a_manifest_folder(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "mine.yaml").write_text(yaml.safe_dump({"accounts": CONFIG["accounts"]}))
    found = Manifest.check({"manifest": "data"}, root=tmp_path)
    assert any("expected stores or datasets in a manifest file" in str(problem) for problem in found.problems)


@given(st.sampled_from(["lake", "pictures", "frames"]), st.sampled_from(["data", "photos", "ml"]))
def test_a_store_is_owned_by_accounts_of_its_own_cloud_only(store: str, account: str) -> None:
    fits = {"lake": "data", "pictures": "photos", "frames": "ml"}[store] == account
    assert (check(**{f"stores__{store}__owner": account}).manifest is not None) is fits
