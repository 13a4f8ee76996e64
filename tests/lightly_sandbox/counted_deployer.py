"""Stacks of Azure and of Google Cloud, deployed, changed, mended and destroyed: what their deployers asked for.

The deployer of these may do everything, and what it needed is counted. That it can do with nothing else is shown by
least_azure and test_least_google, for AWS by least_deployer.
"""

import tempfile
from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lightly_sandbox.deployer import Deployer
from lightly_sandbox.kinds.azure import client as azure_client
from lightly_sandbox.kinds.gcs.client import Google
from lightly_sandbox.sandbox import Sandbox
from lightly_sandbox.start import start_sandbox

from tests.deploying import deployer, must

_VERIFY = {"lightly-access:verify": {"deadline": 10, "confirmations": 1}}
PROJECT = "acme-ml"


def _dataset(source: dict[str, Any], results: dict[str, Any]) -> dict[str, Any]:
    return {"type": "images", "input": source, "lightly": results}


def google() -> dict[str, Any]:
    """An adopted bucket, in which Lightly writes too; one that is made, with old versions, and may go; and one that
    goes only when it is empty, which its own guard sees to."""
    at: dict[str, Any] = {"kind": "gcs", "project": PROJECT}
    key = {"access": "service_account"}
    made = {"bucket": "acme-made", "location": "europe-west3", "create": True, "versioning": True}
    return {
        "lightly-access:stores": {
            "frames": {**at, "bucket": "acme-frames"},
            "made": {**at, **made, "force_destroy": True, "labels": {"team": "vision"}},
            "kept": {**at, **made, "bucket": "acme-kept"},
        },
        "lightly-access:datasets": {
            "cows": _dataset({"store": "frames", "path": "data/", **key}, {"store": "made", "path": "cows/", **key}),
            "hens": _dataset({"store": "made", "path": "raw/", **key}, {"store": "frames", "path": "hens/", **key}),
            "goats": _dataset({"store": "frames", "path": "data/", **key}, {"store": "kept", "path": "out/", **key}),
        },
        **_VERIFY,
    }


def google_adopted() -> dict[str, Any]:
    """Nothing but a bucket that exists."""
    key = {"store": "frames", "access": "service_account"}
    return {
        "lightly-access:stores": {"frames": {"kind": "gcs", "project": PROJECT, "bucket": "acme-frames"}},
        "lightly-access:datasets": {"cows": _dataset({"path": "data/", **key}, {"path": "cows/", **key})},
        **_VERIFY,
    }


def azure_adopted() -> dict[str, Any]:
    """Nothing but a container that exists."""
    at = {"kind": "azure", "account": "acmedata", "resource_group": "acme-data", "container": "photos"}
    sas = {"store": "photos", "access": "sas"}
    return {
        "lightly-access:stores": {"photos": at},
        "lightly-access:datasets": {
            "cows": _dataset({**sas, "path": "", "sas": "user_delegation"}, {**sas, "path": "hens/"})
        },
        **_VERIFY,
    }


def azure() -> dict[str, Any]:
    """A container that is adopted, one made in an adopted account, and one whose account is made; both kinds of SAS, of
    both purposes."""
    at: dict[str, Any] = {"kind": "azure", "account": "acmedata", "resource_group": "acme-data"}
    own = {"kind": "azure", "account": "acmemade", "resource_group": "acme-made", "location": "westeurope"}
    made = {**own, "create_account": True, "hierarchical": True, "tags": {"team": "vision"}}
    sas = {"access": "sas"}
    return {
        "lightly-access:stores": {
            "photos": {**at, "container": "photos"},
            "barns": {**at, "container": "barns", "create": True, "force_destroy": True},
            "fields": {**made, "container": "fields", "create": True, "force_destroy": True},
        },
        "lightly-access:datasets": {
            "cows": _dataset({"store": "photos", "path": "", **sas}, {"store": "fields", "path": "cows/", **sas}),
            "hens": _dataset(
                {"store": "photos", "path": "", **sas, "sas": "user_delegation"},
                {"store": "barns", "path": "hens/", **sas},
            ),
            "goats": _dataset(
                {"store": "fields", "path": "raw/", **sas},
                {"store": "fields", "path": "goats/", **sas, "sas": "user_delegation"},
            ),
        },
        **_VERIFY,
    }


