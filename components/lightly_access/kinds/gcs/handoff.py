"""What is asked of whoever owns a bucket of Google Cloud: a service account, a role and its binding."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from lightly_core.capability import Purpose
from lightly_policies.render_gcs import gcs_binding, gcs_role

from lightly_access.handoff.request import Request, readable
from lightly_access.handoff.texts import rendered
from lightly_access.kinds.gcs.names import service_account_email, service_account_id
from lightly_access.kinds.gcs.store import GcsStore
from lightly_access.kinds.handoff import File, Handoff, Terms
from lightly_access.tables.datasource import Datasource

_TEMPLATES = Path(__file__).parent / "templates"


class GcsHandoff(Handoff):
    """Documents, and a script for the gcloud CLI."""

    terms: ClassVar[Mapping[str, Terms]] = {
        "service_account": Terms(
            "the key of a service account that is made for this alone",
            (
                "listing needs a right on the bucket; the condition allows it only with a prefix inside the directory.",
                "Lightly takes a JSON key only. Where your organisation forbids keys "
                "(iam.disableServiceAccountKeyCreation) an exception for this project is needed.",
            ),
        )
    }
    about: ClassVar[Mapping[str, str]] = {"role": "the custom role", "condition": "binds the role to the directory"}

    def name(self, project: str, stack: str, dataset: str, purpose: str) -> str:
        return service_account_id(project, stack, dataset, purpose)

    def documents(self, where: str, store: GcsStore, source: Datasource, purpose: Purpose, name: str) -> dict[str, str]:
        role = f"projects/{store.project}/roles/{_role_id(name)}"
        member = f"serviceAccount:{service_account_email(name, store.project)}"
        condition = json.loads(gcs_binding(store.bucket, source.path, role=role, member=member))["condition"]
        documents = {f"{purpose.lower()}-role.json": readable(gcs_role(purpose))}
        if condition:
            documents[f"{purpose.lower()}-condition.json"] = readable(json.dumps(condition))
        return documents

    def files(self, requests: Sequence[Request]) -> dict[str, File]:
        values = {
            "dataset": requests[0].dataset,
            "requests": requests,
            "role_id": _role_id,
            "email": service_account_email,
        }
        about = "makes the service accounts, their rights and keys, with the gcloud CLI"
        return {"google.sh": File(rendered(_TEMPLATES / "google.sh.j2", **values), about, script=True)}

    def steps(self, requests: Sequence[Request]) -> Iterable[str]:
        yield "On Google Cloud: run `./google.sh` as somebody who may make service accounts and roles in the project."


def _role_id(account: str) -> str:
    """The id of a custom role takes no `-`: https://cloud.google.com/iam/docs/creating-custom-roles ."""
    return account.replace("-", "_")
