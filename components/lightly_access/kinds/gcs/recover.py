"""How what a killed run made in Google Cloud is found again.

Ids of service accounts and custom roles, and names of buckets, are ours to choose. A key lies with its service account,
and its private half was in the answer that nobody heard.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

import urllib3
from lightly_core.pulumi_values import plain

from lightly_access.deployed.exported import moment
from lightly_access.kinds.gcs.rest import READ_WRITE, STORAGE, NoLoginError, Rest
from lightly_access.recover.way import Again, Inputs, Named, Place, Searched, UnaskedError, Way

_IAM = "https://iam.googleapis.com"
_LOGIN: Final = {
    "accessToken": "accessToken",
    "credentials": "credentials",
    "impersonateServiceAccount": "impersonate",
}


def _project(inputs: Inputs, place: Place) -> str:
    named = (inputs.get("project"), place.provider.get("project"), place.environ.get("GOOGLE_PROJECT"))
    found = next((each for each in named if isinstance(each, str) and each), None)
    if found is None:
        raise UnaskedError("its project is not known", "pulumi config set gcp:project ID")
    return found


def _account(inputs: Inputs, place: Place) -> str:
    """Its address ends as Google says: https://cloud.google.com/iam/docs/service-account-overview. A project of an
    organisation's domain, `example.com:project`, has it turned round."""
    project = _project(inputs, place)
    domain, _, name = project.rpartition(":")
    host = f"{name}.{domain}" if domain else project
    return f"projects/{project}/serviceAccounts/{inputs['accountId']}@{host}.iam.gserviceaccount.com"


def _role(inputs: Inputs, place: Place) -> str:
    return f"projects/{_project(inputs, place)}/roles/{inputs['roleId']}"


def _keys(inputs: Inputs, place: Place) -> dict[str, datetime | None]:
    """Those that a person or a deployment made, and when; none where there is no such account any more."""
    account = str(inputs["serviceAccountId"])
    found = _ask("GET", f"/v1/{quote(account)}/keys", place, "iam.serviceAccountKeys.list")
    listed = found.get("keys", ()) if found else ()
    made = [each for each in listed if each.get("keyType", "USER_MANAGED") == "USER_MANAGED"]
    return {str(each["name"]): moment(each.get("validAfterTime")) for each in made}


def _end_key(_: Inputs, place: Place, key: str) -> None:
    _ask("DELETE", f"/v1/{quote(key)}", place, "iam.serviceAccountKeys.delete")


def _account_there(inputs: Inputs, place: Place) -> bool:
    return _ask("GET", f"/v1/{quote(_account(inputs, place))}", place, "iam.serviceAccounts.get") is not None


def _role_there(inputs: Inputs, place: Place) -> bool:
    """One that was deleted lately is brought back by whoever makes it."""
    found = _ask("GET", f"/v1/{quote(_role(inputs, place))}", place, "iam.roles.get")
    return found is not None and not found.get("deleted")


def _bucket(inputs: Inputs, place: Place) -> dict[str, Any] | None:
    path = f"/storage/v1/b/{quote(str(inputs['name']), safe='')}"
    return _ask("GET", path, place, "storage.buckets.get", STORAGE)


def _bucket_there(inputs: Inputs, place: Place) -> bool:
    return _bucket(inputs, place) is not None


def _bucket_made(inputs: Inputs, place: Place) -> datetime | None:
    return moment((_bucket(inputs, place) or {}).get("timeCreated"))


def _end_account(inputs: Inputs, place: Place, account: str) -> None:
    """With its keys, of which nobody has the private half."""
    _ask("DELETE", f"/v1/{quote(account)}", place, "iam.serviceAccounts.delete")


def _end_role(inputs: Inputs, place: Place, role: str) -> None:
    _ask("DELETE", f"/v1/{quote(role)}", place, "iam.roles.delete")


def _end_bucket(inputs: Inputs, place: Place, bucket: str) -> None:
    """Only an empty one: Cloud Storage deletes no other."""
    _ask("DELETE", f"/storage/v1/b/{quote(bucket, safe='')}", place, "storage.buckets.delete", STORAGE)


def _ask(method: str, path: str, place: Place, needs: str, base: str = _IAM) -> dict[str, Any] | None:
    """None for what is not there. Raises UnaskedError."""
    login = {ours: str(plain(place.provider[each])) for each, ours in _LOGIN.items() if place.provider.get(each)}
    hint = f"log in as whoever deploys, who needs {needs} for this"
    try:
        status, found = Rest(place.environ, READ_WRITE, login).ask(method, base, path)
    except NoLoginError as error:
        raise UnaskedError("there is no login of Google Cloud", str(error)) from None
    except urllib3.exceptions.HTTPError:
        raise UnaskedError("Google Cloud does not answer", hint) from None
    if status == 404:
        return None
    if status >= 300:
        raise UnaskedError(f"Google Cloud refused {method} {path} (HTTP {status})", hint)
    return found if isinstance(found, dict) else {}


WAYS: Final[Mapping[str, Way]] = {
    "gcp:storage/bucket:Bucket": Named(
        frozenset({"name"}),
        lambda inputs, _: str(inputs["name"]),
        there=_bucket_there,
        remove=_end_bucket,
        made=_bucket_made,
    ),
    "gcp:projects/iAMCustomRole:IAMCustomRole": Named(
        frozenset({"roleId"}), _role, ours=True, there=_role_there, remove=_end_role
    ),
    "gcp:serviceaccount/account:Account": Named(
        frozenset({"accountId"}), _account, ours=True, there=_account_there, remove=_end_account
    ),
    "gcp:serviceaccount/key:Key": Searched(
        frozenset({"serviceAccountId"}),
        "service account key",
        lambda inputs, place: list(_keys(inputs, place)),
        _end_key,
        lambda inputs, key: (
            f"gcloud iam service-accounts keys delete {key.rpartition('/')[2]} "
            f"--iam-account {str(inputs['serviceAccountId']).rpartition('/')[2]}"
        ),
        made=lambda inputs, place, key: _keys(inputs, place).get(key),
    ),
    "gcp:storage/bucketIAMMember:BucketIAMMember": Again("a member that is bound stays bound"),
    "gcp:storage/bucketObject:BucketObject": Again("the same placeholder takes its place"),
}
