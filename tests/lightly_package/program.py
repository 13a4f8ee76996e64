"""A program with every component, for the sandbox: its stores are those of the rehearsal."""

from collections.abc import Mapping
from typing import Any

from lightly_access import LocalFolders, ObsBucket

from tests.lightly_package.declared import Declared, Ref, Sealed

EXTERNAL_ID = "an-external-id-that-nobody-shall-see"


def program(env: Mapping[str, str]) -> list[Declared]:
    """`env`: what the sandbox's owners have given."""
    obs = ObsBucket("orchard-archive", endpoint=env["SANDBOX_OBS_ENDPOINT"], region="eu-central-1")
    disk = LocalFolders(env["SANDBOX_INPUT_MOUNT"], env["SANDBOX_LIGHTLY_MOUNT"], env["SANDBOX_WEB_SERVER"])
    aws = {"region": "eu-central-1"}
    created = {"create": True, "force_destroy": True}
    of_google = {"project": "acme-ml"}
    container = {"account": "acmephotos", "resource_group": "acme-data"}
    key = {
        "access_key_id": env["SANDBOX_OBS_READER_ACCESS_KEY_ID"],
        "secret_access_key": Sealed(env["SANDBOX_OBS_READER_SECRET_ACCESS_KEY"]),
    }
    adopted = {
        "access": "delegated",
        "role_arn": "arn:aws:iam::123456789012:role/lightly-reads",
        "external_id": Sealed(EXTERNAL_ID),
    }
    return [
        Declared("S3Bucket", "lake", {"bucket": "acme-datalake", **aws}),
        Declared(
            "S3Bucket",
            "results",
            {"bucket": "acme-results", **aws, **created, "kms_key": "create", "tags": {"team": "herd"}},
        ),
        Declared("AzureContainer", "photos", {**container, "container": "photos"}),
        Declared("AzureContainer", "barns", {**container, "container": "lightly-results", **created}),
        Declared("GcsBucket", "frames", {"bucket": "acme-frames", **of_google}),
        Declared("GcsBucket", "hives", {"bucket": "acme-hives", **of_google, **created, "location": "europe-west3"}),
        *_dataset("cows", "S3DelegatedAccess", ("lake", "projects/farm-animals/"), "S3UserAccess", ("results", "c/")),
        *_dataset("tractors", "AzureSasAccess", ("photos", ""), "AzureSasAccess", ("barns", "tractors/")),
        *_dataset(
            "bees", "GcsServiceAccountAccess", ("frames", "hives/"), "GcsServiceAccountAccess", ("hives", "bees/")
        ),
        Declared("ObsAccess", "apples-input", {"store": obs, "path": "apples/", "purpose": "INPUT", **key}),
        Declared("LocalAccess", "apples-lightly", {"store": disk, "path": "stables/", "purpose": "LIGHTLY"}),
        _registered("apples"),
        Declared("AdoptedAccess", "theirs", {"store": Ref("lake"), "path": "t/", "purpose": "INPUT", **adopted}),
    ]


def _dataset(name: str, reads: str, source: tuple[str, str], writes: str, target: tuple[str, str]) -> list[Declared]:
    def access(kind: str, purpose: str, store: str, path: str) -> Declared:
        args: dict[str, Any] = {"store": Ref(store), "path": path, "purpose": purpose, "dataset": name}
        rotated = {} if kind == "S3DelegatedAccess" else {"rotate_after": 30}
        return Declared(kind, f"{name}-{purpose.lower()}", {**args, **rotated})

    return [access(reads, "INPUT", *source), access(writes, "LIGHTLY", *target), _registered(name)]


def _registered(name: str) -> Declared:
    both = {"input": Ref(f"{name}-input"), "lightly": Ref(f"{name}-lightly")}
    return Declared("LightlyDataset", name, {"type": "images", **both, "deadline": 20})
