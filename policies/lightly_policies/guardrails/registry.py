"""All rules of the pack, in the order of the table in `policies/README.md`."""

from typing import Final

from lightly_policies.guardrails import azure, buckets, gcs, grants, lightly, trust
from lightly_policies.guardrails.rule import Rule

RULES: Final[tuple[Rule, ...]] = (
    trust.exact_account,
    trust.external_id,
    trust.assume_role_only,
    trust.session_length,
    trust.external_id_strong,
    trust.external_id_shared,
    grants.policy_readable,
    grants.no_policy_on_users,
    grants.no_wildcard_grant,
    grants.input_never_writes,
    grants.data_only,
    buckets.block_public_access,
    buckets.no_public_policy,
    buckets.tls_only,
    buckets.encryption,
    buckets.ownership,
    buckets.versioning,
    azure.no_public_blobs,
    azure.tls_only,
    azure.no_cross_tenant_copies,
    azure.entra_by_default,
    azure.key_expiry,
    azure.soft_delete,
    azure.sas_life,
    azure.sas_least,
    azure.policy_count,
    gcs.uniform_access,
    gcs.no_public_members,
    gcs.no_project_grants,
    gcs.input_never_writes,
    gcs.data_only,
    lightly.datasource_verified,
    lightly.key_age,
    lightly.secret_in_plain,
)
BY_NAME: Final = {rule.name: rule for rule in RULES}
