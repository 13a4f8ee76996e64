"""`lightly:index:Datasource`: one store registered with a dataset, for one purpose.

Bodies are those of Lightly's client 1.5.26, `datasource_config_{s3,s3_delegated_access,obs,local}.py`; the KMS key is
a field there that the client's own methods cannot set. Lightly has no call that removes a datasource.
"""

from collections.abc import Mapping
from typing import Any

from lightly_access import contract, local_names
from lightly_access.capability import Purpose
from lightly_access.fault import Fault

from lightly_provider.errors import NotDone
from lightly_provider.given_key import GIVEN
from lightly_provider.handlers.handler import Call, Checked, Diff, Found, Made
from lightly_provider.handlers.inputs import Inputs, changed, text_of
from lightly_provider.wire import Properties, Value

THUMBNAILS = ".lightly/thumbnails/[filename]_thumb.[extension]"
"""Where Lightly keeps thumbnails below the LIGHTLY path; the client's default (api_workflow_datasources.py)."""

_S3 = {"path": "fullPath", "region": "s3Region", "kmsKeyArn": "s3ServerSideEncryptionKMSKey"}
_FIELDS = {
    "delegated": {**_S3, "roleArn": "s3ARN", "externalId": "s3ExternalId"},
    "user": {**_S3, "accessKeyId": "s3AccessKeyId", "secretAccessKey": "s3SecretAccessKey"},
    "key": {
        "path": "fullPath",
        "endpoint": "obsEndpoint",
        "accessKeyId": "obsAccessKeyId",
        "secretAccessKey": "obsSecretAccessKey",
    },
    "mount": {"path": "fullPath", "webServer": "webServerLocation"},
}
"""Our property -> Lightly's field, for each way in."""
_LIGHTLY_TYPES = {"delegated": "S3DelegatedAccess", "user": "S3", "key": "OBS", "mount": "LOCAL"}
_KINDS = {access: kind for kind, accesses in contract.ACCESSES.items() for access in accesses}
_SECRETS = frozenset({"externalId", "secretAccessKey"})
_PROPERTIES = tuple(
    dict.fromkeys(("datasetId", "purpose", "kind", "access", *(name for fields in _FIELDS.values() for name in fields)))
)


_STAYS = {
    GIVEN: "its key was given, is yours and still works: revoke it where you made it",
    "mount": "it holds no credential, and ends with the worker that has the mounts",
}


class DatasourceHandler:
    """Registers datasources by PUT: the same call makes and changes one."""

    def check(self, news: Mapping[str, Value]) -> Checked:
        inputs = Inputs(news, _PROPERTIES)
        inputs.text("datasetId", contract.dataset_id)
        purpose = inputs.text("purpose", contract.purpose)
        kind = inputs.word("kind", tuple(contract.ACCESSES))
        access = inputs.word("access", tuple(_FIELDS))
        if kind and access and (fault := contract.kind_access(kind, access)):
            inputs.fault("access", fault.sentence(access))
        inputs.text("path", lambda value: _path(value, kind or value.partition("://")[0], purpose))
        if access:
            others = [name for fields in _FIELDS.values() for name in fields if name not in _FIELDS[access]]
            inputs.absent(dict.fromkeys(others), f"it is for another access than `access: {access}`")
        if access == "key":
            inputs.text("endpoint", contract.obs_endpoint)
            inputs.text("accessKeyId", contract.obs_access_key_id)
            inputs.text("secretAccessKey", contract.secret_access_key, secret=True)
        elif access == "mount":
            inputs.text("webServer", local_names.web_server)
        elif access:
            _check_s3(inputs, access)
        return inputs.checked()

    def diff(self, inputs: Properties, state: Properties, news: Properties) -> Diff:
        names = changed(inputs, news)
        return Diff(names, names & {"datasetId", "purpose"})

    def planned(self, news: Properties, state: Properties | None) -> Properties:
        return dict(news)

    def create(self, call: Call, news: Properties) -> Made:
        self._put(call, news)
        return Made(f"{text_of(news, 'datasetId')}/{text_of(news, 'purpose')}", dict(news))

    def update(self, call: Call, resource_id: str, state: Properties, news: Properties) -> Properties:
        self._put(call, news)
        return dict(news)

    def read(self, call: Call, resource_id: str, inputs: Properties, state: Properties) -> Found | None:
        dataset_id, purpose = _split(resource_id)
        found = call.api().datasource(dataset_id, purpose)
        if found is None:
            return None
        now: Properties = {"datasetId": dataset_id, "purpose": str(purpose), **_seen(found, inputs, purpose)}
        return Found(resource_id, now, dict(now))

    def delete(self, call: Call, resource_id: str, inputs: Properties, state: Properties) -> None:
        call.tell(
            f"datasource {resource_id} stays registered: Lightly's API has no call that removes one; "
            + _STAYS.get(text_of(inputs, "access"), "its credential ends with the role or key it uses")
        )

    def _put(self, call: Call, news: Properties) -> None:
        access = text_of(news, "access")
        body = {"type": _LIGHTLY_TYPES[access], "thumbSuffix": THUMBNAILS}
        for ours, theirs in _FIELDS[access].items():
            if value := text_of(news, ours):
                body[theirs] = local_names.full_path(value) if (access, ours) == ("mount", "path") else value
        call.api().put_datasource(text_of(news, "datasetId"), Purpose(text_of(news, "purpose")), body)


