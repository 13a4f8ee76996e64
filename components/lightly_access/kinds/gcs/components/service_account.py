"""Service-account access: a key of a service account that reaches one path, replaced period by period."""

import base64
from datetime import UTC, datetime

import pulumi
import pulumi_gcp as gcp

from lightly_access.access import Access, ended_before, fingerprint, named_once
from lightly_access.joined import together
from lightly_access.kinds.gcs.components.grant import GcsAccessArgs, Grant, binding_text, role_text
from lightly_access.rotation import Period
from lightly_access.rotation_args import RotationArgs


class GcsServiceAccountAccessArgs(GcsAccessArgs, RotationArgs):
    """A service-account key, and when it is replaced."""


class GcsServiceAccountAccess(Access):
    """A service account that reaches one path, and its key, which is replaced period by period.

    Where an organisation forbids such keys (`iam.disableServiceAccountKeyCreation`), the deployment fails with Google's
    error; `lightly-access explain` reads its output and says what to do.

    Example:
        photos = GcsBucket("photos", {"bucket": "acme-datalake", "project": "acme-vision"})
        reads = GcsServiceAccountAccess(
            "farm-animals-input",
            {"store": photos, "path": "farm-animals/", "purpose": Purpose.INPUT, "dataset": "farm-animals"},
        )
    """

    def __init__(
        self, name: str, args: GcsServiceAccountAccessArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("lightly-access:gcp:GcsServiceAccountAccess", name, None, ended_before([args["store"]], opts))
        store, grant = args["store"], Grant(args)
        grant.assert_least_privilege(name)
        period = Period.of(args, datetime.now(UTC).date())
        account = gcp.serviceaccount.Account(
            f"{name}-account",
            account_id=grant.account_id,
            project=store.project,
            display_name=f"Lightly, {args['purpose']} of {args['dataset']}"[:100],
            opts=named_once(self, "accountId", "displayName"),
        )
        role = store.role(args["purpose"])
        # One member beside all others: the rest of the bucket's policy is left as it is.
        binding = gcp.storage.BucketIAMMember(
            f"{name}-binding",
            bucket=store.bucket,
            role=role.name,
            member=account.member,
            condition=_condition(grant),
            opts=pulumi.ResourceOptions(parent=self, depends_on=store.prerequisites),
        )
        key = gcp.serviceaccount.Key(
            f"{name}-key",
            service_account_id=account.name,
            opts=pulumi.ResourceOptions(
                parent=self,
                # A new period or text replaces the key: the new one is registered and verified before the old one dies.
                replacement_trigger=period.trigger,
            ),
        )
        credentials = key.private_key.apply(lambda text: base64.b64decode(text).decode())  # as secret as what it is of
        documents = together(
            together(*role).apply(lambda d: role_text(*d)),
            together(binding.bucket, binding.role, binding.member, binding.condition).apply(lambda d: binding_text(*d)),
            account.member,
        )
        made = {"kind": "service account key", "rotates": period.due.isoformat(), "period": period.trigger}
        self._describe(
            purpose=args["purpose"],
            registration={
                "kind": "gcs",
                "access": "service_account",
                "path": f"gs://{store.bucket}/{args['path']}",
                "project_id": store.project,
                "credentials": credentials,
            },
            identity=account.email,
            proof=documents.apply(lambda d: dict(grant.prove(*d).capabilities)),
            fingerprint=documents.apply(lambda d: fingerprint(*d)),
            credential=key.valid_after.apply(lambda at: {**made, "created": at}),
            probe_credential={"credentials": credentials},
            prerequisites=[binding, *grant.prerequisites()],
        )


def _condition(grant: Grant) -> gcp.storage.BucketIAMMemberConditionArgs | None:
    table = grant.condition()
    return gcp.storage.BucketIAMMemberConditionArgs(**table) if table else None
