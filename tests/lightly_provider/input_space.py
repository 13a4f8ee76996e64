"""Inputs of every resource of the provider: good ones, and good ones with anything put into them."""

import json
from collections.abc import Mapping

from hypothesis import strategies as st
from lightly_core.capability import Purpose, expected
from lightly_core.pulumi_values import UNKNOWN, Properties, SecretValue, Value
from lightly_core.resource_types import RESOURCES

CLOSED = "http://127.0.0.1:9"
"""Where nobody listens."""
ID = "5f3c8a9d0b1e2c3d4e5f6a7b"
KEY = "dGhlLWtleS1vZi10aGUtYWNjb3VudA=="
SAS = "sv=2024-11-04&sr=c&si=lightly-a&spr=https&sig=abc%2Bdef%3D"
KEY_FILE = json.dumps({"type": "service_account", "client_email": "a@b.example", "private_key": "no key"})
_ARN = "arn:aws:iam::123456789012:role/lightly"
_S3: Properties = {"kind": "s3", "path": "s3://acme-lake/cows/", "region": "eu-central-1"}
_OBS: Properties = {"kind": "obs", "access": "key", "path": "obs://archive/cows/", "endpoint": CLOSED, "given": True}
_KEY: Properties = {"accessKeyId": "AKIAIOSFODNN7EXAMPLE", "secretAccessKey": SecretValue("s" * 40)}
SOURCES: tuple[Properties, ...] = (
    {**_S3, "access": "delegated", "roleArn": _ARN, "externalId": SecretValue("e" * 20)},
    {**_S3, "access": "user", **_KEY},
    {"kind": "azure", "access": "sas", "path": "azure://acmephotos/lake/cows/", "sasToken": SecretValue(SAS)},
    {
        "kind": "gcs",
        "access": "service_account",
        "path": "gs://acme-lake/cows/",
        "projectId": "acme-ml",
        "credentials": SecretValue(KEY_FILE),
    },
    {**_OBS, **_KEY},
    {"kind": "local", "access": "mount", "path": "local://input_mount/cows/", "webServer": "http://localhost:3456"},
)
_PROBED: dict[str, Properties] = {
    "s3": {**_KEY, "region": "eu-central-1"},
    "obs": {**_KEY, "region": "eu-central-1", "endpoint": CLOSED},
    "azure": {"sasToken": SAS, "endpoint": CLOSED},
    "gcs": {"credentials": KEY_FILE},
}
_TERMS: Properties = {"start": "2026-11-20T23:00:00Z", "expiry": "2026-11-27T00:00:00Z"}
_SAS: Properties = {
    "accountName": "acmephotos",
    "endpoint": "https://acmephotos.blob.core.windows.net/",
    "container": "lake",
    "directory": "herd/cows/",
    "hierarchical": True,
    "purpose": "INPUT",
    "policy": "acme-cows-input-11111111",
    **_TERMS,
}


def verification(source: Properties) -> Properties:
    """Of one datasource, probed where that can be."""
    proof: Value = {str(name): wanted for name, wanted in expected(Purpose.INPUT).items()}
    told: Properties = {name: source[name] for name in ("kind", "access", "path")}
    entry: Properties = {**told, "identity": "somebody", "fingerprint": "ab", "proof": proof}
    key = _PROBED.get(str(source["kind"])) if source["access"] != "delegated" else None
    probed: Properties = {"credentials": SecretValue({"INPUT": {**key}})} if key else {}
    return {"datasetId": ID, "dataset": "cows", "datasources": {"INPUT": entry}, "deadline": 1.0, **probed}


GOOD: Mapping[str, tuple[Properties, ...]] = {
    "ExternalId": ({}, {"keepers": {"a": "b"}}),
    "Dataset": ({"name": "cows", "type": "images"}, {"name": "cows", "type": "videos", "adopt": True}),
    "Datasource": tuple({"datasetId": ID, "purpose": "INPUT", **source} for source in SOURCES),
    "AzureSas": (
        {**_SAS, "method": "stored_policy", "accountKey": SecretValue(KEY)},
        {**_SAS, "method": "user_delegation"},
    ),
    "Verification": tuple(verification(source) for source in SOURCES),
}
HOSTILE = (
    *("", " ", "\n", "²", "٣", "x" * 5000, "\u202e", "a/b", "/", "//", "?", "=", "AA==", "AA=A", "é", "nan", "..", "%"),
    *(
        "https://[",
        "https://x:y",
        f"{CLOSED}/?sig=x",
        "s3://",
        "gs://a",
        "azure://a",
        "azure://a/b",
        "local://",
        "obs:",
    ),
    *(
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "2026-02-30T00:00:00Z",
        "2026-1-1T0:0:0Z",
        "٢٠٢٦-01-01T00:00:00Z",
    ),
    *("INPUT", "LIGHTLY", "INPUT_OUTPUT", "images", "Crops", "s3", "azure", "delegated", "mount", "user_delegation"),
    *(SAS, f"?{SAS}", "sr=c&sv=1&sig=%ff&spr=https&sp=rl&se=x", KEY_FILE, "[" * 3000, '{"type": "service_account"}'),
)
_LEAVES: st.SearchStrategy[Value] = st.one_of(
    st.none(), st.booleans(), st.floats(), st.text(max_size=9), st.just(UNKNOWN), st.sampled_from(HOSTILE)
)
_KEYS = st.one_of(
    st.sampled_from([*Purpose, "kind", "access", "path", "proof", "expected", "list"]), st.text(max_size=5)
)
ANYTHING: st.SearchStrategy[Value] = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(_KEYS, inner, max_size=3), inner.map(SecretValue)
    ),
    max_leaves=6,
)


def good(kind: str) -> st.SearchStrategy[Properties]:
    """Inputs that are right."""
    return st.sampled_from(GOOD[kind])


def spoiled(kind: str) -> st.SearchStrategy[Properties]:
    """Good inputs or outputs, of which some are missing, and some are anything."""
    rows = next(each for each in RESOURCES if each.token.endswith(f":{kind}"))
    names = [each.name for each in (*rows.inputs, *rows.results)]
    put = st.dictionaries(st.sampled_from([*names, "other"]), ANYTHING, max_size=3)
    dug = st.lists(st.tuples(st.sampled_from(names), st.sampled_from([*Purpose]), _KEYS, ANYTHING), max_size=2)
    gone = st.sets(st.sampled_from(names), max_size=2)
    return st.builds(_spoil, good(kind), put, dug, gone)


def _spoil(
    start: Properties, put: Properties, dug: list[tuple[str, Purpose, str, Value]], gone: set[str]
) -> Properties:
    found = {name: value for name, value in start.items() if name not in gone} | put
    for name, purpose, key, value in dug:  # somewhere inside of a table of tables
        table = found.get(name)
        inner = table.value if isinstance(table, SecretValue) else table
        if isinstance(inner, dict) and isinstance(entry := inner.get(purpose), dict):
            changed: Value = {**inner, str(purpose): {**entry, key: value}}
            found[name] = SecretValue(changed) if isinstance(table, SecretValue) else changed
    return found
