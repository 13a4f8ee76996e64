from typing import Any

import pulumi
import pytest
from lightly_access.kinds.azure.components import AzureContainer, AzureContainerArgs
from lightly_access.kinds.azure.sas_window import LONGEST_LIFE
from pulumi.runtime import mocks

from tests.lightly_access.recording import ACCOUNT_KEY, BLOB_ENDPOINT, Recording, record

HERE: AzureContainerArgs = {"account": "acmephotos", "container": "datalake", "resource_group": "acme-data"}
MADE: AzureContainerArgs = {**HERE, "create": True, "create_account": True, "location": "westeurope"}
ACCOUNT = "azure-native:storage:StorageAccount"


def registered(
    args: AzureContainerArgs, *, hierarchical: bool = False, **seen: Any
) -> tuple[Recording, dict[str, Any]]:
    recording = record()
    recording.hierarchical = hierarchical

    @pulumi.runtime.test  # type: ignore[untyped-decorator]  # the SDK's decorator has no types
    def program() -> Any:
        store = AzureContainer("photos", args)
        if store.created:
            store.directory("cows/")
            store.directory("cows/")
        seen["store"] = store
        sealed: Any = store.account_key.is_secret()
        outputs = pulumi.Output.all(store.endpoint, store.account_key, sealed)
        return outputs.apply(lambda value: seen.update(endpoint=value[0], key=value[1], sealed=value[2]))

    program()
    return recording, seen


def test_an_adopted_container_is_never_touched() -> None:
    recording, seen = registered(HERE)
    invoked = {"azure-native:storage:getStorageAccount", "azure-native:storage:listStorageAccountKeys"}
    assert set(recording.found) == {"lightly-access:azure:AzureContainer", *invoked}
    assert (seen["endpoint"], seen["key"], seen["sealed"]) == (BLOB_ENDPOINT, ACCOUNT_KEY, True)
    assert seen["store"].prerequisites == []


def test_in_an_adopted_account_only_the_container_is_made_and_nobody_reads_it_anonymously() -> None:
    recording, _ = registered({**HERE, "create": True})
    assert ACCOUNT not in recording.found
    container = recording.only("azure-native:storage:BlobContainer")
    assert (container["accountName"], container["containerName"]) == ("acmephotos", "datalake")
    assert container["publicAccess"] == "None"


def test_a_created_account_is_hardened() -> None:
    recording, seen = registered({**MADE, "tags": {"team": "ml"}, "soft_delete_days": 30})
    account = recording.only(ACCOUNT)
    assert {
        "enableHttpsTrafficOnly": True,
        "minimumTlsVersion": "TLS1_2",
        "allowBlobPublicAccess": False,
        "allowCrossTenantReplication": False,
        "allowSharedKeyAccess": True,
        "defaultToOAuthAuthentication": True,
        "isHnsEnabled": False,
        "keyPolicy": {"keyExpirationPeriodInDays": 90},
        "location": "westeurope",
        "tags": {"team": "ml"},
    }.items() <= account.items()
    days, _, rest = account["sasPolicy"]["sasExpirationPeriod"].partition(".")
    assert (int(days) >= LONGEST_LIFE.days, rest) == (True, "00:00:00")
    kept = recording.only("azure-native:storage:BlobServiceProperties")
    assert kept["deleteRetentionPolicy"] == kept["containerDeleteRetentionPolicy"] == {"enabled": True, "days": 30}
    assert recording.only("azure-native:resources:ResourceGroup")["tags"] == {"team": "ml"}
    assert (seen["endpoint"], seen["sealed"]) == (BLOB_ENDPOINT, True)


@pytest.mark.parametrize(("hierarchical", "blob"), [(False, "cows/"), (True, "cows/.lightly/directory")])
def test_a_directory_is_one_empty_blob_however_many_datasets_ask_for_it(hierarchical: bool, blob: str) -> None:
    recording, _ = registered({**MADE, "hierarchical": hierarchical})
    directory = recording.only("azure-native:storage:Blob")
    assert (directory["blobName"], directory["type"]) == (blob, "Block")
    assert "source" not in directory


@pytest.mark.parametrize("force_destroy", [False, True])
def test_what_azure_would_delete_with_all_its_blobs_is_kept_unless_destroy_is_forced(force_destroy: bool) -> None:
    kept: dict[str, bool] = {}

    class Monitor(mocks.MockMonitor):
        def RegisterResource(self, request: Any) -> Any:
            kept[request.type] = request.retainOnDelete
            return super().RegisterResource(request)  # type: ignore[no-untyped-call]  # the SDK's

    recording = Recording()
    mocks.set_mocks(recording, preview=False, monitor=Monitor(recording))

    @pulumi.runtime.test  # type: ignore[untyped-decorator]  # the SDK's decorator has no types
    def program() -> Any:
        return AzureContainer("photos", {**MADE, "force_destroy": force_destroy}).endpoint

    program()
    for kind in ("resources:ResourceGroup", "storage:StorageAccount", "storage:BlobContainer"):
        assert kept[f"azure-native:{kind}"] is not force_destroy


def test_an_account_that_is_not_hierarchical_is_not_taken_for_one() -> None:
    registered({**HERE, "hierarchical": True}, hierarchical=True)
    with pytest.raises(pulumi.RunError, match="has no hierarchical namespace"):
        registered({**HERE, "hierarchical": True}, hierarchical=False)


def test_an_account_needs_a_place_and_a_container() -> None:
    for args, why in (
        ({**MADE, "location": None}, "location: got nothing, expected the region where the account is made"),
        ({**MADE, "create": False}, "create_account: got true, expected it only with create: true"),
    ):
        with pytest.raises(pulumi.RunError, match=why):
            registered(args)  # type: ignore[arg-type]  # what a user may write
