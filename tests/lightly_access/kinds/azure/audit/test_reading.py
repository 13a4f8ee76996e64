"""Stored policies, read from the local Azure with the account's key."""

from datetime import UTC, datetime, timedelta

import pytest
from lightly_access.audit.lightly import datasource
from lightly_access.kinds.azure.audit.compare import findings
from lightly_access.kinds.azure.audit.reading import Reader
from lightly_access.kinds.azure.storage_api.policies import Container
from lightly_core.capability import Purpose
from lightly_core.secret import Secret
from lightly_policies.sas import StoredPolicy, token

from tests.lightly_access.kinds.azure.storage_api.conftest import azure, local_azure
from tests.lightly_sandbox.kinds.azure.emulator.azure import CONTAINER, Azure

__all__ = ["azure", "local_azure"]
NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.mark.parametrize(("made", "rules"), [("racwdl", {"input-writes"}), ("rl", set()), (None, {"policy-gone"})])
def test_the_stored_policy_behind_a_token_is_evaluated(azure: Azure, made: str | None, rules: set[str]) -> None:
    account = azure.storage_account()
    key = account.keys[0]
    policy = StoredPolicy("lightly-a", made or "", NOW - timedelta(days=1), NOW + timedelta(days=60))
    if made:
        policy = Container(account.name, Secret(key), account.url, CONTAINER, lambda _: None).make(policy)
    text = token(account.name, CONTAINER, policy.id, key)
    source = datasource(
        Purpose.INPUT, "azure", "sas", f"azure://{account.name}/{CONTAINER}/", {}, {"sasToken": Secret(text)}
    )
    told = f"AccountName={account.name};AccountKey={key};BlobEndpoint={account.url}"
    facts = Reader({"AZURE_STORAGE_CONNECTION_STRING": told}).facts(source)
    assert facts.unreadable == ()
    assert {finding.rule for finding in findings(source, facts, NOW)} == rules


def test_a_wrong_key_is_said_so_and_nothing_is_claimed(azure: Azure) -> None:
    account, other = azure.storage_account(), azure.storage_account()
    text = token(account.name, CONTAINER, "lightly-a", account.keys[0])
    source = datasource(
        Purpose.INPUT, "azure", "sas", f"azure://{account.name}/{CONTAINER}/", {}, {"sasToken": Secret(text)}
    )
    told = f"AccountName={account.name};AccountKey={other.keys[0]};BlobEndpoint={account.url}"
    facts = Reader({"AZURE_STORAGE_CONNECTION_STRING": told}).facts(source)
    (unreadable,) = facts.unreadable
    assert "AZURE_STORAGE_KEY" in unreadable.needs
    assert other.keys[0] not in repr(facts)
    assert list(findings(source, facts, NOW)) == []
