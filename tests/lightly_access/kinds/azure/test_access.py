import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pulumi
import pytest
from lightly_access.access import LeastPrivilegeError
from lightly_access.kinds.azure.components import AzureContainer, AzureContainerArgs, AzureSasAccess
from lightly_access.kinds.azure.components import sas as sas_module
from lightly_access.kinds.azure.sas_window import EARLY, GRACE, LONGEST_LIFE
from lightly_access.naming import physical_name
from lightly_core.azure import LONGEST_DELEGATION
from lightly_core.capability import Purpose, expected
from lightly_core.pulumi_struct import SECRET, SIGNATURE
from lightly_policies.proof_sas import planned

from tests.lightly_access.recording import ACCOUNT_KEY, Recording, record

HERE: AzureContainerArgs = {
    "account": "acmephotos", "container": "datalake", "resource_group": "acme-data", "create": True,
}  # fmt: skip
SAS = "lightly:index:AzureSas"


def access(
    purpose: Purpose = Purpose.INPUT, hierarchical: bool = False, **more: Any
) -> tuple[Recording, dict[str, Any]]:
    recording = record()
    recording.hierarchical = hierarchical
    seen: dict[str, Any] = {}

    @pulumi.runtime.test  # type: ignore[untyped-decorator]  # the SDK's decorator has no types
    def program() -> Any:
        create = more.pop("create", True)
        store = AzureContainer("photos", {**HERE, "hierarchical": hierarchical, "create": create})
        factory: Any = AzureSasAccess  # more is what a user may write
        made = factory(
            "cows-access", {"store": store, "path": "herd/cows/", "purpose": purpose, "dataset": "cows", **more}
        )
        seen["component"] = made
        everything = {name: getattr(made, name) for name in ("identity", "proof", "fingerprint", "credential")}
        secrecy = pulumi.Output.all(*(pulumi.Output.from_input(value.is_secret()) for value in everything.values()))
        return pulumi.Output.all(pulumi.Output.from_input(everything), secrecy).apply(
            lambda both: seen.update(both[0], secrecy=both[1])
        )

    program()
    return recording, seen


@pytest.mark.parametrize("purpose", list(Purpose))
@pytest.mark.parametrize("hierarchical", [True, False])
def test_the_deployed_token_proves_the_lights_of_the_purpose(purpose: Purpose, hierarchical: bool) -> None:
    _, seen = access(purpose, hierarchical)
    assert seen["proof"] == {str(capability): value for capability, value in expected(purpose).items()}


def test_the_token_is_registered_as_a_secret_and_stands_nowhere_else() -> None:
    recording, seen = access()
    assert seen["secrecy"] == [False] * 4
    shown = json.dumps([seen["identity"], seen["proof"], seen["fingerprint"], seen["credential"]])
    assert "sig" not in shown
    registration = seen["component"].registration
    assert {name: registration[name] for name in ("kind", "access", "path")} == {
        "kind": "azure", "access": "sas", "path": "azure://acmephotos/datalake/herd/cows/",
    }  # fmt: skip
    assert set(seen["component"].probe_credential) == {"sasToken", "endpoint"}
    assert recording.only(SAS)["accountKey"] == {SIGNATURE: SECRET, "value": ACCOUNT_KEY}


def test_a_policy_is_named_by_whose_it_is_and_never_by_the_name_of_an_earlier_one() -> None:
    names = [access(rotate_now=text)[0].only(SAS)["policy"] for text in ("", "leaked", "")]
    assert names[0] == names[2] != names[1], "the same inputs give the same name, and a leak another one"
    assert all(len(name) <= 64 for name in names)
    stems = {name.rpartition("-")[0] for name in names}
    assert stems == {physical_name("acme", "test", "cows", "INPUT", limit=55)}


def test_a_token_outlives_a_missed_weekly_run_and_no_account_policy() -> None:
    inputs = access(rotate_after=90, rotate_anchor=date(2026, 1, 1))[0].only(SAS)
    start, expiry = (datetime.fromisoformat(inputs[name]) for name in ("start", "expiry"))
    assert start < datetime.now(UTC) - timedelta(minutes=15)
    assert expiry - start == timedelta(days=90) + GRACE + EARLY <= LONGEST_LIFE
    assert timedelta(days=14) < GRACE


def test_a_user_delegation_sas_needs_no_key_and_lives_seven_days() -> None:
    recording, seen = access(method="user_delegation")
    inputs = recording.only(SAS)
    assert "accountKey" not in inputs
    assert "azure-native:storage:listStorageAccountKeys" not in recording.found
    start, expiry = (datetime.fromisoformat(inputs[name]) for name in ("start", "expiry"))
    assert expiry - start == LONGEST_DELEGATION
    assert expiry > datetime.now(UTC) + timedelta(days=3, hours=22), "it outlives its period of 3 days"
    assert seen["identity"] == "acmephotos/datalake/user-delegation"
    assert seen["proof"]["list"] is True


@pytest.mark.parametrize(("method", "days"), [("stored_policy", 91), ("user_delegation", 6), ("stored_policy", 0)])
def test_a_period_that_its_tokens_do_not_live_through_is_refused(method: str, days: int) -> None:
    with pytest.raises(pulumi.RunError, match="rotate_after: got"):
        access(method=method, rotate_after=days)


def test_a_token_that_is_not_least_privilege_is_not_deployed(monkeypatch: pytest.MonkeyPatch) -> None:
    def generous(*args: Any, **more: Any) -> Any:
        token, policy = planned(*args, **more)
        return token.replace("spr=https", "spr=https%2Chttp"), policy

    monkeypatch.setattr(sas_module, "planned", generous)
    with pytest.raises(LeastPrivilegeError, match="read over http") as refused:
        access()
    assert refused.value.access == "cows-access"


def test_what_lightly_lives_on_is_a_directory_of_ours_in_a_container_of_ours_or_where_it_writes() -> None:
    recording, _ = access()
    assert recording.only("azure-native:storage:Blob")["blobName"] == "herd/cows/"
    recording, _ = access(create=False)
    assert "azure-native:storage:Blob" not in recording.found, "INPUT of an adopted container: nothing is put there"
    recording, _ = access(Purpose.LIGHTLY, create=False)
    assert "azure-native:storage:Blob" in recording.found


def test_it_says_when_its_time_is_over() -> None:
    recording, seen = access(rotate_after=10, rotate_anchor=date(2026, 1, 1))
    assert seen["credential"]["kind"] == "SAS token"
    assert (date.fromisoformat(seen["credential"]["rotates"]) - date(2026, 1, 1)).days % 10 == 0
    assert seen["credential"]["expires"] == recording.only("lightly:index:AzureSas")["expiry"]
