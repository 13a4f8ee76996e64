"""What the mock provider and the local Azure refuse, and in whose words."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.lightly_sandbox.kinds.azure.emulator.azure import Azure
from tests.lightly_sandbox.kinds.azure.mock_provider.test_lives import ACCOUNT, BLOB, CONTAINER, GROUP, around, new
from tests.lightly_sandbox.mock_providers.client import Plugin, ProviderError


def test_what_is_not_implemented_is_refused_by_name(plugin: Plugin) -> None:
    given = {"resourceGroupName": "g", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
    _, failures = plugin.check(ACCOUNT, "it", {**given, "networkRuleSet": {}, "minimumTls": "1"})
    assert "does not implement `networkRuleSet`" in failures["networkRuleSet"]
    assert "unknown property `minimumTls`\nhint: did you mean `minimumTlsVersion`?" in failures["minimumTls"]


def test_azures_own_words_reach_the_user(azure: Azure, plugin: Plugin) -> None:
    account = azure.storage_account()
    sku = {"kind": "StorageV2", "sku": {"name": "Standard_LRS"}, "accountName": account.name}
    other = plugin.create(GROUP, "it", {"location": "westeurope"})
    with pytest.raises(
        ProviderError, match=f"could not create storage account '{account.name}' .*AlreadyTaken: The stor"
    ):
        plugin.create(ACCOUNT, "it", {**sku, "resourceGroupName": other["name"]})
    with pytest.raises(ProviderError, match="PublicAccessNotPermitted"):
        plugin.create(CONTAINER, "it", {**around(account), "containerName": "open", "publicAccess": "Blob"})
    with pytest.raises(ProviderError, match="ContainerNotFound"):
        plugin.create(BLOB, "it", {**around(account), "containerName": "nowhere"})
    with pytest.raises(ProviderError, match="ResourceGroupNotFound: Resource group 'nowhere' could not be found"):
        plugin.create(CONTAINER, "it", {"accountName": account.name, "resourceGroupName": "nowhere"})
    with pytest.raises(ProviderError, match="missing `location`\nhint"):
        plugin.create(GROUP, "it", {"resourceGroupName": new()})


def test_a_wrong_token_manages_nothing(settings: dict[str, Any]) -> None:
    from lightly_sandbox.kinds.azure.mock_provider import mock_provider

    serving = mock_provider({**settings, "token": "another-token"})
    plugin = Plugin(serving.port)
    with pytest.raises(ProviderError, match="InvalidAuthenticationToken") as caught:
        plugin.create(GROUP, "it", {"location": "westeurope"})
    assert "another-token" not in caught.value.text
    plugin.close()
    serving.stop()


def test_another_subscription_is_not_ours(serving: Any) -> None:
    plugin = Plugin(serving.port, {"subscriptionId": "00000000-0000-0000-0000-000000000000"})
    with pytest.raises(ProviderError, match="SubscriptionNotFound"):
        plugin.create(GROUP, "it", {"location": "westeurope"})
    plugin.close()


def test_provider_settings_that_are_not_implemented_are_refused(plugin: Plugin) -> None:
    failures = dict(plugin.check_config({"clientSecret": "x", "oidc": "y", "location": "westeurope"}))
    assert failures.keys() == {"clientSecret", "oidc"}


def test_a_busy_azure_is_asked_again_and_a_refusal_is_not(
    azure: Azure, plugin: Plugin, faults: Callable[..., None]
) -> None:
    action = "Microsoft.Resources/subscriptions/resourceGroups/write"
    faults({"action": action, "status": 503, "times": 2})
    made = plugin.create(GROUP, "it", {"location": "westeurope"})
    faults({"action": action, "status": 403, "code": "AuthorizationFailed", "message": "no", "times": 2})
    with pytest.raises(ProviderError, match="AuthorizationFailed: no"):
        plugin.update(made, {"location": "westeurope", "tags": {"a": "b"}})
    faults()
    plugin.delete(made)


def test_an_id_that_is_none_is_refused(plugin: Plugin) -> None:
    with pytest.raises(ProviderError, match="got the id 'lake', expected /subscriptions/"):
        plugin.imported(BLOB, "it", "lake")
