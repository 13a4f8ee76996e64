"""A stack with one dataset in stores of one kind, as many as it makes things, and a census of its cloud."""

import re
import secrets
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from lightly_access.recover import file_backend
from lightly_sandbox.deployer import Deployer
from lightly_sandbox.kinds.azure import client as azure
from lightly_sandbox.kinds.gcs.client import Google
from lightly_sandbox.kinds.s3.client import account, make_bucket
from lightly_sandbox.sandbox import REGION, Sandbox

from tests.deploying import deployer

_PROJECT = "acme-ml"
_RANDOM = re.compile(r"\b(AKIA\w+|[0-9a-f]{24,}|[0-9a-f-]{36})\b")
PHRASE = "phrase-canary-5d1c"


class Herd:
    """One stack of its own name; several can live on one sandbox. `census` counts what is in its cloud."""

    def __init__(self, sandbox: Sandbox, folder: Path, kind: str) -> None:
        self.sandbox, self.kind, self.tag = sandbox, kind, secrets.token_hex(3)
        self.folder = folder / f"{kind}-{self.tag}"
        self.rotated = "then"
        getattr(self, f"_prepare_{kind}")()
        self.before = self.census()

    @property
    def name(self) -> str:
        return f"cows-{self.tag}"

    def stack(self, **options: Any) -> Deployer:
        """With a state that is written at every step."""
        return deployer(self.sandbox, self.folder, self.config(), phrase=PHRASE, checkpoints=True, **options)

    def unlock(self) -> None:
        """What somebody does by hand who does not know `recover`."""
        for path in file_backend.broken(self.folder / "backend"):
            path.unlink()
        self.stack().cancel()

    def config(self) -> dict[str, Any]:
        stores, own, theirs = getattr(self, f"_stores_{self.kind}")()
        data = {"store": "data", "path": "data/", **own}
        results = {"store": "results", "path": "out/", "rotate_now": self.rotated, **theirs}
        dataset = {"type": "images", "on_remove": "delete", "input": data, "lightly": results}
        return {
            "lightly-access:stores": stores,
            "lightly-access:datasets": {self.name: dataset},
            "lightly-access:verify": {"deadline": 10, "confirmations": 1},
        }

    # --- what there is

    def census(self) -> set[str]:
        """Everything in the cloud, and the datasets of our name."""
        found = set(getattr(self, f"_census_{self.kind}")())
        seen = self.sandbox.control(self.sandbox.lightly, "GET", "/state")["datasets"].values()
        return found | {f"dataset {each['name']} {each['id']}" for each in seen if each["name"] == self.name}

    def shape(self) -> Counter[str]:
        """How many of what were made, whatever their ids are; a dataset that was made twice has two."""
        return Counter(
            _RANDOM.sub("*", each).replace(self.tag, "*").split(" #")[0] for each in self.census() - self.before
        )

    # --- s3

    def _prepare_s3(self) -> None:
        s3 = account(self.sandbox, "customer").s3
        make_bucket(s3, f"lake-{self.tag}")
        s3.put_object(Bucket=f"lake-{self.tag}", Key="data/image.png", Body=b"x")

    def _stores_s3(self) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
        at = {"kind": "s3", "region": REGION}
        made = {**at, "bucket": f"results-{self.tag}", "create": True, "kms_key": "create", "versioning": True}
        stores = {"data": {**at, "bucket": f"lake-{self.tag}"}, "results": {**made, "noncurrent_days": 7}}
        return stores, {"access": "delegated"}, {"access": "user"}

    def _census_s3(self) -> Iterable[str]:
        customer = account(self.sandbox, "customer")
        iam, kms = customer.iam, customer.client("kms")
        for role in iam.list_roles(PathPrefix="/lightly/")["Roles"]:
            yield f"role {_short(role['RoleName'])}"
        for group in iam.list_groups(PathPrefix="/lightly/")["Groups"]:
            yield f"group {_short(group['GroupName'])}"
        for user in iam.list_users(PathPrefix="/lightly/")["Users"]:
            yield f"user {_short(user['UserName'])}"
            for key in iam.list_access_keys(UserName=user["UserName"])["AccessKeyMetadata"]:
                yield f"access-key #{key['AccessKeyId']}"
        for key in kms.list_keys()["Keys"]:
            found = kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]
            if "DeletionDate" not in found:
                yield f"kms-key #{key['KeyId']}"
        for bucket in customer.s3.list_buckets()["Buckets"]:
            yield f"bucket {bucket['Name']}"

    # --- gcs

    def _google(self) -> Google:
        ready = self.sandbox.services["gcs"].announcement
        return Google(ready["url"], ready["token"])

    def _prepare_gcs(self) -> None:
        uniform = {"uniformBucketLevelAccess": {"enabled": True}, "publicAccessPrevention": "enforced"}
        lake = {"name": f"lake-{self.tag}", "location": "EUROPE-WEST3", "iamConfiguration": uniform}
        with self._google() as owner:
            owner.ask("POST", "/storage/v1/b", lake, project=_PROJECT)
            owner.write(f"lake-{self.tag}", "data/image.png", b"x")

    def _stores_gcs(self) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
        at = {"kind": "gcs", "project": _PROJECT}
        made = {**at, "bucket": f"results-{self.tag}", "location": "europe-west3", "create": True}
        key = {"access": "service_account"}
        return {"data": {**at, "bucket": f"lake-{self.tag}"}, "results": made}, key, key

    def _census_gcs(self) -> Iterable[str]:
        with self._google() as owner:
            at = f"/v1/projects/{_PROJECT}"
            for each in owner.ask("GET", f"{at}/serviceAccounts").get("accounts", ()):
                yield f"account {_short(each['email'].partition('@')[0])}"
                for key in owner.ask("GET", f"/v1/{each['name']}/keys").get("keys", ()):
                    if key["keyType"] == "USER_MANAGED":
                        yield f"account-key #{key['name']}"
            for role in owner.ask("GET", f"{at}/roles").get("roles", ()):
                yield f"role {_short(role['name'].rpartition('/')[2])}"
            for bucket in owner.ask("GET", "/storage/v1/b", project=_PROJECT).get("items", ()):
                yield f"bucket {bucket['name']}"
                policy = owner.ask("GET", f"/storage/v1/b/{bucket['name']}/iam", optionsRequestedPolicyVersion="3")
                for bound in policy.get("bindings", ()):
                    if "/roles/" in bound["role"]:
                        yield from (f"binding #{bucket['name']} {bound['role']} {who}" for who in bound["members"])

    # --- azure

    def _prepare_azure(self) -> None:
        where = {"location": "westeurope"}
        group = azure.Group(self.sandbox, f"data-{self.tag}")
        group.ask("PUT", body=where)
        made = {**where, "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
        group.ask("PUT", azure.account_path(f"lake{self.tag}"), made)
        with group.blobs(f"lake{self.tag}") as owner:
            owner.create_container("photos").upload_blob("data/image.png", b"x")

    def _stores_azure(self) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
        lake = {"kind": "azure", "account": f"lake{self.tag}", "resource_group": f"data-{self.tag}"}
        own = {"kind": "azure", "account": f"made{self.tag}", "resource_group": f"made-{self.tag}"}
        new = {"location": "westeurope", "create": True, "create_account": True, "force_destroy": True}
        sas = {"access": "sas"}
        return {"data": {**lake, "container": "photos"}, "results": {**own, **new, "container": "fields"}}, sas, sas

    def _census_azure(self) -> Iterable[str]:
        places = ((f"data-{self.tag}", f"lake{self.tag}"), (f"made-{self.tag}", f"made{self.tag}"))
        for group, name in places:
            if not _there(lambda group=group: azure.Group(self.sandbox, group).ask("GET")):
                continue
            yield f"group {group}"
            account_of = azure.account_path(name)
            if not _there(lambda group=group, path=account_of: azure.Group(self.sandbox, group).ask("GET", path)):
                continue
            yield f"account {name}"
            with azure.Group(self.sandbox, group).blobs(name) as owner:
                for container in owner.list_containers():
                    yield f"container {container['name']}"
                    client = owner.get_container_client(container["name"])
                    yield from (f"blob {container['name']}/{blob['name']}" for blob in client.list_blobs())
                    for policy in client.get_container_access_policy()["signed_identifiers"]:
                        yield f"policy #{container['name']} {policy.id}"


def _there(ask: Any) -> bool:
    try:
        ask()
    except azure.RefusedError as refused:
        if refused.status != 404:
            raise
        return False
    return True


def _short(name: str) -> str:
    """The hash of whose it is does not count in a shape."""
    return f"{name[:-10]} #{name[-10:]}"
