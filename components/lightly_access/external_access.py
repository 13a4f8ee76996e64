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

from lightly_access.access import Access

if TYPE_CHECKING:  # each brings the SDK of its cloud
    from lightly_access.kinds.azure.components import AzureContainer
    from lightly_access.kinds.gcs.components import GcsBucket
    from lightly_access.kinds.s3.components import S3Bucket


class AdoptedAccessArgs(TypedDict):
    """Access to one path of one store, which its owner made."""

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


class AdoptedAccess(Access):
    """Access that is somebody else's. It is theirs to bound, replace and end; destroy leaves it working."""

    def __init__(self, name: str, args: AdoptedAccessArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("lightly-access:index:AdoptedAccess", name, None, opts)
        if args["access"] not in _CREDENTIALS:
            raise ValueError(f"{name}: got access {args['access']!r}, expected one of {', '.join(_CREDENTIALS)}")
        store, credential = args["store"], _CREDENTIALS[args["access"]]
        if missing := [key for key in credential.required if not cast(dict[str, Any], args).get(key)]:
            raise ValueError(f"{name}: got no {' and no '.join(missing)}, expected it with access {args['access']!r}")
        secret = pulumi.Output.secret(args["external_id"] if "external_id" in credential.required else args["secret"])
        registration, probe_credential = credential.registered(args, secret)
        public = args.get("role_arn") or args.get("access_key_id")
        made = {"kind": f"adopted {credential.word}", "created": None, "rotates": None}
        # The directory in a bucket that we made is ours; into one that exists nothing is put.
        directory = [store.directory(args["path"])] if store.created and args["path"] else []
        self._describe(
            purpose=args["purpose"],
            registration={"access": args["access"], "given": True, **registration},
            identity=(
                pulumi.Output.from_input(public)
                if public
                else pulumi.Output.unsecret(secret.apply(lambda text: credential.identity(args, text)))
            ),
            proof=pulumi.Output.from_input({}),
            # A slow digest, because whoever chose the external ID may have chosen a short one.
            fingerprint=pulumi.Output.unsecret(
                secret.apply(lambda text: _scrypt_digest(f"{args['access']} {public}", text))
            ),
            credential=pulumi.Output.unsecret(secret.apply(lambda text: {**made, **credential.life(text)})),
            probe_credential=probe_credential,
            prerequisites=[*store.prerequisites, *directory],
        )


def _scrypt_digest(salt: str, secret: str) -> str:
    """One guess costs 16 MB and some 50 ms: https://www.rfc-editor.org/rfc/rfc7914 (N = 16384, r = 8, p = 1)."""
    return hashlib.scrypt(secret.encode(), salt=salt.encode(), n=2**14, r=8, p=1, dklen=8).hex()


_Table = dict[str, pulumi.Input[Any]]


@dataclass(frozen=True, slots=True)
class _Credential:
    """One kind of credential. What reads its secret raises nothing: the provider refuses a bad one, and hides it."""

    word: str
    required: tuple[str, ...]
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


_CREDENTIALS = {
    "delegated": _Credential("role", ("role_arn", "external_id"), _role),
    "user": _Credential("access key", ("access_key_id", "secret"), _key),
    "sas": _Credential("SAS token", ("secret",), _token, _signer, _expires),
    "service_account": _Credential("service account key", ("secret",), _account, _email),
}
