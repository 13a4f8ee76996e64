"""The owner of the Azure subscription: an adopted account and container, one that nobody granted, stored policies."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from lightly_core.capability import Capability

from lightly_sandbox.credential_log import CredentialLog
from lightly_sandbox.kinds.azure.client import RefusedError, account_path, arm, owner
from lightly_sandbox.kinds.fixture import PRECIOUS, Broken, Files, Fixture, Guard, Listing
from lightly_sandbox.sandbox import Sandbox

BROKEN = ("tractors", "LIGHTLY")
GROUP, ACCOUNT, PHOTOS, PAYROLL = "acme-data", "acmephotos", "photos", "payroll"
UNFORCED = "lightly-results"
OUR_GROUP, OUR_ACCOUNT, FORCED = "acme-lightly", "acmelightly", "results"
_LOCATION = "westeurope"


def _make(sandbox: Sandbox, group: str, account: str, **more: Any) -> None:
    rules = {"supportsHttpsTrafficOnly": True, "minimumTlsVersion": "TLS1_2", "allowBlobPublicAccess": False, **more}
    body = {"location": _LOCATION, "kind": "StorageV2", "sku": {"name": "Standard_LRS"}, "properties": rules}
    arm(sandbox, "PUT", group, body={"location": _LOCATION})
    arm(sandbox, "PUT", group, account_path(account), body)


def _group(account: str) -> str:
    return GROUP if account == ACCOUNT else OUR_GROUP


def _there(sandbox: Sandbox, group: str, account: str) -> bool:
    try:
        arm(sandbox, "GET", group, account_path(account))
    except RefusedError as refused:
        if refused.status == 404:
            return False
        raise
    return True


class AzureFixture(Fixture):
    """The owner of the Azure subscription."""

    datasets = frozenset({"tractors"})
    adopted = frozenset({f"{ACCOUNT}/{PHOTOS}", f"{ACCOUNT}/{PAYROLL}"})
    kept = frozenset({f"{ACCOUNT}/{UNFORCED}"})
    rotated = ("tractors", "LIGHTLY")
    # A new stored access policy may take up to 30 seconds to be known:
    # https://learn.microsoft.com/rest/api/storageservices/define-stored-access-policy
    slow: Mapping[str, object] = {"propagation": {"policy_seconds": 0.4}}

    def seed(self, sandbox: Sandbox, files: Files) -> None:
        """The account with photos in a container, and another that is nobody's business."""
        _make(sandbox, GROUP, ACCOUNT)
        with owner(sandbox, GROUP, ACCOUNT) as service:
            photos, payroll = (service.create_container(name) for name in (PHOTOS, PAYROLL))
            payroll.upload_blob("2026-11.csv", b"name,salary\n")
            for name, content in files:
                photos.upload_blob(name, content)

    def stores(self, sandbox: Sandbox) -> Mapping[str, Listing]:
        """The containers of both accounts, as far as these are there."""
        found: dict[str, Listing] = {}
        for group, account in ((GROUP, ACCOUNT), (OUR_GROUP, OUR_ACCOUNT)):
            if not _there(sandbox, group, account):
                continue
            with owner(sandbox, group, account) as service:
                for container in service.list_containers():
                    with service.get_container_client(container.name) as client:
                        blobs = frozenset((blob.name, blob.etag) for blob in client.list_blobs())
                    found[f"{account}/{container.name}"] = blobs
        return found

    def break_permission(self, sandbox: Sandbox, credential_log: CredentialLog) -> Broken | None:
        """Take `w` from the stored access policy of a LIGHTLY token."""
        account, container, policy = credential_log.current(*BROKEN).identity.split("/")
        with owner(sandbox, _group(account), account) as service, service.get_container_client(container) as client:
            policies = {
                known.id: known.access_policy for known in client.get_container_access_policy()["signed_identifiers"]
            }
            policies[policy].permission = policies[policy].permission.replace("w", "")
            client.set_container_access_policy(policies)
        return Broken(*BROKEN, "write (w)", frozenset({Capability.WRITE, Capability.OVERWRITE}))

    def add_objects(self, sandbox: Sandbox) -> list[Guard]:
        """A blob in each container that we made. Azure deletes a container whatever it holds, so nothing would refuse:
        one that may not be destroyed with its blobs is left where it is, with all of them."""
        here = self.stores(sandbox)  # one of them belongs to a dataset that has another store elsewhere
        for group, account, container in ((GROUP, ACCOUNT, UNFORCED), (OUR_GROUP, OUR_ACCOUNT, FORCED)):
            if f"{account}/{container}" not in here:
                continue
            with owner(sandbox, group, account) as service, service.get_container_client(container) as client:
                client.upload_blob(PRECIOUS, b"precious")
        return []

    def orphans(self, sandbox: Sandbox) -> list[str]:
        """The account and group that we made, and stored access policies in the containers that stay."""
        found = [f"account {OUR_ACCOUNT}"] if _there(sandbox, OUR_GROUP, OUR_ACCOUNT) else []
        try:
            arm(sandbox, "GET", OUR_GROUP)
            found.append(f"resource group {OUR_GROUP}")
        except RefusedError as refused:
            if refused.status != 404:
                raise
        with owner(sandbox, GROUP, ACCOUNT) as service:
            for container in service.list_containers():
                with service.get_container_client(container.name) as client:
                    policies = client.get_container_access_policy()["signed_identifiers"]
                found += [f"stored policy {container.name}/{policy.id}" for policy in policies]
        return found

    def remake(self, sandbox: Sandbox, paths: Iterable[str]) -> None:
        """Accounts and containers of these names; an account that is made again has other keys."""
        wanted = {(urlsplit(path).netloc, urlsplit(path).path.split("/")[1]) for path in paths}
        for account, container in sorted(wanted):
            if not _there(sandbox, _group(account), account):
                _make(sandbox, _group(account), account, isHnsEnabled=True)
            if f"{account}/{container}" not in self.stores(sandbox):
                with owner(sandbox, _group(account), account) as service:
                    service.create_container(container)
