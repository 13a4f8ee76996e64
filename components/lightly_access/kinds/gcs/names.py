"""What Google Cloud accepts as names: buckets, projects, directories, locations, labels; and service-account keys.

A checker returns None or a Fault.
"""

import base64
import json
import re
from collections.abc import Mapping

from lightly_core.fault import Fault, did_you_mean

from lightly_access.kinds.gcs import key_file
from lightly_access.naming import physical_name

SCHEME = "gs://"
BUCKET_PATTERN = "^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$"
PROJECT_PATTERN = "^([a-z][a-z0-9.-]*[a-z0-9]:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$"
LOCATION_PATTERN = "^[a-zA-Z][a-zA-Z0-9]*(-[a-zA-Z0-9]+)*$"
SERVICE_ACCOUNT_PATTERN = r"^[a-z0-9-]+@[a-z0-9.-]+\.gserviceaccount\.com$"
REGIONS = (
    *("africa-south1", "asia-east1", "asia-east2", "asia-northeast1", "asia-northeast2", "asia-northeast3"),
    *("asia-south1", "asia-south2", "asia-southeast1", "asia-southeast2", "asia-southeast3", "australia-southeast1"),
    *("australia-southeast2", "europe-central2", "europe-north1", "europe-north2", "europe-southwest1"),
    *("europe-west1", "europe-west2", "europe-west3", "europe-west4", "europe-west6", "europe-west8", "europe-west9"),
    *("europe-west10", "europe-west12", "me-central1", "me-central2", "me-west1", "northamerica-northeast1"),
    *("northamerica-northeast2", "northamerica-south1", "southamerica-east1", "southamerica-west1", "us-central1"),
    *("us-east1", "us-east4", "us-east5", "us-south1", "us-west1", "us-west2", "us-west3", "us-west4"),
)
MULTI_REGIONS = ("asia", "eu", "us", "asia1", "eur4", "eur5", "eur7", "eur8", "nam4")
"""Regions, multi-regions and predefined dual-regions, for a remark only: Google opens new ones.
https://cloud.google.com/storage/docs/locations"""

_BUCKET = re.compile(BUCKET_PATTERN)
_PROJECT = re.compile(PROJECT_PATTERN)
_SERVICE_ACCOUNT = re.compile(SERVICE_ACCOUNT_PATTERN)
_LOCATION = re.compile(LOCATION_PATTERN)
_IP_ADDRESS = re.compile(r"[0-9]+(\.[0-9]+){3}")
_GOOGLE = re.compile(r"g[o0]{2}g[l1i]e")
_SCHEMES = ("gs://", "gcs://", "s3://", "https://", "http://")
_LABEL_KEY = re.compile(r"[^\W\d_A-Z][\w-]{0,62}")
_LABEL_VALUE = re.compile(r"[\w-]{0,63}")
_LABELS = 59
_ACCOUNT_ID_LIMIT = 30
_PEM = re.compile(r"-----BEGIN (?:RSA )?PRIVATE KEY-----\s+([A-Za-z0-9+/=\s]+)-----END (?:RSA )?PRIVATE KEY-----")
_SEQUENCE, _LONG = 0x30, 0x80


def bucket_name(value: str) -> Fault | None:
    """A bucket: https://cloud.google.com/storage/docs/naming-buckets.

    3 to 63 characters; with periods up to 222, each part at most 63, and the domain must be yours. Not like an IP
    address, not `goog...`, no `google` nor what looks like it.
    """
    expected = "a Cloud Storage bucket name: 3 to 63 characters of a-z 0-9 - _ ., the first and last a letter or digit"
    if value.lower().startswith(_SCHEMES):
        return Fault("the bucket's name alone", "no gs:// or URL; the directory goes into a datasource's path")
    if "/" in value:
        return Fault("the bucket's name alone", "what follows the / goes into a datasource's path")
    if not _BUCKET.fullmatch(value):
        return Fault(expected)
    for wrong, hint in (
        (max(map(len, value.split("."))) > 63, "each part between periods has at most 63 characters"),
        (".." in value or bool(_IP_ADDRESS.fullmatch(value)), "no two periods side by side, not like an IP address"),
        (value.startswith("goog"), "Google reserves names that start with goog"),
        (bool(_GOOGLE.search(value)), "Google refuses names with 'google' or what looks like it"),
    ):
        if wrong:
            return Fault(expected, hint)
    return None


def project(value: str) -> Fault | None:
    """A project's id: 6 to 30 of a-z 0-9 -, the first a letter, the last no hyphen; older ones start with `domain:`.

    https://cloud.google.com/resource-manager/reference/rest/v3/projects#resource:-project
    """
    if _PROJECT.fullmatch(value):
        return None
    hint = "the id, not the number or the name: gcloud projects list" if value.isdigit() or " " in value else None
    return Fault("a project id: 6 to 30 of a-z 0-9 -, the first a letter, the last no hyphen", hint)


def service_account(value: str) -> Fault | None:
    """The email of a service account: https://cloud.google.com/iam/docs/service-account-types"""
    if _SERVICE_ACCOUNT.fullmatch(value):
        return None
    return Fault("the email of a service account, <name>@<project>.iam.gserviceaccount.com")


