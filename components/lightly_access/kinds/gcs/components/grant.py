"""What an access may do: its role and its binding, proved before anything is deployed.

What Lightly asks for: https://docs.lightly.ai/docs/google-cloud-storage. Every document comes from `lightly_policies`.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

import pulumi
from lightly_core.capability import Purpose
from lightly_policies.cases_gcs import MEMBER
from lightly_policies.proof import Proof
from lightly_policies.proof_gcs import prove_gcs
from lightly_policies.render_gcs import gcs_binding, gcs_role

from lightly_access.access import LeastPrivilegeError, store_prerequisites
from lightly_access.kinds.gcs.components.bucket import GcsBucket
from lightly_access.kinds.gcs.names import service_account_id
from lightly_access.stack_name import stack_name
from lightly_access.tables.directory import Directory


class GcsAccessArgs(TypedDict):
    """Access to one path of one bucket, for one dataset and purpose."""

    store: GcsBucket
    """The bucket."""
    path: Directory
    """The directory inside it, ending in `/`; empty for the whole bucket."""
    purpose: Purpose
    """INPUT (list, read) or LIGHTLY (list, read, write, overwrite, delete)."""
    dataset: str
    """Whose access this is; part of the physical names, which stay as they were made when this changes."""


class Grant:
    """The documents of one access: rendered, and proved before anything is deployed."""

    def __init__(self, args: GcsAccessArgs) -> None:
        self.args, self.store = args, args["store"]

    @property
    def account_id(self) -> str:
        """6 to 30 of a-z 0-9 and -, the first a letter."""
        parts = (pulumi.get_project(), stack_name(), self.args["dataset"], self.args["purpose"])
        return service_account_id(*parts)

    def condition(self) -> dict[str, str] | None:
        """Of the binding; it names neither role nor member, so a preview shows it whole."""
        found: dict[str, str] | None = json.loads(self._placeholder_binding())["condition"]
        return found

    def assert_least_privilege(self, access: str) -> None:
        """Prove the documents at preview, with a placeholder for the service account. Raises LeastPrivilegeError."""
        proof = self.prove(
            role_text(self._role_name, json.loads(gcs_role(self.args["purpose"]))["includedPermissions"]),
            self._placeholder_binding(),
            MEMBER,
        )
        if proof.unexpected:
            raise LeastPrivilegeError(access, self.args["purpose"], proof.unexpected)

    def prove(self, role: str, binding: str, member: str) -> Proof:
        return prove_gcs(
            self.args["purpose"], self.store.bucket, self.args["path"], role=role, binding=binding, member=member
        )

    def prerequisites(self) -> list[pulumi.Resource]:
        """The bucket, and the directory where the path is ours."""
        return store_prerequisites(self.store, self.args["path"], writes=self.args["purpose"] is Purpose.LIGHTLY)

    @property
    def _role_name(self) -> str:
        return f"projects/{self.store.project}/roles/{self.store.role_id(self.args['purpose'])}"

    def _placeholder_binding(self) -> str:
        return gcs_binding(self.store.bucket, self.args["path"], role=self._role_name, member=MEMBER)


def role_text(name: str, permissions: Sequence[str]) -> str:
    """A deployed role, as the proof reads it."""
    return json.dumps({"name": name, "includedPermissions": sorted(permissions)}, sort_keys=True)


def binding_text(bucket: str, role: str, member: str, condition: Mapping[str, Any] | None) -> str:
    """A deployed binding, as the proof reads it. The provider calls the bucket `b/<name>` once it is bound."""
    parts = ("title", "description", "expression")
    table = {part: condition.get(part) or "" for part in parts} if condition else None
    return json.dumps(
        {"bucket": bucket.removeprefix("b/"), "role": role, "member": member, "condition": table}, sort_keys=True
    )
