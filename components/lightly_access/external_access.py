"""A role, user, SAS token or service account that somebody else made: registered and verified, never touched.

There is no document of ours that could be proved. What its credential really can do a probe finds out, and what is more
than its purpose needs is a red light; of a role, which only Lightly may assume, Lightly's own word is all there is
(`lightly-access audit` compares such a role with what is needed).
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict, cast
from urllib.parse import parse_qs

import pulumi
from lightly_core.capability import Purpose

if TYPE_CHECKING:  # each brings the SDK of its cloud
    from lightly_access.kinds.azure.components import AzureContainer
    from lightly_access.kinds.gcs.components import GcsBucket
    from lightly_access.kinds.s3.components import S3Bucket


class AdoptedAccessArgs(TypedDict):
    """A way in to one path of one store, which its owner made."""

    store: "S3Bucket | AzureContainer | GcsBucket"
    """The bucket or container, of the cloud that the access is for."""
    path: str
    """The directory inside it, ending in `/`; empty for the whole store. In a store that exists it must exist."""
    purpose: Purpose
    """INPUT (list, read) or LIGHTLY (list, read, write, overwrite, delete)."""
    access: str
    """`delegated` or `user` (S3), `sas` (Azure), `service_account` (Google Cloud)."""
    role_arn: NotRequired[str]
    """delegated: the role that Lightly assumes."""
    external_id: NotRequired[pulumi.Input[str]]
    """delegated: the external ID in its trust policy; give it as a Pulumi secret."""
    access_key_id: NotRequired[str]
    """user: the id of the access key."""
    secret: NotRequired[pulumi.Input[str]]
    """The key's secret (user), the token (sas) or the key file's JSON text (service_account), as a Pulumi secret."""
    whole_bucket: NotRequired[bool]
    """Accept that the credential reaches beyond the path. Not for a role, with which nobody but Lightly can try it."""


class AdoptedAccess(pulumi.ComponentResource):
    """A way in that is somebody else's. It is theirs to bound, replace and end; destroy leaves it working."""

    purpose: Purpose
    registration: dict[str, pulumi.Input[Any]]
    identity: pulumi.Output[str]
    proof: pulumi.Output[dict[str, bool]]
    """Empty: no document of ours grants this access. Its lights rest on Lightly's word and on the probe."""
    fingerprint: pulumi.Output[str]
    """Changes with the credential. A slow digest, because whoever chose the external ID may have chosen a short one."""
    credential: pulumi.Output[dict[str, Any]]
    """`kind`, and `expires` where a SAS token says it; nobody but its owner knows when it was made."""
    probe_credential: dict[str, pulumi.Input[Any]] | None
    needs: list[pulumi.Resource]

    def __init__(self, name: str, args: AdoptedAccessArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("lightly-access:index:AdoptedAccess", name, None, opts)
        if args["access"] not in _WAYS:
            raise ValueError(f"{name}: got access {args['access']!r}, expected one of {', '.join(_WAYS)}")
        store, way = args["store"], _WAYS[args["access"]]
        if missing := [key for key in way.needs if not cast(dict[str, Any], args).get(key)]:
            raise ValueError(f"{name}: got no {' and no '.join(missing)}, expected it with access {args['access']!r}")
        secret = pulumi.Output.secret(args["external_id"] if "external_id" in way.needs else args["secret"])
        registration, probe_credential = way.registered(args, secret)
        self.purpose = args["purpose"]
        self.registration = {"access": args["access"], "given": True, **registration}
        self.probe_credential = probe_credential
        public = args.get("role_arn") or args.get("access_key_id")
        self.identity = (
            pulumi.Output.from_input(public)
            if public
            else pulumi.Output.unsecret(secret.apply(lambda it: way.identity(args, it)))
        )
        self.proof = pulumi.Output.from_input({})
        self.fingerprint = pulumi.Output.unsecret(
            secret.apply(lambda it: _scrypt_digest(f"{args['access']} {public}", it))
        )
        made = {"kind": f"adopted {way.word}", "created": None, "rotates": None}
        self.credential = pulumi.Output.unsecret(secret.apply(lambda it: {**made, **way.life(it)}))
        # The directory in a bucket that we made is ours; into one that exists nothing is put.
        directory = [store.directory(args["path"])] if store.created and args["path"] else []
        self.needs = [*store.ready, *directory]
        self.register_outputs({"identity": self.identity, "credential": self.credential})


def _scrypt_digest(salt: str, secret: str) -> str:
    """One guess costs 16 MB and some 50 ms: https://www.rfc-editor.org/rfc/rfc7914 (N = 16384, r = 8, p = 1)."""
    return hashlib.scrypt(secret.encode(), salt=salt.encode(), n=2**14, r=8, p=1, dklen=8).hex()


_Table = dict[str, pulumi.Input[Any]]


@dataclass(frozen=True, slots=True)
class _Way:
    """One kind of credential. What reads its secret raises nothing: the provider refuses a bad one, and hides it."""

    word: str
    needs: tuple[str, ...]
    registered: Callable[[AdoptedAccessArgs, pulumi.Output[str]], tuple[_Table, _Table | None]]
    """What the Datasource is told, and what the probe is."""
    identity: Callable[[AdoptedAccessArgs, str], str] = lambda args, secret: ""
    life: Callable[[str], dict[str, Any]] = lambda secret: {}


def _s3(args: AdoptedAccessArgs) -> _Table:
    store = cast("S3Bucket", args["store"])
    path = f"s3://{store.bucket}/{args['path']}"
    return {"kind": "s3", "path": path, "region": store.region, "kms_key_arn": store.kms_key_arn}


def _role(args: AdoptedAccessArgs, external_id: pulumi.Output[str]) -> tuple[_Table, None]:
    return {**_s3(args), "role_arn": args["role_arn"], "external_id": external_id}, None


def _key(args: AdoptedAccessArgs, secret: pulumi.Output[str]) -> tuple[_Table, _Table]:
    key: _Table = {"accessKeyId": args["access_key_id"], "secretAccessKey": secret, **_reach(args)}
    store = cast("S3Bucket", args["store"])
    return (
        {**_s3(args), "access_key_id": args["access_key_id"], "secret_access_key": secret},
        {**key, "region": store.region, "kmsKeyArn": store.kms_key_arn},
    )


def _token(args: AdoptedAccessArgs, token: pulumi.Output[str]) -> tuple[_Table, _Table]:
    store = cast("AzureContainer", args["store"])
    path = f"azure://{store.account}/{store.container}/{args['path']}"
    # Without a hierarchical namespace no token is for less than the container.
    reach = {"wholeBucket": args.get("whole_bucket", False) or not store.hierarchical}
    return {"kind": "azure", "path": path, "sas_token": token}, {
        "sasToken": token,
        "endpoint": store.endpoint,
        **reach,
    }


def _signer(args: AdoptedAccessArgs, token: str) -> str:
    """`<account>/<container>/<stored policy>`; a token without a policy has no name."""
    store = cast("AzureContainer", args["store"])
    fields = _fields(token)
    return f"{store.account}/{store.container}/{fields.get('si') or _UNNAMED['skoid' in fields]}"


_UNNAMED = {True: "user-delegation", False: "given-token"}


def _expires(token: str) -> dict[str, Any]:
    """When the token ends, where it says so itself; else a stored policy does."""
    return {"expires": end} if (end := _fields(token).get("se")) else {}


def _fields(token: str) -> dict[str, str]:
    try:
        return {name: values[0] for name, values in parse_qs(token.removeprefix("?")).items()}
    except ValueError:
        return {}


def _account(args: AdoptedAccessArgs, file: pulumi.Output[str]) -> tuple[_Table, _Table]:
    store = cast("GcsBucket", args["store"])
    path = f"gs://{store.bucket}/{args['path']}"
    return (
        {"kind": "gcs", "path": path, "project_id": store.project, "credentials": file},
        {"credentials": file, **_reach(args)},
    )


def _email(args: AdoptedAccessArgs, file: str) -> str:
    try:
        parts = json.loads(file)
    except (ValueError, RecursionError):
        parts = None
    email = parts.get("client_email") if isinstance(parts, dict) else None
    return email if isinstance(email, str) and email else "given-service-account"


def _reach(args: AdoptedAccessArgs) -> _Table:
    return {"wholeBucket": args.get("whole_bucket", False)}


_WAYS = {
    "delegated": _Way("role", ("role_arn", "external_id"), _role),
    "user": _Way("access key", ("access_key_id", "secret"), _key),
    "sas": _Way("SAS token", ("secret",), _token, _signer, _expires),
    "service_account": _Way("service account key", ("secret",), _account, _email),
}
