"""Whoever deploys to Google Cloud: a service account, its roles, and the pool by which a pipeline's tokens get it."""

import json
from collections.abc import Iterator
from typing import Any

from lightly_policies.deployer_needs import GOOGLE, GOOGLE_READS
from lightly_policies.deployer_roles import google_roles
from lightly_policies.render_federation import google_provider

from lightly_access.kinds.deployer import Asked, Deployer, line
from lightly_access.kinds.gcs.deployer_permissions import grants

_ESCAPED = "^;^"
"""https://cloud.google.com/sdk/gcloud/reference/topic/escaping: a list that is divided by `;`."""


def deployer(asked: Asked) -> Deployer:
    """Raises UnrenderableDocumentError, MissingPlaceError."""
    needs = grants(asked.manifest, asked.owner, GOOGLE_READS if asked.read_only else GOOGLE)
    project = next((each.project for each in needs), "")
    email = f"{asked.name}@{project}.iam.gserviceaccount.com"
    name = f"lightly_{asked.verb}_{asked.project}_{asked.stack}"
    roles = google_roles(name, f"serviceAccount:{email}", needs, asked.who)
    parts = {"google-roles.json": roles}
    if asked.pipeline is None:
        return Deployer(roles, parts)
    hint = f"gcloud projects describe {project} --format 'value(projectNumber)'"
    number = asked.place("project-number", f"the number of the project {project}", hint)
    provider, binding = map(json.loads, google_provider(asked.pipeline, number, asked.name, asked.name))
    trust = {"google-provider.json": provider, "google-binding.json": binding}
    return Deployer(roles, parts, trust, (*_identity(project, email, provider, binding), *_access(roles)))


def _identity(project: str, email: str, provider: dict[str, Any], binding: dict[str, Any]) -> Iterator[str]:
    _, _, pool, _, name = provider["name"].split("/")[3:]
    at = ("--project", project)
    yield line("gcloud", "iam", "service-accounts", "create", email.partition("@")[0], *at)
    yield line("gcloud", "iam", "workload-identity-pools", "create", pool, "--location", "global", *at)
    mapping = ",".join(f"{key}={value}" for key, value in provider["attributeMapping"].items())
    yield line(
        *("gcloud", "iam", "workload-identity-pools", "providers", "create-oidc", name, *at, "--location", "global"),
        *("--workload-identity-pool", pool, "--display-name", provider["displayName"]),
        *("--issuer-uri", provider["oidc"]["issuerUri"]),
        *("--allowed-audiences", ",".join(provider["oidc"]["allowedAudiences"])),
        *("--attribute-mapping", mapping, "--attribute-condition", provider["attributeCondition"]),
    )
    for member in binding["members"]:
        words = ("gcloud", "iam", "service-accounts", "add-iam-policy-binding", email, *at)
        yield line(*words, "--role", binding["role"], "--member", member)


def _access(roles: dict[str, Any]) -> Iterator[str]:
    for role in roles["roles"]:
        _, project, _, id = role["name"].split("/")
        about = ("--title", role["title"], "--description", role["description"], "--stage", role["stage"])
        permissions = ("--permissions", ",".join(role["includedPermissions"]))
        yield line("gcloud", "iam", "roles", "create", id, "--project", project, *about, *permissions)
    for each in roles["bindings"]:
        if bucket := each.get("bucket"):
            words: tuple[str, ...] = ("storage", "buckets", "add-iam-policy-binding", f"gs://{bucket}")
            condition: tuple[str, ...] = ()
        else:
            words = ("projects", "add-iam-policy-binding", each["project"])
            found = each.get("condition")
            text = _ESCAPED + ";".join(f"{key}={value}" for key, value in found.items()) if found else "None"
            condition = ("--condition", text)
        yield line("gcloud", *words, "--member", each["member"], "--role", each["role"], *condition)
