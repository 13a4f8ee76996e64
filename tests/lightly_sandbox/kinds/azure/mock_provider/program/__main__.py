"""A Pulumi program with every resource type and function of the mock provider."""

import os
from typing import Any

import pulumi
from pulumi_azure_native import resources, storage

STAGE = os.environ.get("PROGRAM_STAGE", "one")
NAME = os.environ["ACCOUNT_NAME"]

group = resources.ResourceGroup("acme-data", location="West Europe", tags={"stage": STAGE})
account = storage.StorageAccount(
    "account",
    account_name=NAME,
    resource_group_name=group.name,
    kind=storage.Kind.STORAGE_V2,
    sku={"name": storage.SkuName.STANDARD_LRS},
    minimum_tls_version=storage.MinimumTlsVersion.TLS1_2,
    allow_blob_public_access=False,
    key_policy={"key_expiration_period_in_days": 90},
    sas_policy={"expiration_action": storage.ExpirationAction.LOG, "sas_expiration_period": "90.00:00:00"},
    is_hns_enabled=STAGE == "two",
    tags={"stage": STAGE},
)
place: dict[str, Any] = {"account_name": account.name, "resource_group_name": group.name}
storage.BlobServiceProperties(
    "blobs", **place, blob_services_name="default", delete_retention_policy={"enabled": True, "days": 7}
)
container = storage.BlobContainer("lake", **place, metadata={"stage": STAGE})
blob = storage.Blob("herd/", **place, container_name=container.name, type=storage.BlobType.BLOCK)

keys = storage.list_storage_account_keys_output(account_name=account.name, resource_group_name=group.name)
pulumi.export("key", pulumi.Output.secret(keys.keys[0].value))
pulumi.export("endpoint", account.primary_endpoints.blob)
found = storage.get_storage_account_output(account_name=account.name, resource_group_name=group.name)
pulumi.export("hierarchical", found.is_hns_enabled)
pulumi.export("url", blob.url)
