"""Trust of Azure and of Google Cloud in a pipeline. Each document is proved before it is given away."""

import re
from collections.abc import Iterable
from typing import Any

from lightly_policies import render_gcs  # noqa: F401 - its filter `cel`
from lightly_policies.evaluator.federation import LONGEST_SUBJECT
from lightly_policies.pipeline import Pipeline
from lightly_policies.proof_pipeline import google_audience, prove_federated_credentials, prove_workload_identity
from lightly_policies.rendering import UnrenderableDocumentError, canonical, filled

_CREDENTIAL, _PROVIDER = "federated credential", "workload identity provider"
_LONGEST = 600
"""Characters of issuer and subject: https://learn.microsoft.com/graph/api/resources/federatedidentitycredential"""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{1,118}[A-Za-z0-9]", re.ASCII)
_NUMBER = re.compile(r"[1-9][0-9]{5,18}", re.ASCII)
_ID = re.compile(r"(?!gcp-)[a-z][a-z0-9-]{2,30}[a-z0-9]", re.ASCII)
"""https://cloud.google.com/iam/docs/reference/rest/v1/projects.locations.workloadIdentityPools/create"""


def azure_federated_credential(pipeline: Pipeline, name: str) -> str:
    """The federated credential of an app or of a managed identity: one issuer, one subject, one audience.

    Raises UnrenderableDocumentError.
    """
    checked(_CREDENTIAL, pipeline, all_claims=False)
    _expect(_CREDENTIAL, "name", name, _NAME, "3 to 120 of a-z A-Z 0-9 -")
    if len(pipeline.subject) > _LONGEST:
        raise UnrenderableDocumentError(_CREDENTIAL, f"a subject of {len(pipeline.subject)} characters, of {_LONGEST}")
    body = filled("azure/federated_credential.json.j2", name=name, issuer=pipeline.issuer, subject=pipeline.subject)
    return _proved(_CREDENTIAL, body, prove_federated_credentials([body], pipeline).unexpected)


def google_provider(pipeline: Pipeline, project_number: str, pool: str, provider: str) -> tuple[str, str]:
    """A provider of a workload identity pool, and the binding by which its tokens get a service account.

    Beside the subject it compares the platform's numbers of the repository and its owner, because a name can be taken
    by somebody else: https://cloud.google.com/iam/docs/workload-identity-federation-with-deployment-pipelines . Raises
    UnrenderableDocumentError.
    """
    checked(_PROVIDER, pipeline, all_claims=True)
    _expect(_PROVIDER, "project number", project_number, _NUMBER, "the number of a project, not its id")
    _expect(_PROVIDER, "pool", pool, _ID, "4 to 32 of a-z 0-9 -")
    _expect(_PROVIDER, "provider", provider, _ID, "4 to 32 of a-z 0-9 -")
    if len(pipeline.ids) < 2:
        fault = "the numbers of repository and owner: got too few, expected both"
        raise UnrenderableDocumentError(_PROVIDER, fault, "a name that was given up can be taken by somebody else")
    if len(pipeline.subject.encode()) > LONGEST_SUBJECT:
        fault = f"a subject of {len(pipeline.subject)} characters, of which Google Cloud takes {LONGEST_SUBJECT}"
        raise UnrenderableDocumentError(_PROVIDER, fault, "a shorter name of the environment or branch")
    within = f"projects/{project_number}/locations/global/workloadIdentityPools/{pool}"
    whole, (id, number) = f"{within}/providers/{provider}", next(iter(pipeline.ids.items()))
    body = filled(
        "gcs/pipeline_provider.json.j2",
        provider=whole,
        issuer=pipeline.issuer,
        audience=google_audience(whole),
        id=id,
        claims={"sub": pipeline.subject, **pipeline.ids, **pipeline.beside},
    )
    member = f"principalSet://iam.googleapis.com/{within}/attribute.{id}/{number}"
    binding = filled("gcs/pipeline_binding.json.j2", member=member)
    text = _proved(_PROVIDER, body, prove_workload_identity(body, [binding], pipeline).unexpected)
    return text, canonical(binding)


def checked(document: str, pipeline: Pipeline, *, all_claims: bool) -> None:
    """Raises UnrenderableDocumentError for a pipeline that this cloud cannot be bound to."""
    for what, sentence in pipeline.faults():
        raise UnrenderableDocumentError(document, f"{what}: {sentence}")
    if pipeline.beside and not all_claims:
        what = ", ".join(pipeline.beside)
        fault = f"{what}: the platform's subject does not name it, and this cloud compares nothing else"
        raise UnrenderableDocumentError(document, fault, f"leave out --{what}: the branch is compared; protect it")


def _proved(document: str, body: Any, unexpected: Iterable[str]) -> str:
    for sentence in unexpected:
        raise UnrenderableDocumentError(document, sentence)
    return canonical(body)


def _expect(document: str, what: str, value: str, pattern: "re.Pattern[str]", expected: str) -> None:
    if not pattern.fullmatch(value):
        raise UnrenderableDocumentError(document, f"{what}: got {value!r}, expected {expected}")