@dataclass(frozen=True)
class Life:
    """A stack over its life: at which cloud, its configuration, and what others do to it while it is deployed."""

    kind: str
    config: Callable[[], dict[str, Any]]
    words: tuple[str, str] | None = None
    """A store and its labels or tags, which change."""
    disturb: Callable[[Sandbox], None] | None = None

    def asked(self) -> set[str]:
        """What the deployer needed."""
        config, before = self.config(), {"gcs": _google_before, "azure": azure_before}[self.kind]
        with tempfile.TemporaryDirectory() as folder, start_sandbox(kinds=(self.kind,)) as sandbox:
            before(sandbox)
            found = Counter[str]()

            def counted(verb: Callable[[Deployer], Any]) -> None:
                start = _seen(sandbox, self.kind)
                must(verb(deployer(sandbox, Path(folder), config)))
                found.update(_seen(sandbox, self.kind) - start)

            counted(lambda stack: stack.up())
            counted(lambda stack: stack.refresh())
            config = deepcopy(config)
            for dataset in config["lightly-access:datasets"].values():
                dataset["lightly"]["rotate_now"] = "now"
            if self.words:
                store, words = self.words
                config["lightly-access:stores"][store][words] = {"team": "herd"}
            counted(lambda stack: stack.up())
            if self.disturb:
                self.disturb(sandbox)
            counted(lambda stack: stack.up(refresh=True))
            counted(lambda stack: stack.destroy())
            return set(found)


def _seen(sandbox: Sandbox, kind: str) -> Counter[str]:
    """The deployer's own: its tokens are the owner's too, so what the owner does is taken off by looking before it."""
    cloud = sandbox.services[kind]
    asked = sandbox.control(cloud.server, "GET", "/calls")["asked"]
    deployers = (who for who in asked if cloud.service.is_deployer(cloud.announcement, who))
    (mine,) = [asked[who] for who in deployers] or [{}]
    return Counter(mine)


def _google(sandbox: Sandbox) -> Google:
    ready = sandbox.services["gcs"].announcement
    return Google(ready["url"], ready["token"])


def _google_before(sandbox: Sandbox) -> None:
    uniform = {"uniformBucketLevelAccess": {"enabled": True}, "publicAccessPrevention": "enforced"}
    settings = {"name": "acme-frames", "location": "EUROPE-WEST3", "iamConfiguration": uniform}
    with _google(sandbox) as owner:
        owner.ask("POST", "/storage/v1/b", settings, project=PROJECT)
        owner.write("acme-frames", "data/image.png", b"x")


def _google_disturb(sandbox: Sandbox) -> None:
    """The same, a placeholder goes, and the made bucket holds something."""
    _google_disturb_iam(sandbox)
    with _google(sandbox) as owner:
        owner.delete("acme-frames", "hens/")
        owner.write("acme-made", "cows/thumbnail.png", b"x")


def _google_disturb_iam(sandbox: Sandbox) -> None:
    """A role loses a right; an account is called otherwise, which is left as it is."""
    with _google(sandbox) as owner:
        roles = owner.ask("GET", f"/v1/projects/{PROJECT}/roles")["roles"]
        name = next(role["name"] for role in roles if "lightly" in role["name"].rpartition("/")[2])
        kept = owner.ask("GET", f"/v1/{name}")["includedPermissions"][1:]
        owner.ask("PATCH", f"/v1/{name}", {"includedPermissions": kept}, updateMask="includedPermissions")
        account = owner.ask("GET", f"/v1/projects/{PROJECT}/serviceAccounts")["accounts"][0]
        renamed = {"serviceAccount": {"displayName": "disturbed"}, "updateMask": "displayName"}
        owner.ask("PATCH", f"/v1/{account['name']}", renamed)


def azure_before(sandbox: Sandbox) -> None:
    where = {"location": "westeurope"}
    azure_client.Group(sandbox, "acme-data").ask("PUT", body=where)
    account = {**where, "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
    azure_client.Group(sandbox, "acme-data").ask("PUT", azure_client.account_path("acmedata"), account)
    with azure_client.Group(sandbox, "acme-data").blobs("acmedata") as owner:
        photos = owner.create_container("photos")
        for name in ("image.png", "herd/image.png"):
            photos.upload_blob(name, b"x")


def azure_disturb(sandbox: Sandbox) -> None:
    """A placeholder goes, and both made containers hold something."""
    for group, account, container in (("acme-data", "acmedata", "barns"), ("acme-made", "acmemade", "fields")):
        with azure_client.Group(sandbox, group).blobs(account) as owner:
            owner.get_container_client(container).upload_blob("result.png", b"x")
    with azure_client.Group(sandbox, "acme-made").blobs("acmemade") as owner:
        fields = owner.get_container_client("fields")
        for name in [blob.name for blob in fields.list_blobs() if blob.name.startswith("cows")]:
            fields.get_blob_client(name).delete_blob()


LIVES = {
    "gcs": Life("gcs", google, ("made", "labels"), _google_disturb),
    "gcs, adopted": Life("gcs", google_adopted, disturb=_google_disturb_iam),
    "azure": Life("azure", azure, ("fields", "tags"), azure_disturb),
    "azure, adopted": Life("azure", azure_adopted),
}
"""Every feature, and the least: what exists is only opened to Lightly."""
