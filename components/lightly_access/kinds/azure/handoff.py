"""What is asked of whoever owns a container of Azure: a SAS token with a stored access policy."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from lightly_core.azure import POLICY_ID_LIMIT
from lightly_policies.sas import PERMISSIONS

from lightly_access.handoff.request import Request
from lightly_access.handoff.texts import rendered
from lightly_access.kinds.handoff import File, Handoff, Terms
from lightly_access.naming import physical_name

GRACE_DAYS = 30
"""A SAS token made by hand outlives its rotation by so long: whoever makes the next one needs time to do it."""
_TEMPLATES = Path(__file__).parent / "templates"


class AzureHandoff(Handoff):
    """A script for the Azure CLI."""

    terms: ClassVar[Mapping[str, Terms]] = {
        "sas": Terms(
            "a SAS token, bound to a stored access policy",
            (
                "the token's rights and times stand in the stored access policy: drop the policy, and the token is "
                "dead at once, without new account keys.",
            ),
        )
    }

    def name(self, project: str, stack: str, dataset: str, purpose: str) -> str:
        return physical_name(project, stack, dataset, purpose, limit=POLICY_ID_LIMIT)

    def files(self, requests: Sequence[Request]) -> dict[str, File]:
        text = rendered(
            _TEMPLATES / "azure.sh.j2",
            dataset=requests[0].dataset,
            requests=requests,
            permissions=PERMISSIONS,
            grace=GRACE_DAYS,
        )
        about = "makes the stored access policies and the SAS tokens, with the Azure CLI"
        return {"azure.sh": File(text, about, script=True)}

    def steps(self, requests: Sequence[Request]) -> Iterable[str]:
        yield "On Azure: run `./azure.sh` as somebody who may read the storage account's keys."
