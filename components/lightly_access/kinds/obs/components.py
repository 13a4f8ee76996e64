"""OBS and every other S3-compatible service: a bucket that is yours, and a key that you give.

Lightly has no role for these services (`datasource_config_obs.py` of its client 1.5.26: endpoint, access key, secret),
so nothing is created here. There is no document of ours that could be proved either: what the key really can do is
found out by a probe, and a key that can do more than its purpose needs is a red light.
"""

from dataclasses import dataclass
from typing import Annotated, NotRequired, TypedDict

import pulumi
from lightly_core.capability import Purpose

from lightly_access.access import Access, fingerprint
from lightly_access.arguments.table import HIDDEN
from lightly_access.arguments.values import value_of_users
from lightly_access.kinds.s3 import protocol
from lightly_access.kinds.s3.external import key_of
from lightly_access.tables.directory import Directory


@value_of_users
@dataclass(frozen=True)
class ObsBucket:
    """A bucket of an S3-compatible service. It exists and is never changed. Raises ArgumentsError.

    Example:
        photos = ObsBucket("acme-photos", endpoint="https://obs.eu-de.otc.example.com")
    """

    bucket: str
    """Its name."""
    endpoint: str
    """The service's URL, without the bucket."""
    region: str = "us-east-1"
    """The region that our probe signs for; Lightly is not told it."""

    def __post_init__(self) -> None:
        if fault := protocol.endpoint(self.endpoint):
            raise ValueError(f"endpoint of bucket {self.bucket}: {fault.sentence(self.endpoint)}")


class ObsAccessArgs(TypedDict):
    """Access to one path of one bucket, with a key that its owner made."""

    store: ObsBucket
    """The bucket."""
    path: Directory
    """The directory inside it, ending in `/`; empty for the whole bucket. It must exist: nothing is put there."""
    purpose: Purpose
    """INPUT (list, read) or LIGHTLY (list, read, write, overwrite, delete)."""
    access_key_id: Annotated[pulumi.Input[str], HIDDEN]
    """The id of the key."""
    secret_access_key: Annotated[pulumi.Input[str], HIDDEN]
    """Its secret; give it as a Pulumi secret."""
    whole_bucket: NotRequired[bool]
    """Accept that the key reaches beyond the path: not every service can bind a key to one."""


class ObsAccess(Access):
    """An external key, as an access. It is yours: revoke and replace it where you made it.

    Example:
        photos = ObsBucket("acme-photos", endpoint="https://obs.eu-de.otc.example.com")
        key = pulumi.Config("obs")
        reads = ObsAccess(
            "farm-animals-input",
            {
                "store": photos,
                "path": "farm-animals/",
                "purpose": Purpose.INPUT,
                "access_key_id": key.require("keyId"),
                "secret_access_key": key.require_secret("secretKey"),
            },
        )
    """

    def __init__(self, name: str, args: ObsAccessArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("lightly-access:obs:ObsAccess", name, None, opts)
        store = args["store"]
        key_id, secret = key_of(args["access_key_id"], args["secret_access_key"])
        self._describe(
            purpose=args["purpose"],
            registration={
                "kind": "obs",
                "access": "key",
                "given": True,
                "path": f"obs://{store.bucket}/{args['path']}",
                "endpoint": store.endpoint,
                "access_key_id": key_id,
                "secret_access_key": secret,
            },
            identity=pulumi.Output.from_input(key_id),
            proof=pulumi.Output.from_input({}),
            # Another endpoint behind the same path, or another key, makes a verification out of date; a secret is not
            # digested: its change is seen where the probe gets it.
            fingerprint=pulumi.Output.from_input(key_id).apply(lambda id: fingerprint(store.endpoint, id)),
            credential=pulumi.Output.from_input({"kind": "external key", "created": None, "rotates": None}),
            probe_credential={
                "accessKeyId": key_id,
                "secretAccessKey": secret,
                "region": store.region,
                "endpoint": store.endpoint,
                "wholeBucket": args.get("whole_bucket", False),
            },
            prerequisites=[],
        )
