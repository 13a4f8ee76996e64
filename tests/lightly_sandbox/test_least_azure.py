"""The roles that a deployer is said to need in Azure are enough and not more: the local one tries identities that have
only them."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from lightly_policies.deployer_needs import AZURE_READS
from lightly_sandbox.kinds.azure.client import Group, RefusedError, account_path, ask
from lightly_sandbox.start import start_sandbox

from tests.deploying import must
from tests.lightly_sandbox.counted_deployer import azure, azure_adopted
from tests.lightly_sandbox.least_azure import (
    DEPLOYS,
    READS,
    Ranch,
    fails_without,
    granted,
    keyless,
    needless,
    ungranted,
)

LIST_KEYS = "Microsoft.Storage/storageAccounts/listKeys/action"


@pytest.mark.parametrize("config", [azure, azure_adopted])
def test_they_are_enough_for_a_stack_s_whole_life_and_every_action_of_them_is_asked_for(
    config: Callable[[], dict[str, Any]], tmp_path: Path
) -> None:
    with start_sandbox(kinds=("azure",)) as sandbox:
        ranch = Ranch(sandbox, tmp_path, config())
        roles = ranch.roles()
        assert [(step, told) for step, told in ranch.steps() if told] == []
        assert needless(roles, ranch.asked()) == set()
        assert ungranted(roles, ranch.asked()) == set()
        assert Group(sandbox, "acme-data").there("acmedata")
        assert not Group(sandbox, "acme-made").there()


@pytest.mark.parametrize(
    ("action", "step"), [("Microsoft.Storage/storageAccounts/blobServices/read", "refresh"), (LIST_KEYS, "up")]
)
def test_without_one_of_their_actions_the_deployment_fails_and_says_which(
    action: str, step: str, tmp_path: Path
) -> None:
    """A sample; `python -m tests.lightly_sandbox.least_azure` tries all of them."""
    found = fails_without(action, tmp_path)
    assert found is not None
    assert (found[0], any(f"'{action}'" in line for line in found[1])) == (step, True)


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ranch]:
    """A stack that a role can read, deployed by the least deployer."""
    with start_sandbox(kinds=("azure", "s3")) as sandbox:
        ranch = Ranch(sandbox, tmp_path_factory.mktemp("ranch"), keyless())
        must(ranch.stack().up())
        ranch.log_in(READS, ranch.roles(READS))
        yield ranch


def test_those_that_read_are_enough_to_preview_refresh_and_verify(deployed: Ranch) -> None:
    fields = f"/subscriptions/{deployed.subscription}/resourceGroups/acme-made{account_path('acmemade')}"
    given = {"roleDefinitionId": "acdd72a7-3385-48ef-bd42-f606fba81ae7", "principalId": "somebody"}
    path = f"{fields}/providers/Microsoft.Authorization/roleAssignments/beside"
    ask(deployed.sandbox, "PUT", path, {"properties": given})
    assert must(deployed.stack(READS).preview(refresh=True)).changes.keys() == {"same"}
    must(deployed.stack(READS).refresh())
    found = deployed.verify(READS)
    ask(deployed.sandbox, "DELETE", path)
    assert [each["rule"] for dataset in found for each in dataset["drift"]] == ["role-beside"]
    unread = {note.partition("; ")[2] for dataset in found for note in dataset["notes"]}
    assert unread == {f"it needs {LIST_KEYS}"}, "somebody else's stored policies, which it cannot see"
    roles = deployed.roles(READS)
    assert needless(roles, deployed.asked(READS)) == set()
    assert {action for action, _ in granted(roles)} == {need.permission for need in AZURE_READS}
    assert ungranted(roles, deployed.asked(READS)) == {LIST_KEYS}


def test_those_that_read_deploy_nothing(deployed: Ranch, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = deepcopy(deployed.config)
    changed["lightly-access:stores"]["fields"]["tags"] = {"team": "herd"}
    monkeypatch.setattr(deployed, "config", changed)
    refused = deployed.stack(READS).up()
    assert not refused.ok
    wanted = "action 'Microsoft.Resources/subscriptions/resourceGroups/write'"
    assert any("AuthorizationFailed" in line and wanted in line for line in refused.diagnostics), refused.diagnostics


ADOPTS = "adopts"
OURS, THEIRS, BESIDE = ("acme-made", "acmemade"), ("acme-data", "acmedata"), ("acme-data", "acmebeside")
SETTINGS = {"location": "westeurope", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
CONTAINERS, KEYS = "/blobServices/default/containers", "/listKeys"
OWN = "/providers/Microsoft.Authorization/roleAssignments/own"


@pytest.fixture(scope="module")
def tokens(deployed: Ranch) -> dict[str, str]:
    """Of all logins; one more deploys a stack of nothing but a container that exists."""
    deployed.log_in(ADOPTS, deployed.roles(ADOPTS, azure_adopted()))
    Group(deployed.sandbox, BESIDE[0]).ask("PUT", account_path(BESIDE[1]), SETTINGS)
    return {who: deployed.token(who) for who in (READS, DEPLOYS, ADOPTS)}


@pytest.mark.parametrize(
    ("who", "method", "place", "path", "body"),
    [
        (READS, "POST", OURS, KEYS, None),
        (READS, "PATCH", OURS, "", {"tags": {}}),
        (READS, "DELETE", OURS, "", None),
        (READS, "PUT", OURS, "/blobServices/default", {}),
        (READS, "PUT", OURS, f"{CONTAINERS}/more", {}),
        (READS, "DELETE", OURS, f"{CONTAINERS}/raw", None),
        (READS, "PUT", OURS, OWN, {}),
        (DEPLOYS, "POST", OURS, KEYS, None),
        (DEPLOYS, "POST", OURS, "/regenerateKey", {"keyName": "key1"}),
        (DEPLOYS, "POST", OURS, "/revokeUserDelegationKeys", None),
        (DEPLOYS, "PUT", OURS, OWN, {}),
        (DEPLOYS, "POST", THEIRS, KEYS, None),
        (ADOPTS, "PUT", THEIRS, "", SETTINGS),
        (ADOPTS, "DELETE", THEIRS, "", None),
        (ADOPTS, "PUT", THEIRS, f"{CONTAINERS}/more", {}),
        (ADOPTS, "DELETE", THEIRS, f"{CONTAINERS}/photos", None),
        (ADOPTS, "GET", BESIDE, "", None),
        (ADOPTS, "POST", BESIDE, KEYS, None),
    ],
)
def test_they_reach_nothing_that_the_stack_does_not_need(
    who: str, method: str, place: tuple[str, str], path: str, body: Any, deployed: Ranch, tokens: dict[str, str]
) -> None:
    group, account = place
    at = f"/subscriptions/{deployed.subscription}/resourceGroups/{group}{account_path(account)}"
    with pytest.raises(RefusedError, match=r"^403 AuthorizationFailed"):
        ask(deployed.sandbox, method, at + path, body, tokens[who])
