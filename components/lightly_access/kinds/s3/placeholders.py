"""Placeholder values that are used before the first deployment, so that documents can be proved without it."""

EXTERNAL_ID = "known-only-after-the-first-deployment-000000"
"""As long as the ones that lightly:index:ExternalId makes, 43 characters."""


EXTERNAL_ID_OF_BUNDLE = "EXTERNAL-ID-PUT-IN-BY-APPLY-SH"
"""Stands in a trust policy that is handed over where the external ID goes: a bundle holds no secret."""


def kms_key_arn(region: str) -> str:
    """A key of a bucket's region whose own key is made by a deployment."""
    return f"arn:aws:kms:{region}:123456789012:key/00000000-0000-0000-0000-000000000000"
