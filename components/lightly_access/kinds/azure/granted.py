"""Azure Blob Storage: the SAS that was deployed, as the state describes it, evaluated case by case. Pure.

The token is secret there; what it was made of is not: permissions, times, directory, and the stored access policy.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from lightly_core.resource_types import AZURE_SAS
from lightly_policies import proof_sas
from lightly_policies.cases_sas import Sharee
from lightly_policies.sas import PERMISSIONS

from lightly_access.analysis.cases import Cases
from lightly_access.analysis.datasource import Analysis
from lightly_access.analysis.words import until_due
from lightly_access.deployed.exported import moment, text
from lightly_access.kinds.azure.analysis import POLICY, token_words
from lightly_access.kinds.azure.sas_window import EARLY

if TYPE_CHECKING:
    from lightly_access.deployed.granted import Granted


def analysis(found: "Granted") -> Analysis | None:
    """None where the state has no SAS of ours."""
    made, source = found.parts.get(AZURE_SAS.token, {}), found.source
    account, container, directory = (text(made.get(key)) for key in ("accountName", "container", "directory"))
    start, expiry, permissions = moment(made.get("start")), moment(made.get("expiry")), text(made.get("permissions"))
    if not (account and container and start and expiry and permissions):
        return None
    at = start + EARLY  # what it permits while it lives; when that is, `until_due` says
    sharee = Sharee(source.purpose, account, container, directory, made.get("hierarchical") is True, at)
    stored = made.get("method") != "user_delegation"
    token, plan = proof_sas.planned(sharee, POLICY, start, expiry, delegated=not stored)
    if plan is None:
        token = token.replace(f"sp={PERMISSIONS[source.purpose]}", f"sp={permissions}")
    else:
        plan = replace(plan, permissions=permissions)
    proved = proof_sas.prove_sas(sharee, token, plan, policy_id=POLICY, until=expiry)
    words = token_words(sharee, proved, until_due(source.credential, "token"), stored=stored)
    cases = Cases(proved.outcomes)
    return Analysis(
        found.dataset, source.purpose, source.kind, source.access, source.path, words, cases, proved.unexpected
    )
