"""Azure Blob Storage: the SAS that a deployment would make, with its stored access policy, evaluated case by case.

How the two kinds of SAS end, within 30 seconds of their policy's end or after 7 days:
https://learn.microsoft.com/rest/api/storageservices/define-stored-access-policy,
https://learn.microsoft.com/rest/api/storageservices/create-user-delegation-sas
"""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from lightly_core.azure import LONGEST_DELEGATION
from lightly_core.capability import Purpose
from lightly_policies import proof_sas
from lightly_policies.cases_sas import Sharee
from lightly_policies.proof import Proof

from lightly_access.analysis.cases import Cases
from lightly_access.analysis.datasource import Analysis, Words
from lightly_access.analysis.words import DOES, period
from lightly_access.kinds.azure.sas_window import EARLY, GRACE, deploy_every

if TYPE_CHECKING:
    from lightly_access.kinds.azure.store import AzureStore
    from lightly_access.tables.datasource import Datasource

POLICY = "lightly"
"""Stands for the id of the stored access policy, which decides nothing."""
_BEGINS = datetime(2026, 1, 1, tzinfo=UTC)
"""Stands for the day on which the period begins, which decides nothing either."""


def window(source: "Datasource") -> tuple[datetime, datetime]:
    """From when to when a token lives whose period begins on the day that stands for it."""
    start = _BEGINS - EARLY
    if source.sas == "user_delegation":
        return start, start + LONGEST_DELEGATION
    return start, _BEGINS + timedelta(days=source.rotate_after) + GRACE


def analysis(dataset: str, purpose: Purpose, source: "Datasource", store: "AzureStore") -> Analysis:
    """What Lightly could do with this datasource."""
    stored = source.sas == "stored_policy"
    sharee = Sharee(purpose, store.account, store.container, source.path, store.hierarchical, _BEGINS)
    start, expiry = window(source)
    token, policy = proof_sas.planned(sharee, POLICY, start, expiry, delegated=not stored)
    proved = proof_sas.prove_sas(sharee, token, policy, policy_id=POLICY, until=expiry)
    return Analysis(
        dataset,
        purpose,
        store.kind,
        source.access,
        f"azure://{store.account}/{store.container}/{source.path}",
        token_words(sharee, proved, _long(source, stored=stored), stored=stored),
        Cases(proved.outcomes),
        proved.unexpected,
    )


def token_words(sharee: Sharee, proved: Proof, long: str, *, stored: bool) -> Words:
    """Of a token under a stored access policy, or of a user delegation; `long` says for how long it lives."""
    whole = f"whole container {sharee.container!r}, not only {sharee.directory!r}"
    return Words(
        way="a SAS with a stored access policy" if stored else "a user-delegation SAS",
        who="whoever holds the SAS token, over https only. No MFA",
        long=long,
        leak=_leak(sharee, stored=stored),
        # without the names, so that equal reaches read alike
        notes=tuple(each.replace(whole, "whole container, not only the path") for each in proved.accepted),
    )


def _long(source: "Datasource", *, stored: bool) -> str:
    if stored:
        life = f"{source.rotate_after + GRACE.days} days, until its stored access policy ends"
    else:
        life = f"{LONGEST_DELEGATION.days} days"
    said = f"{life}; the first deployment in {period(source)} makes another"
    if stored:
        return said
    days = deploy_every(source.rotate_after)
    return f"{said}, so deploy at least every {'day' if days == 1 else f'{days} days'}"


def _leak(sharee: Sharee, *, stored: bool) -> str:
    where = "inside the path" if sharee.bound or not sharee.directory else "in the whole container"
    way_out = (
        "rotate_now replaces it, and dropping the stored access policy ends it within 30 seconds"
        if stored
        else "it cannot be revoked alone, only with all delegation keys of the account"
    )
    does = DOES[Purpose(sharee.purpose)]
    return f"whoever has the token {does} everything {where}, from anywhere, until it ends; {way_out}"