def location(value: str) -> Fault | None:
    """A region (europe-west3), a dual-region (EUR4) or a multi-region (EU); case does not matter to Google."""
    if _LOCATION.fullmatch(value) and len(value) <= 60:
        return None
    return Fault("a location such as europe-west3 or EU", did_you_mean(value, (*REGIONS, *MULTI_REGIONS)))


def unusual_location(value: str) -> str | None:
    """The remark about a location that is not in our list, which may be newer than the list, or mistyped."""
    known = (*REGIONS, *MULTI_REGIONS)
    if value.lower() in known or location(value):
        return None
    return did_you_mean(value, known) or "it is not among the locations that we know; is it a new one?"


def directory(value: str) -> Fault | None:
    """What Google adds to the rules of `directory_path`: object names do not start with
    `.well-known/acme-challenge/` (https://cloud.google.com/storage/docs/naming). LONGEST bounds their length."""
    if value.startswith(".well-known/acme-challenge/"):
        return Fault("another directory", "Google refuses object names that start with .well-known/acme-challenge/")
    return None


def labels(value: Mapping[str, str]) -> Fault | None:
    """How many labels: Google takes 64 a resource; 5 are kept for our own.

    https://cloud.google.com/kms/docs/labeling-keys (the rules hold for labels of every resource)
    """
    if len(value) <= _LABELS:
        return None
    return Fault(f"at most {_LABELS} labels", "Google takes 64 a resource and 5 are ours")


def label_key(value: str) -> Fault | None:
    """Key of a label: 1 to 63 lower-case letters, digits, _, -; the first a letter; not `goog...`. Source: `labels`."""
    if value.startswith("goog"):
        return Fault("a label key that does not start with goog", "that prefix is Google's own")
    if _LABEL_KEY.fullmatch(value) and value == value.lower():
        return None
    return Fault("a label key: 1 to 63 lower-case letters, digits, _ or -, the first a letter")


def label_value(value: str) -> Fault | None:
    """Value of a label: at most 63 lower-case letters, digits, _ or -. Source: as `labels`."""
    if _LABEL_VALUE.fullmatch(value) and value == value.lower():
        return None
    return Fault("a label value: at most 63 lower-case letters, digits, _ or -")


def credentials(value: str) -> Fault | None:
    """The key file of a service account, as JSON text. It is a secret: never show it in a message.

    datasource_config_gcs.py of Lightly's client 1.5.26 takes any text; it must be what Google hands out as
    TYPE_GOOGLE_CREDENTIALS_FILE (https://cloud.google.com/iam/reference/rest/v1/projects.serviceAccounts.keys/create).
    """
    expected = "the key file of a service account, as JSON text"
    try:
        key = json.loads(value)
    except (ValueError, RecursionError):
        return Fault(expected, key_file.seen(value) or "this is no JSON")
    if not isinstance(key, dict) or key.get("type") != "service_account":
        what = key_file.what_else(key) if isinstance(key, dict) else None
        its_type = "its `type` is service_account"
        return Fault(expected, f"{what}: {its_type}" if what else its_type)
    for name in ("client_email", "private_key"):
        if not isinstance(key.get(name), str) or not key[name]:
            return Fault(expected, f"it has no {name}")
    if "-----BEGIN" in key["private_key"] and not _whole(key["private_key"]):
        return Fault(expected, "its private_key is damaged: copy the file as it is, line breaks (\\n) included")
    return None


def _whole(pem: str) -> bool:
    """Whether a PEM has both its ends, and between them as much of a key as it says (X.690, 8.1.3)."""
    found = _PEM.fullmatch(pem.strip())
    try:
        der = base64.b64decode("".join(found[1].split()), validate=True) if found else b""
    except ValueError:
        return False
    if len(der) < 2 or der[0] != _SEQUENCE:
        return False
    more = der[1] - _LONG if der[1] >= _LONG else 0
    length = int.from_bytes(der[2 : 2 + more]) if more else der[1]
    return len(der) == 2 + more + length


def service_account_id(project: str, stack: str, dataset: str, purpose: str) -> str:
    """The physical name of a service account: 6 to 30, the first a letter.

    https://cloud.google.com/iam/docs/service-accounts-create
    """
    parts = (project, stack, dataset, purpose)
    name = physical_name(*parts, limit=_ACCOUNT_ID_LIMIT)
    return name if name[0].isalpha() else f"l-{physical_name(*parts, limit=_ACCOUNT_ID_LIMIT - 2)}"


def service_account_email(account_id: str, project: str) -> str:
    """Of a project `example.com:name` the domain comes last: `a@name.example.com.iam.gserviceaccount.com`.

    https://cloud.google.com/iam/docs/service-account-types
    """
    domain, _, name = project.rpartition(":")
    return f"{account_id}@{name}{'.' if domain else ''}{domain}.iam.gserviceaccount.com"


def project_of_email(email: str) -> str | None:
    """The project of a service account that somebody made in it; None of Google's own, which name none."""
    host = email.partition("@")[2]
    if not host.endswith(".iam.gserviceaccount.com"):
        return None
    name, _, domain = host.removesuffix(".iam.gserviceaccount.com").partition(".")
    return f"{domain}:{name}" if domain else name
