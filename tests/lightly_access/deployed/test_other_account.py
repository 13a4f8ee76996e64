"""An account whose key is another one, and a store that changes its owner: said before everything is made anew."""

from typing import Any

import pytest
from lightly_access.deployed.exported import exported
from lightly_access.deployed.other_account import other_account
from lightly_access.manifest import Manifest

ACCOUNTS: dict[str, dict[str, Any]] = {
    "s3": {"cloud": "aws", "profile": "data"},
    "azure": {"cloud": "azure", "subscription": "00000000-0000-0000-0000-000000000000"},
    "gcs": {"cloud": "gcp", "project": "acme-ml"},
}
STORES: dict[str, dict[str, Any]] = {
    "s3": {"kind": "s3", "bucket": "acme-lake", "region": "eu-central-1"},
    "azure": {"kind": "azure", "account": "acmephotos", "container": "pictures", "resource_group": "r"},
    "gcs": {"kind": "gcs", "bucket": "acme-frames", "project": "acme-ml"},
}
ACCESSES = {"s3": "delegated", "azure": "sas", "gcs": "service_account"}
PROVIDERS = {"s3": "aws::data-eu-central-1", "azure": "azure-native::data", "gcs": "gcp::data"}
URN = "urn:pulumi:prod::farm::"


def manifest(kind: str, owner: str | None, *aliases: str) -> Manifest:
    store = {**STORES[kind], **({"owner": owner} if owner else {})}
    sides = {side: {"store": "lake", "path": f"{side}/", "access": ACCESSES[kind]} for side in ("input", "lightly")}
    accounts = {owner: {**ACCOUNTS[kind], "aliases": list(aliases)}} if owner else {}
    return Manifest.parse(
        {"stores": {"lake": store}, "datasets": {"cows": {"type": "images", **sides}}, "accounts": accounts}
    )


def said(manifest: Manifest, provider: str) -> list[str]:
    """Of a stack whose store is there already, so that only the access was made."""
    access = f"{URN}lightly-access:index:LightlyDataset$lightly-access:x:Access::cows-input-access"
    resources = [
        {"urn": access, "type": "lightly-access:x:Access"},
        {"urn": f"{access}-key", "custom": True, "parent": access, "provider": f"{URN}pulumi:providers:{provider}::1"},
        {"urn": f"{access}-id", "custom": True, "parent": access, "provider": f"{URN}pulumi:providers:lightly::d::1"},
    ]
    return [str(each) for each in other_account(manifest, exported({"deployment": {"resources": resources}}))]


@pytest.mark.parametrize("kind", STORES)
def test_an_owner_of_another_name_is_said_unless_it_had_the_deployed_one(kind: str) -> None:
    assert said(manifest(kind, "data"), PROVIDERS[kind]) == []
    assert said(manifest(kind, "farm", "older", "data"), PROVIDERS[kind]) == []
    (renamed,) = said(manifest(kind, "farm"), PROVIDERS[kind])
    assert renamed.startswith("stores.lake.owner: got farm, expected data")
    assert "anew" in renamed
    assert "`aliases` at `accounts`" in renamed


@pytest.mark.parametrize("kind", STORES)
def test_an_owner_that_comes_or_goes_is_said(kind: str) -> None:
    default = f"{PROVIDERS[kind].partition('::')[0]}::default_7_0_0"
    assert said(manifest(kind, None), default) == []
    (comes,) = said(manifest(kind, "data"), default)
    assert "expected the login of whoever deploys, which is deployed" in comes
    (goes,) = said(manifest(kind, None), PROVIDERS[kind])
    assert "got nothing, expected data" in goes
