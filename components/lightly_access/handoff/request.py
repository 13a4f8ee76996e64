"""What is asked of the owner of a store, for one purpose of one dataset: names and documents."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from lightly_core.capability import Purpose, expected
from lightly_core.fault import Fault
from lightly_policies.render import aws_grant, aws_trust
from lightly_policies.render_gcs import gcp_binding, gcp_role
from lightly_policies.sas import PERMISSIONS, POLICY_ID_LIMIT

from lightly_access.kinds.azure.store import AzureStore
from lightly_access.kinds.gcs.store import GcsStore
from lightly_access.kinds.obs.store import ObsStore
from lightly_access.kinds.s3 import rules
from lightly_access.kinds.s3.store import S3Store
from lightly_access.manifest import Dataset, Manifest
from lightly_access.naming import physical_name, service_account_id
from lightly_access.tables.datasource import Datasource
from lightly_access.tables.table import StoreTable as AnyStore

EXTERNAL_ID = "EXTERNAL-ID-PUT-IN-BY-APPLY-SH"
"""Stands in the trust policy where the external ID goes: a bundle holds no secret."""


class NothingToHandOffError(ValueError):
    """What the dataset needs cannot be asked for with a bundle; the message says why and the way out."""


@dataclass(frozen=True, slots=True)
class Request:
    """One side of a dataset, as it is asked for."""

    dataset: str
    purpose: Purpose
    store: AnyStore
    source: Datasource
    name: str
    """Of what is to be made: the same that `pulumi up` would give it, so that it can be imported later."""
    documents: Mapping[str, str] = field(default_factory=dict)
    """File name -> document, indented for reading."""

    @property
    def side(self) -> str:
        """`input` or `lightly`: the manifest's word, and the beginning of file names."""
        return self.purpose.lower()

    @property
    def capabilities(self) -> str:
        """In words, what Lightly must be able to do."""
        return ", ".join(str(it) for it, wanted in expected(self.purpose).items() if wanted)

    @property
    def place(self) -> str:
        """The directory, for people."""
        match self.store:
            case S3Store():
                return f"s3://{self.store.bucket}/{self.source.path}"
            case ObsStore():
                return f"obs://{self.store.bucket}/{self.source.path} at {self.store.endpoint}"
            case AzureStore():
                return f"azure://{self.store.account}/{self.store.container}/{self.source.path}"
            case GcsStore():
                return f"gs://{self.store.bucket}/{self.source.path}"
        return f"the folder {self.source.path or '.'} of the mount"

    @property
    def sas_permissions(self) -> str:
        """Of a stored access policy: https://learn.microsoft.com/rest/api/storageservices/create-service-sas"""
        return PERMISSIONS[self.purpose]

    @property
    def directory_depth(self) -> int:
        """How many folders deep the directory is."""
        return len([part for part in self.source.path.split("/") if part])


def request(manifest: Manifest, name: str, dataset: Dataset, purpose: Purpose, *, project: str, stack: str) -> Request:
    """The request of one side. Raises NothingToHandOffError where it cannot be known what to ask for."""
    source = dataset.input if purpose is Purpose.INPUT else dataset.lightly
    store = manifest.stores[source.store]
    where = f"datasets.{name}.{purpose.lower()}"
    parts = (project, stack, name, purpose)
    match store:
        case S3Store():
            made = physical_name(*parts)
            return Request(name, purpose, store, source, made, _aws(where, store, source, purpose))
        case GcsStore():
            made = service_account_id(*parts)
            return Request(name, purpose, store, source, made, _google(store, source, purpose, made))
        case AzureStore():
            return Request(name, purpose, store, source, physical_name(*parts, limit=POLICY_ID_LIMIT))
    return Request(name, purpose, store, source, "")


def _aws(where: str, store: S3Store, source: Datasource, purpose: Purpose) -> dict[str, str]:
    if store.kms_key == "create":
        hint = f"make the store first, then write the key's ARN as stores.{source.store}.kms_key"
        raise NothingToHandOffError(f"{where}: {Fault('the ARN of the KMS key', hint).sentence('create')}")
    grant = aws_grant(
        purpose,
        store.bucket,
        source.path,
        region=store.region,
        kms_key_arn=store.kms_key,
        list_prefix_condition=source.list_prefix_condition,
        partition=rules.partition(store.region),
        holder="role" if source.access == "delegated" else "group",
        network=source.hardened.network if source.hardened else None,
    )
    documents = {f"{purpose.lower()}-grant.json": readable(grant)}
    if source.access == "delegated":
        documents[f"{purpose.lower()}-trust.json"] = readable(aws_trust(EXTERNAL_ID))
    return documents


def _google(store: GcsStore, source: Datasource, purpose: Purpose, account: str) -> dict[str, str]:
    role = f"projects/{store.project}/roles/{google_role_id(account)}"
    member = f"serviceAccount:{account}@{store.project}.iam.gserviceaccount.com"
    condition = json.loads(gcp_binding(store.bucket, source.path, role=role, member=member))["condition"]
    documents = {f"{purpose.lower()}-role.json": readable(gcp_role(purpose))}
    if condition:
        documents[f"{purpose.lower()}-condition.json"] = readable(json.dumps(condition))
    return documents


def google_role_id(account: str) -> str:
    """The id of a custom role takes no `-`: https://cloud.google.com/iam/docs/creating-custom-roles ."""
    return account.replace("-", "_")


def readable(document: str) -> str:
    """JSON as people read it."""
    return json.dumps(json.loads(document), indent=2) + "\n"
