"""The lines of a manifest that adopt what exists without touching it; the secrets they name, never their values."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lightly_access.audit.lightly import Known
from lightly_access.audit.registered import Registered
from lightly_access.secret_refs import SECRETS_NAMESPACE

_WORDS = {
    "externalId": "the external ID",
    "secretAccessKey": "the secret of the access key",
    "sasToken": "the SAS token",
    "credentials": "the JSON text of the key file",
}
_SECRET = {"delegated": "externalId", "user": "secretAccessKey", "key": "secretAccessKey"} | {
    "sas": "sasToken",
    "service_account": "credentials",
}


@dataclass(frozen=True, slots=True)
class Lines:
    """`text` goes into Pulumi.<stack>.yaml below `config:`; `secrets` are its keys there and what goes into each."""

    text: str
    secrets: Mapping[str, str]


def lines(mine: Known) -> Lines:
    """Of a dataset with both datasources; a comment stands for what Lightly does not tell."""
    stores: dict[tuple[str, ...], str] = {}
    secrets: dict[str, str] = {}
    sources: list[str] = []
    for purpose, source in mine.datasources.items():
        store = _store_name(source, stores)
        fields = {"store": store, "path": source.directory, "access": source.access}
        fields |= _credential(mine.name, source, secrets)
        sources.append(f"      {purpose.lower()}: {_flow(fields)}")
    declared = [f"    {_plain(name)}: {_flow(_store(it))}{_note(it)}" for name, it in _declared(mine, stores)]
    text = "\n".join(
        (
            "  lightly-access:stores:",
            *declared,
            "  lightly-access:datasets:",
            f"    {_plain(mine.name)}:",
            f"      type: {mine.type}",
            "      adopt: true",
            *sources,
        )
    )
    return Lines(f"{text}\n", secrets)


def _declared(mine: Known, stores: Mapping[tuple[str, ...], str]) -> Iterator[tuple[str, Registered]]:
    sources = {(it.kind, *it.names): it for it in reversed(list(mine.datasources.values()))}
    yield from ((name, sources[key]) for key, name in stores.items())


def _store_name(source: Registered, stores: dict[tuple[str, ...], str]) -> str:
    """One name for each store; those that are alike but for their kind or account get a number."""
    key = (source.kind, *source.names)
    if key not in stores:
        name = source.bucket.replace(".", "-").strip("-_") or source.kind
        taken = set(stores.values())
        stores[key] = name if name not in taken else f"{name}-{len(taken) + 1}"
    return stores[key]


def _store(source: Registered) -> dict[str, str]:
    values = source.values
    match source.kind:
        case "s3":
            key = {"kms_key": values["kmsKeyArn"]} if "kmsKeyArn" in values else {}
            return {"kind": "s3", "bucket": source.bucket, "region": values.get("region", "REGION"), **key}
        case "azure":
            account, container = source.names
            return {"kind": "azure", "account": account, "container": container, "resource_group": "RESOURCE-GROUP"}
        case "gcs":
            project = values.get("projectId") or values.get("keyProjectId") or "PROJECT"
            return {"kind": "gcs", "bucket": source.bucket, "project": project}
        case "obs":
            return {"kind": "obs", "bucket": source.bucket, "endpoint": values.get("endpoint", "ENDPOINT")}
        case _:
            return {"kind": source.kind}


def _note(source: Registered) -> str:
    return "  # Lightly does not know the resource group: put it in" if source.kind == "azure" else ""


def _credential(dataset: str, source: Registered, secrets: dict[str, str]) -> dict[str, str]:
    kind = _SECRET.get(source.access)
    if kind is None:
        return {}
    name = f"{''.join(c if c.isalnum() or c in '-_' else '-' for c in dataset)[:48]}-{source.purpose.lower()}"
    secrets[f"{SECRETS_NAMESPACE}:{name}"] = _WORDS[kind]
    if source.access == "delegated":
        return {"role_arn": source.values.get("roleArn", "ROLE-ARN"), "external_id": name}
    key = {"access_key_id": source.values.get("accessKeyId", "KEY-ID")} if kind == "secretAccessKey" else {}
    return {**key, "secret": name}


def _flow(fields: Mapping[str, str]) -> str:
    """A table on one line, quoted where YAML would read a text as something else."""
    import yaml

    return yaml.safe_dump(dict(fields), default_flow_style=True, sort_keys=False, width=10_000).strip()


def _plain(name: str) -> str:
    """A name as a key of a table."""
    import yaml

    return yaml.safe_dump({name: None}, width=10_000).partition(": ")[0]
