"""Keys of service accounts, as whoever got hold of one would use them."""

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from lightly_core.secret import Secret

from lightly_sandbox.credential_log import Credential, revealed
from lightly_sandbox.kinds.credential_client import Attack, CredentialClient, attempt
from lightly_sandbox.kinds.gcs.client import IAM, STORAGE, Google, RefusedError, signed_token
from lightly_sandbox.kinds.gcs.fixtures import PAYROLL, STRANGER_KEY
from lightly_sandbox.sandbox import Sandbox


def refusal(error: Exception) -> str | None:
    """The reason of an answer that means "you may not", or None when the call failed for another reason."""
    return error.reason or str(error.status) if isinstance(error, RefusedError) and error.status in (401, 403) else None


def enter(sandbox: Sandbox, file: dict[str, Any], audience: str = STORAGE) -> Google:
    return Google(sandbox.services["gcs"].announcement["url"], signed_token(file, audience))


class GcsCredentialClient(CredentialClient):
    """Whoever got hold of a key file. No session is kept: a token of an hour ends with its account."""

    accesses: Mapping[str, str] = {"service_account": "service account key"}

    def shown(self, inputs: Mapping[str, Any]) -> tuple[str, str]:
        """The account's name and the beginning of the key's id, which tells a key from the one that replaces it."""
        text = revealed(inputs["credentials"])
        file = json.loads(text)
        return f"{file['client_email']}, key {file['private_key_id'][:8]}", text

    def issued(self, resource: Mapping[str, Any]) -> Credential | None:
        """A key of a service account."""
        if resource["type"] != "gcp:serviceaccount/key:Key":
            return None
        name = resource.get("urn", "").rsplit("::", 1)[-1]
        text = base64.b64decode(revealed(resource["outputs"]["privateKey"])).decode()
        identity, _ = self.shown({"credentials": text})
        return Credential("service account key", name, "", "", identity, Secret(text), registered=False)

    def use(self, sandbox: Sandbox, credential: Credential) -> str | None:
        """List its directory; a key whose directory is not known lists a bucket where it has no right at all."""

        def listing() -> None:
            with enter(sandbox, json.loads(credential.secret.reveal())) as google:
                google.listed(credential.bucket or PAYROLL, credential.prefix)

        return attempt(listing, refusal)

    def attacks(self, sandbox: Sandbox, credential: Credential) -> Iterator[Attack]:
        """Leave the path or bucket, write where only reading is granted, grant itself more, be somebody else."""
        file, stranger = json.loads(credential.secret.reveal()), json.loads(sandbox.given[STRANGER_KEY])
        forged = {**file, "private_key": stranger["private_key"]}
        who, bucket, prefix = f"{credential.dataset} {credential.purpose}", credential.bucket, credential.prefix
        keys = f"/v1/projects/-/serviceAccounts/{quote(file['client_email'])}/keys"
        with (
            enter(sandbox, file) as mine,
            enter(sandbox, file, IAM) as myself,
            enter(sandbox, stranger) as other,
            enter(sandbox, forged) as forger,
        ):
            tries: list[tuple[str, Callable[[], object]]] = [
                (f"{who} lists another bucket", lambda: mine.listed(PAYROLL)),
                (
                    f"{who} lists the project's buckets",
                    lambda: mine.ask("GET", "/storage/v1/b", project=file["project_id"]),
                ),
                (f"{who} reads the bucket's policy", lambda: mine.ask("GET", f"/storage/v1/b/{bucket}/iam")),
                (f"{who} sets the bucket's policy", lambda: mine.ask("PUT", f"/storage/v1/b/{bucket}/iam", {})),
                (f"{who} makes a key for itself", lambda: myself.ask("POST", keys, {})),
                (f"a stranger's account lists the path of {who}", lambda: other.listed(bucket, prefix)),
                (f"{who} lists with a signature of another key", lambda: forger.listed(bucket, prefix)),
                *(_beside(mine, who, bucket, prefix) if prefix else ()),
                *(_reading_only(mine, who, bucket, prefix) if credential.purpose == "INPUT" else ()),
            ]
            for what, action in tries:
                yield Attack.tried(what, action, refusal)


def _beside(mine: Google, who: str, bucket: str, prefix: str) -> list[tuple[str, Callable[[], object]]]:
    beside = f"{prefix.rstrip('/')}-not-yours/"
    return [
        (f"{who} lists the whole bucket", lambda: mine.listed(bucket)),
        (f"{who} lists beside its path", lambda: mine.listed(bucket, beside)),
        (f"{who} reads beside its path", lambda: mine.read(bucket, f"{beside}secret.png")),
        (f"{who} writes beside its path", lambda: mine.write(bucket, f"{beside}x", b"x")),
    ]


def _reading_only(mine: Google, who: str, bucket: str, prefix: str) -> list[tuple[str, Callable[[], object]]]:
    return [
        (f"{who} writes to its path", lambda: mine.write(bucket, f"{prefix}x", b"x")),
        (f"{who} deletes from its path", lambda: mine.delete(bucket, f"{prefix}x")),
    ]
