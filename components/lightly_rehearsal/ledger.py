"""Every credential that was ever issued, read from the state after each run, and what using it brings now."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from botocore.exceptions import ClientError
from lightly_access.contract import SESSION_SECONDS
from lightly_access.secret import Secret

from lightly_rehearsal.aws_client import Aws, account, refusal
from lightly_rehearsal.deployer import State
from lightly_rehearsal.sandbox import Sandbox


@dataclass(frozen=True)
class Credential:
    """A way in that Lightly was given: a role with its external ID, a session of it, an access key that we made, or a
    given key that its owner made."""

    kind: str
    dataset: str
    purpose: str
    path: str
    identity: str
    secret: Secret
    session_token: Secret | None = None

    @property
    def bucket(self) -> str:
        """The bucket it reaches."""
        return urlsplit(self.path).netloc

    @property
    def prefix(self) -> str:
        """The directory it reaches."""
        return urlsplit(self.path).path.lstrip("/")

    @property
    def ours(self) -> bool:
        """Whether the deployment made it, and so ends it."""
        return self.kind != "given key"

    def __str__(self) -> str:
        return f"{self.kind} {self.identity} ({self.dataset} {self.purpose})"


def enter(sandbox: Sandbox, credential: Credential) -> Aws:
    """Become what Lightly becomes with it: for a role, a session of 12 hours. Raises ClientError."""
    if credential.kind != "role":
        return Aws(sandbox, credential.identity, credential.secret, credential.session_token)
    session = open_session(sandbox, credential)
    return Aws(sandbox, session.identity, session.secret, session.session_token)


def open_session(sandbox: Sandbox, role: Credential) -> Credential:
    """The session that Lightly's account gets for this role."""
    given = account(sandbox, "lightly").sts.assume_role(
        RoleArn=role.identity,
        RoleSessionName="lightly",
        ExternalId=role.secret.reveal(),
        DurationSeconds=SESSION_SECONDS,
    )["Credentials"]
    return Credential(
        "session", role.dataset, role.purpose, role.path, given["AccessKeyId"],
        Secret(given["SecretAccessKey"]), Secret(given["SessionToken"]),
    )  # fmt: skip


def attempt(action: Callable[[], object]) -> str | None:
    """None when it was allowed, else the code of the refusal. An answer of another kind is raised."""
    try:
        action()
    except ClientError as error:
        if code := refusal(error):
            return code
        raise
    return None


def use(sandbox: Sandbox, credential: Credential) -> str | None:
    """List the credential's own directory with it: None when it works, else the code of the refusal."""

    def listing() -> None:
        if credential.path:
            enter(sandbox, credential).s3.list_objects_v2(Bucket=credential.bucket, Prefix=credential.prefix)
        else:
            enter(sandbox, credential).sts.get_caller_identity()

    return attempt(listing)


def registered(state: State) -> list[Credential]:
    """The credentials in a state with its secrets shown: all that were registered, and keys that wait for their end."""
    resources = [resource for resource in state["deployment"].get("resources", []) if "id" in resource]
    names = {it["id"]: it["outputs"]["name"] for it in resources if it["type"] == "lightly:index:Dataset"}
    found = [_of_datasource(it["inputs"], names) for it in resources if it["type"] == "lightly:index:Datasource"]
    known = {credential.identity for credential in found}
    for it in resources:
        if it["type"] == "aws:iam/accessKey:AccessKey" and it["id"] not in known:
            secret = Secret(_plain(it["outputs"]["secret"]))
            found.append(Credential("access key", it["outputs"]["user"], "", "", it["id"], secret))
    return found


_KINDS = {"delegated": "role", "key": "given key"}


def _of_datasource(inputs: Mapping[str, Any], names: Mapping[str, str]) -> Credential:
    delegated = inputs["access"] == "delegated"
    identity, secret = ("roleArn", "externalId") if delegated else ("accessKeyId", "secretAccessKey")
    return Credential(
        _KINDS.get(inputs["access"], "access key"), names[inputs["datasetId"]], inputs["purpose"], inputs["path"],
        _plain(inputs[identity]), Secret(_plain(inputs[secret])),
    )  # fmt: skip


def _plain(value: Any) -> str:
    """A string of a state that shows its secrets: bare, or in an envelope whose `plaintext` is JSON."""
    if isinstance(value, dict):
        return str(json.loads(value["plaintext"]))
    return str(value)


@dataclass
class Ledger:
    """What was issued so far, oldest first, each once."""

    credentials: dict[str, Credential] = field(default_factory=dict)

    def note(self, *credentials: Credential) -> None:
        """Remember credentials; one that is known keeps its first entry."""
        for credential in credentials:
            self.credentials.setdefault(
                f"{credential.kind} {credential.identity} {credential.secret.reveal()}", credential
            )

    def current(self, dataset: str, purpose: str) -> Credential:
        """The credential that was registered last for this datasource; never a session."""
        mine = [
            c for c in self.credentials.values() if (c.dataset, c.purpose) == (dataset, purpose) and c.kind != "session"
        ]
        return mine[-1]
