"""How access to Google Cloud ends: a key is disabled, or removed
(https://cloud.google.com/iam/docs/keys-disable-enable). A token that it was exchanged for before lives for an hour at
most, unless the service account itself goes."""

import base64
import json
from typing import Any
from urllib.parse import quote

import urllib3
from lightly_core.capability import Purpose
from lightly_core.secret import Secret

from lightly_access.doctor.stack import ClosedSecretError
from lightly_access.kinds.ending import Beside, CannotEndError, Ending, Issued, Login, Query, Resource, Seen
from lightly_access.kinds.gcs.names import SCHEME
from lightly_access.kinds.gcs.probe import GcsTarget, endpoint
from lightly_access.kinds.gcs.rest import READ_WRITE, NoLoginError, Rest
from lightly_access.kinds.gcs.stack_login import login_of
from lightly_access.kinds.tried import listed

_IAM = "https://iam.googleapis.com"
_WORD = "service account key"


class GcsEnding(Ending):
    """Keys of our service accounts, and of others."""

    types = frozenset({"gcp:serviceaccount/key:Key"})

    def issued(self, resource: Resource, registered: Resource, purpose: Purpose, beside: Beside) -> Issued:
        outputs, path = resource.get("outputs") or {}, str(registered.get("path", ""))
        private = outputs.get("privateKey")
        secret = _key_file(private) if isinstance(private, Secret) else None
        name = str(resource["id"])
        created = outputs.get("validAfter")
        facts = {"account": name.partition("/keys/")[0]}
        return Issued("gcs", "service_account", purpose, _WORD, name, path, created, facts, secret)

    def external(self, registered: Resource, purpose: Purpose) -> Issued | None:
        path, credentials = str(registered.get("path", "")), registered.get("credentials")
        name = _named(credentials) if isinstance(credentials, Secret) else path
        return Issued("gcs", "service_account", purpose, _WORD, name, path, secret=credentials, ours=False)

    def switch_off(self, issued: Issued, login: Login) -> str:
        if not issued.ours:
            return super().switch_off(issued, login)
        found = _ask("POST", f"{issued.identity}:disable", login, "iam.serviceAccountKeys.disable")
        return f"{issued} is {'gone' if found is None else 'disabled'}"

    def remove(self, issued: Issued, login: Login) -> str:
        _ask("DELETE", issued.identity, login, "iam.serviceAccountKeys.delete")
        return f"{issued} is removed"

    def others(self, issued: Issued, login: Login) -> tuple[Issued, ...]:
        if not issued.ours:
            return ()
        found = _ask("GET", f"{issued.facts['account']}/keys", login, "iam.serviceAccountKeys.list") or {}
        return tuple(
            Issued(
                "gcs",
                "service_account",
                issued.purpose,
                _WORD,
                str(each["name"]),
                issued.path,
                each.get("validAfterTime"),
                issued.facts,
                known=False,
            )
            for each in found.get("keys", ())
            if each.get("keyType", "USER_MANAGED") == "USER_MANAGED" and each["name"] != issued.identity
        )

    def tried(self, issued: Issued) -> Seen | None:
        if issued.secret is None or not issued.path:
            return None
        bucket, _, directory = issued.path.removeprefix(SCHEME).partition("/")
        return listed(GcsTarget(bucket, directory, issued.secret, endpoint(), True))

    def asked(self, issued: Issued, login: Login) -> Seen | None:
        if not issued.ours:
            return None
        found = _ask("GET", issued.identity, login, "iam.serviceAccountKeys.get")
        if found is None:
            return Seen(False, "cloud", "serviceAccounts.keys.get: there is no such key")
        disabled = found.get("disabled") is True
        said = "it is disabled" if disabled else "it is there"
        return Seen(not disabled, "cloud", f"serviceAccounts.keys.get: {said}")

    def queries(self, issued: Issued) -> tuple[Query, ...]:
        """https://cloud.google.com/logging/docs/audit: reading and writing objects is in the Data Access logs, which
        somebody must have switched on."""
        project = issued.identity.split("/")[1] if issued.identity.startswith("projects/") else "<project>"
        since = issued.created or "1970-01-01T00:00:00Z"
        used = f'protoPayload.authenticationInfo.serviceAccountKeyName="//iam.googleapis.com/{issued.identity}"'
        return (
            Query(
                "Cloud Audit Logs; calls on objects only where Data Access logs of Cloud Storage were on",
                f"gcloud logging read '{used} AND timestamp>=\"{since}\"' --project {project}",
            ),
            Query(
                "when it was used last, by day",
                f"gcloud policy-intelligence query-activity --activity-type=serviceAccountKeyLastAuthentication "
                f"--project={project} "
                f"--query-filter='activities.full_resource_name=\"//iam.googleapis.com/{issued.identity}\"'",
            ),
        )


def _key_file(private: Secret) -> Secret | None:
    """Google gives it in base64; None for what is none."""
    try:
        return Secret(base64.b64decode(private.reveal()).decode())
    except ValueError:
        return None


def _named(credentials: Secret) -> str:
    """The key's name at Google; a key file's account and id are no secrets."""
    try:
        file = json.loads(credentials.reveal())
        email, id_ = str(file["client_email"]), str(file["private_key_id"])
    except (ValueError, KeyError, TypeError):
        return "of an unreadable key file"
    return f"projects/{file.get('project_id', '-')}/serviceAccounts/{email}/keys/{id_}"


def _ask(method: str, name: str, login: Login, needs: str) -> dict[str, Any] | None:
    """One call as whoever deploys; None for what is not there. Raises CannotEndError."""
    stack = login.stack
    hint = f"log in as whoever deploys, who needs {needs} for this"
    try:
        rest = Rest(stack.environ, READ_WRITE, login_of(stack, login.owner))
        status, answer = rest.ask(method, _IAM, f"/v1/{quote(name, safe='/@:')}")
    except ClosedSecretError as closed:
        raise CannotEndError(str(closed), hint) from None
    except NoLoginError as error:
        raise CannotEndError("there is no login of Google Cloud", str(error)) from None
    except urllib3.exceptions.HTTPError:
        raise CannotEndError("Google Cloud does not answer", "is there a network?") from None
    if status == 404:
        return None
    if status >= 300:
        raise CannotEndError(f"Google Cloud refused {method} {name} (HTTP {status})", hint)
    return answer if isinstance(answer, dict) else {}
