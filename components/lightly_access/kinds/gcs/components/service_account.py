"""Service-account access: a key of a service account that reaches one path, replaced period by period."""

import base64
from datetime import UTC, datetime
from typing import Any

import pulumi
import pulumi_gcp as gcp
from lightly_core.capability import Purpose

from lightly_access.access import fingerprint
from lightly_access.kinds.gcs.components.grant import GcsAccessArgs, Grant, binding_text, role_text
from lightly_access.rotation import Period, RotationArgs


class GcsServiceAccountAccessArgs(GcsAccessArgs, RotationArgs):
    """A service-account key, and when it is replaced."""


class GcsServiceAccountAccess(pulumi.ComponentResource):
    """A service account that reaches one path, and its key, which is replaced period by period.

    Where an organisation forbids such keys (`iam.disableServiceAccountKeyCreation`), the deployment fails with Google's
    error; `lightly-access explain` reads its output and says what to do.
    """

    purpose: Purpose
    registration: dict[str, pulumi.Input[Any]]
    identity: pulumi.Output[str]
    proof: pulumi.Output[dict[str, bool]]
    fingerprint: pulumi.Output[str]
    credential: pulumi.Output[dict[str, Any]]
    probe_credential: dict[str, pulumi.Input[Any]] | None
    needs: list[pulumi.Resource]

    def __init__(
        self, name: str, args: GcsServiceAccountAccessArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("lightly-access:gcp:GcsServiceAccountAccess", name, None, opts)
        store, grant = args["store"], Grant(args)
        grant.assert_least_privilege(name)
        child = pulumi.ResourceOptions(parent=self)
        period = Period.of(args, datetime.now(UTC).date())
        account = gcp.serviceaccount.Account(
            f"{name}-account",
            account_id=grant.account_id,
            project=store.project,
            display_name=f"Lightly, {args['purpose']} of {args['dataset']}"[:100],
            opts=child,
        )
        role = store.role(args["purpose"])
        # One member beside all others: the rest of the bucket's policy is left as it is.
        binding = gcp.storage.BucketIAMMember(
            f"{name}-binding",
            bucket=store.bucket,
            role=role.name,
            member=account.member,
            condition=_condition(grant),
            opts=pulumi.ResourceOptions(parent=self, depends_on=store.ready),
        )
        key = gcp.serviceaccount.Key(
            f"{name}-key",
            service_account_id=account.name,
            opts=pulumi.ResourceOptions(
                parent=self,
                additional_secret_outputs=["privateKey"],
                # A new period or text replaces the key: the new one is registered and verified before the old one dies.
                replacement_trigger=period.trigger,
            ),
        )
        credentials = key.private_key.apply(lambda text: base64.b64decode(text).decode())  # as secret as what it is of
        self.purpose = args["purpose"]
        self.identity = account.email
        self.registration = {
            "kind": "gcs",
            "access": "service_account",
            "path": f"gs://{store.bucket}/{args['path']}",
            "project_id": store.project,
            "credentials": credentials,
        }
        documents = pulumi.Output.all(
            pulumi.Output.all(role.name, role.permissions).apply(lambda d: role_text(*d)),
            pulumi.Output.all(binding.bucket, binding.role, binding.member, binding.condition).apply(
                lambda d: binding_text(*d)
            ),
            account.member,
        )
        self.proof = documents.apply(lambda d: dict(grant.prove(*d).capabilities))
        self.fingerprint = documents.apply(lambda d: fingerprint(*d))
        rotates = period.due.isoformat()
        self.credential = key.valid_after.apply(
            lambda at: {"kind": "service account key", "created": at, "rotates": rotates}
        )
        self.probe_credential = {"credentials": credentials}
        self.needs = [key, binding, *grant.needs()]
        self.register_outputs({"identity": self.identity, "credential": self.credential})


def _condition(grant: Grant) -> gcp.storage.BucketIAMMemberConditionArgs | None:
    table = grant.condition()
    return gcp.storage.BucketIAMMemberConditionArgs(**table) if table else None
