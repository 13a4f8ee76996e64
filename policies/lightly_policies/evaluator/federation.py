"""What Azure and Google Cloud would decide on the token of a pipeline's job, once its signature was found right. Pure.

Azure: "the issuer, subject, and audience values of the federated identity credential must case-sensitively match the
corresponding values in the token", and no property takes wildcards
(https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations).

Google Cloud: the issuer and one of the audiences must match, the mapping must give a subject of at most 127 bytes, the
condition must be true
(https://cloud.google.com/iam/docs/reference/rest/v1/projects.locations.workloadIdentityPools.providers); then the
policy of the service account must name the principal, or a set by one attribute
(https://cloud.google.com/iam/docs/principal-identifiers).
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from lightly_policies.evaluator.aws import Decision
from lightly_policies.evaluator.gcs_condition import evaluated
from lightly_policies.pipeline import Token

IMPERSONATES = "roles/iam.workloadIdentityUser"
"""https://cloud.google.com/iam/docs/service-account-permissions#workload-identity-user"""
LONGEST_SUBJECT = 127
"""Bytes of `google.subject`."""


def entra(token: Token, credentials: Iterable[Mapping[str, Any]]) -> Decision:
    """Whether the identity with these federated credentials is given to the token's bearer."""
    found = (token.issuer, token.claims.get("sub"), token.claims.get("aud"))
    for each in credentials:
        if (each.get("issuer"), each.get("subject")) == found[:2] and found[2] in each.get("audiences", ()):
            return Decision(True, f"{each.get('name')} has this issuer, subject and audience", str(each.get("name")))
    return Decision(False, "no federated credential has this issuer, subject and audience", None)


def google(token: Token, provider: Mapping[str, Any], bindings: Iterable[Mapping[str, Any]]) -> Decision:
    """Whether the service account with these bindings is given to the token's bearer, through a pool's provider."""
    oidc = provider.get("oidc", {})
    allowed = oidc.get("allowedAudiences") or [f"https://iam.googleapis.com/{provider.get('name')}"]
    if token.issuer != oidc.get("issuerUri"):
        return Decision(False, "the provider takes tokens of another issuer", None)
    if token.claims.get("aud") not in allowed:
        return Decision(False, "the provider takes tokens for other audiences", None)
    assertion = {"assertion": {**token.claims, "iss": token.issuer}}
    mapped = {key: evaluated(value, assertion) for key, value in provider.get("attributeMapping", {}).items()}
    if wrong := [key for key, value in mapped.items() if not isinstance(value, str)]:
        return Decision(False, f"its mapping gives no {min(wrong)}", None)
    subject = mapped.get("google.subject")
    if not isinstance(subject, str) or not subject or len(subject.encode()) > LONGEST_SUBJECT:
        return Decision(False, f"its mapping gives no subject of at most {LONGEST_SUBJECT} bytes", None)
    condition = provider.get("attributeCondition")
    if condition and evaluated(condition, assertion) is not True:
        return Decision(False, "its condition is not met", None)
    pool = str(provider.get("name")).partition("/providers/")[0]
    own = {f"principal://iam.googleapis.com/{pool}/subject/{subject}", f"principalSet://iam.googleapis.com/{pool}/*"}
    for key, value in mapped.items():
        if re.fullmatch(r"attribute\.[a-z0-9_]{1,100}", key):
            own.add(f"principalSet://iam.googleapis.com/{pool}/{key}/{value}")
    for binding in bindings:
        if binding.get("role") == IMPERSONATES and own & set(binding.get("members", ())):
            return Decision(True, f"{IMPERSONATES} names it", IMPERSONATES)
    return Decision(False, "no binding of the service account names it", None)
