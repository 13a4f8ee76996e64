"""How a datasource of each way in is written at Lightly: a table of fields, of the path both ways, and of rules.

Bodies are those of Lightly's client 1.5.26, `datasource_config_{s3,s3_delegated_access,azure,gcs,obs,local}.py`; the
KMS key is a field there that the client's own methods cannot set. Azure's SAS token travels in `accountKey`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lightly_access.kinds.azure import names as azure_names
from lightly_access.kinds.gcs import names as gcs_names
from lightly_access.kinds.local import names as local_names
from lightly_access.kinds.s3 import protocol, rules
from lightly_core.capability import Purpose
from lightly_provider.handlers.inputs import Inputs

Body = dict[str, str]


@dataclass(frozen=True, slots=True)
class Registration:
    """One way in. `path` is no plain field everywhere: `written` and `read` translate it."""

    kind: str
    type: str
    """Lightly's word for it."""
    fields: Mapping[str, str]
    """Our property -> Lightly's field, without the path."""
    check: Callable[[Inputs], None]
    """The rules of these properties."""
    secrets: frozenset[str] = frozenset()
    written: Callable[[str], Body] = lambda path: {"fullPath": path}
    read: Callable[[Mapping[str, Any], Purpose], str] = lambda found, purpose: shown(found, "fullPath")
    sealed: Callable[[str], str] = lambda secret: secret
    """The secret as Lightly takes it."""
    stays: str = "its credential ends with the role or key it uses"
    """What is said on destroy, when the registration stays."""


def shown(found: Mapping[str, Any], name: str) -> str:
    """What Lightly shows of a field; empty when it is missing or masked."""
    value = found.get(name)
    return value if isinstance(value, str) and "*" not in value else ""


def _s3(inputs: Inputs, access: str) -> None:
    region = inputs.text("region", rules.s3_region)
    inputs.text("kmsKeyArn", lambda value: rules.kms_key_arn(value, region), needed=False)
    if region and (fault := rules.region_access(region, access)):
        inputs.fault("access", fault.sentence(access))


def _delegated(inputs: Inputs) -> None:
    _s3(inputs, "delegated")
    inputs.text("roleArn", rules.role_arn)
    inputs.text("externalId", rules.external_id, secret=True)


def _user(inputs: Inputs) -> None:
    _s3(inputs, "user")
    inputs.text("accessKeyId", rules.access_key_id)
    inputs.text("secretAccessKey", protocol.secret_access_key, secret=True)


def _sas(inputs: Inputs) -> None:
    inputs.text("sasToken", azure_names.sas_token, secret=True)


def _service_account(inputs: Inputs) -> None:
    inputs.text("projectId", gcs_names.project)
    inputs.text("credentials", gcs_names.credentials, secret=True)


def _key(inputs: Inputs) -> None:
    inputs.text("endpoint", protocol.endpoint)
    inputs.text("accessKeyId", protocol.access_key_id)
    inputs.text("secretAccessKey", protocol.secret_access_key, secret=True)


def _mount(inputs: Inputs) -> None:
    inputs.text("webServer", local_names.web_server)


def _azure_body(path: str) -> Body:
    account, _, full = path.removeprefix(azure_names.SCHEME).partition("/")
    return {"accountName": account, "fullPath": full}


def _azure_path(found: Mapping[str, Any], purpose: Purpose) -> str:
    account, full = shown(found, "accountName"), shown(found, "fullPath")
    return azure_names.of_full_path(account, full) if account and full else ""


def _with_question_mark(token: str) -> str:
    """https://docs.lightly.ai/docs/azure: copy the token "including the ?"; the client sends it as it is given."""
    return f"?{token.removeprefix('?')}"


def _local_path(found: Mapping[str, Any], purpose: Purpose) -> str:
    """The mount itself is an empty text."""
    return local_names.of_full_path(str(found.get("fullPath") or ""), purpose)


_S3 = {"region": "s3Region", "kmsKeyArn": "s3ServerSideEncryptionKMSKey"}
REGISTRATIONS = {
    "delegated": Registration(
        "s3",
        "S3DelegatedAccess",
        {**_S3, "roleArn": "s3ARN", "externalId": "s3ExternalId"},
        _delegated,
        frozenset({"externalId"}),
    ),
    "user": Registration(
        "s3",
        "S3",
        {**_S3, "accessKeyId": "s3AccessKeyId", "secretAccessKey": "s3SecretAccessKey"},
        _user,
        frozenset({"secretAccessKey"}),
    ),
    "sas": Registration(
        "azure",
        "AZURE",
        {"sasToken": "accountKey"},
        _sas,
        frozenset({"sasToken"}),
        written=_azure_body,
        read=_azure_path,
        sealed=_with_question_mark,
        stays="its token ends with its stored access policy, or by its own time limit",
    ),
    "service_account": Registration(
        "gcs",
        "GCS",
        {"projectId": "gcsProjectId", "credentials": "gcsCredentials"},
        _service_account,
        frozenset({"credentials"}),
        stays="its key ends with the service account",
    ),
    "key": Registration(
        "obs",
        "OBS",
        {"endpoint": "obsEndpoint", "accessKeyId": "obsAccessKeyId", "secretAccessKey": "obsSecretAccessKey"},
        _key,
        frozenset({"secretAccessKey"}),
    ),
    "mount": Registration(
        "local",
        "LOCAL",
        {"webServer": "webServerLocation"},
        _mount,
        written=lambda path: {"fullPath": local_names.full_path(path)},
        read=_local_path,
        stays="it holds no credential, and ends with the worker that has the mounts",
    ),
}
"""The word for a way in -> how it is registered."""
