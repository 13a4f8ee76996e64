"""Service accounts and who holds which key.

Sources: https://cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts; an account that is made again
under an old email is another one, with another unique id
(https://cloud.google.com/iam/docs/service-accounts-delete-undelete).
"""

import base64
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lightly_sandbox.emulators.clock import Clock
from lightly_sandbox.kinds.gcs.emulator.errors import already_exists, failed_precondition, invalid, not_found
from lightly_sandbox.kinds.gcs.emulator.keys import KEYS_PER_ACCOUNT, NEVER, Key, Pair
from lightly_sandbox.kinds.gcs.emulator.names import check_account_id

DOMAIN = "iam.gserviceaccount.com"


@dataclass(slots=True)
class Account:
    """A service account. `created` is in seconds since the epoch."""

    email: str
    project: str
    uid: str
    created: float
    display_name: str = ""
    description: str = ""
    disabled: bool = False
    etag: str = field(default_factory=lambda: base64.b64encode(secrets.token_bytes(8)).decode())
    keys: dict[str, Key] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """`projects/<p>/serviceAccounts/<email>`."""
        return f"projects/{self.project}/serviceAccounts/{self.email}"

    def show(self) -> dict[str, Any]:
        """As the API answers it; what is empty is left out."""
        shown = {
            "name": self.name,
            "projectId": self.project,
            "uniqueId": self.uid,
            "email": self.email,
            "displayName": self.display_name,
            "description": self.description,
            "etag": self.etag,
            "oauth2ClientId": self.uid,
            "disabled": self.disabled,
        }
        return {name: value for name, value in shown.items() if value}


class Accounts:
    """All service accounts, and the restrictions that an organisation may put on their keys."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._by_email: dict[str, Account] = {}
        self.no_keys = ""
        self.key_hours = 0.0

    def create(self, project: str, account_id: str, given: Mapping[str, Any]) -> Account:
        """A new account. Raises RefusedError for a bad or taken id."""
        check_account_id(account_id)
        email = f"{account_id}@{project}.{DOMAIN}"
        if email in self._by_email:
            raise already_exists(f"Service account {account_id} already exists within project projects/{project}.")
        uid = "1" + "".join(secrets.choice("0123456789") for _ in range(20))
        account = Account(email, project, uid, self._clock.now())
        self._by_email[email] = account
        try:
            return self.change(account, given)
        except Exception:
            del self._by_email[email]
            raise

    def change(self, account: Account, given: Mapping[str, Any]) -> Account:
        """Take over the display name and the description."""
        display, description = given.get("displayName", account.display_name), given.get("description")
        if len(display) > 100 or len(description or "") > 256:
            raise invalid("A display name has at most 100 bytes, a description at most 256.")
        account.display_name = display
        account.description = account.description if description is None else description
        return account

    def of(self, email: str) -> Account | None:
        """The account with this email, if there is one."""
        return self._by_email.get(email)

    def get(self, project: str, name: str) -> Account:
        """By email or unique id; the project `-` stands for any. Raises RefusedError."""
        account = self._by_email.get(name) or next((entry for entry in self if entry.uid == name), None)
        if account is None or project not in ("-", account.project):
            raise not_found(f"Unknown service account: projects/{project}/serviceAccounts/{name}")
        return account

    def delete(self, account: Account) -> None:
        """Gone at once, with its keys and tokens."""
        del self._by_email[account.email]

    def __iter__(self) -> Iterator[Account]:
        return iter(self._by_email.values())

    def create_key(self, account: Account, pair: Pair) -> tuple[Key, str]:
        """A new key and its file. Raises RefusedError when the organisation forbids keys, or the account has ten."""
        if self.no_keys:
            raise _forbidden_by_organisation(account, self.no_keys)
        if len(account.keys) >= KEYS_PER_ACCOUNT:
            raise failed_precondition("Precondition check failed.")
        now = self._clock.now()
        key = pair.key(account.uid, now, now + self.key_hours * 3600 if self.key_hours else NEVER)
        account.keys[key.id] = key
        return key, pair.file(key, account.project, account.email, account.uid)

    def key(self, account: Account, id: str) -> Key:
        """One key. Raises RefusedError."""
        key = account.keys.get(id)
        if key is None:
            raise not_found(f"Service account key {id} does not exist.")
        return key


def _forbidden_by_organisation(account: Account, constraint: str) -> Exception:
    """As users report it: https://github.com/google/create-service-account/issues/21."""
    message = "Key creation is not allowed on this service account."
    violation = {
        "type": f"constraints/{constraint}",
        "subject": f"{account.name}?configvalue={account.email.replace('@', '%40')}",
        "description": message,
    }
    detail = {"@type": "type.googleapis.com/google.rpc.PreconditionFailure", "violations": [violation]}
    return failed_precondition(message, detail)