def _path(value: str, kind: str, purpose: str | None) -> Fault | None:
    if kind != "local":
        return contract.full_path(value, kind)
    mount = local_names.MOUNTS.get(purpose or "")
    if (fault := local_names.local_path(value)) or not mount or value.startswith(f"{local_names.SCHEME}{mount}/"):
        return fault
    return Fault(f"{local_names.SCHEME}{mount}/<directory>/ for {purpose}", "each purpose has a mount of its own")


def _check_s3(inputs: Inputs, access: str) -> None:
    region = inputs.text("region", contract.s3_region)
    inputs.text("kmsKeyArn", lambda value: contract.kms_key_arn(value, region), needed=False)
    if region and (fault := contract.region_access(region, access)):
        inputs.fault("access", fault.sentence(access))
    if access == "delegated":
        inputs.text("roleArn", contract.role_arn)
        inputs.text("externalId", contract.external_id, secret=True)
    if access == "user":
        inputs.text("accessKeyId", contract.access_key_id)
        inputs.text("secretAccessKey", contract.secret_access_key, secret=True)


def _split(resource_id: str) -> tuple[str, Purpose]:
    dataset_id, _, purpose = resource_id.partition("/")
    if contract.dataset_id(dataset_id) or contract.purpose(purpose):
        raise NotDone(
            f"datasource {resource_id!r}: expected an id of the form <dataset id>/<purpose>",
            "for example 5f3c8a9d0b1e2c3d4e5f6a7b/INPUT",
        )
    return dataset_id, Purpose(purpose)


def _seen(found: Mapping[str, Any], old: Properties, purpose: Purpose) -> Properties:
    """What Lightly has, as inputs. Secrets, and what it masks, are as in the state.

    An import has none of them, even when Lightly shows them: `pulumi import` prints what it gets as a program.
    """
    kind = str(found.get("type", ""))
    access = next((ours for ours, theirs in _LIGHTLY_TYPES.items() if theirs == kind), None)
    if access is None:  # somebody registered another kind of store by hand
        return {"kind": kind.lower(), "path": str(found.get("fullPath", ""))}
    now: Properties = {"kind": _KINDS[access], "access": access}
    for ours, theirs in _FIELDS[access].items():
        value = found.get(theirs)
        if (access, ours) == ("mount", "path"):  # the mount itself is an empty text
            value = local_names.of_full_path(str(value or ""), purpose)
        shown = isinstance(value, str) and value != "" and "*" not in value
        if ours in _SECRETS:
            if ours in old:
                now[ours] = old[ours]
        elif shown:
            now[ours] = old[ours] if ours in old and _alike(ours, text_of(old, ours), str(value)) else value
        elif value and ours in old:  # masked
            now[ours] = old[ours]
    return now


def _alike(name: str, ours: str, theirs: str) -> bool:
    """A server may drop or add the last `/` of a path: that is no drift."""
    return ours.rstrip("/") == theirs.rstrip("/") if name == "path" else ours == theirs
