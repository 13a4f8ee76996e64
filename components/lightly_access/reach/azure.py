"""Azure Blob Storage: the SAS that a deployment would make, with its stored access policy, judged case by case.

How the two kinds of SAS end, within 30 seconds of their policy's end or after 7 days:
https://learn.microsoft.com/rest/api/storageservices/define-stored-access-policy,
https://learn.microsoft.com/rest/api/storageservices/create-user-delegation-sas
"""

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from lightly_policies import proof_sas
from lightly_policies.proof import Proof
from lightly_policies.proof_sas import Sharee
from lightly_policies.sas import PERMISSIONS, VERSION, depth

from lightly_access.capability import Purpose
from lightly_access.reach.case import Case
from lightly_access.reach.datasource import Reach, Words
from lightly_access.reach.words import DOES, period

if TYPE_CHECKING:
    from lightly_access.manifest import AzureStore, Datasource

_POLICY = "lightly"
"""Stands for the id of the stored access policy, which decides nothing."""
_EARLIER = timedelta(days=1)


def reach(dataset: str, purpose: Purpose, source: "Datasource", store: "AzureStore") -> Reach:
    """What Lightly could do with this datasource."""
    start = datetime.combine(source.rotate_anchor, time(), UTC)
    sharee = Sharee(purpose, store.account, store.container, source.path, store.hierarchical, start)
    stored = source.sas == "stored_policy"
    proved = _stored(sharee, source.rotate_after) if stored else _delegated(sharee, source.rotate_after)
    whole = f"whole container {store.container!r}, not only {source.path!r}"
    return Reach(
        dataset,
        purpose,
        store.kind,
        source.access,
        f"azure://{store.account}/{store.container}/{source.path}",
        Words(
            way="a SAS with a stored access policy" if stored else "a user-delegation SAS",
            who="whoever holds the SAS token, over https only. No MFA",
            long=_long(source, stored=stored),
            leak=_leak(purpose, sharee, stored=stored),
            # without the names, so that equal reaches read alike
            notes=tuple(it.replace(whole, "whole container, not only the path") for it in proved.accepted),
        ),
        tuple(Case.of(outcome) for outcome in proved.outcomes),
        proved.unexpected,
    )


def _stored(sharee: Sharee, days: int) -> Proof:
    expiry = sharee.at + timedelta(days=days)
    return proof_sas.prove_sas(sharee, *proof_sas.planned(sharee, _POLICY, sharee.at - _EARLIER, expiry), until=expiry)


def _delegated(sharee: Sharee, days: int) -> Proof:
    """With the parameters that Azure's SDK writes; who signs, and the signature, decide nothing here."""
    start, expiry = sharee.at - _EARLIER, sharee.at + timedelta(days=days)
    times = {"st": _text(start), "se": _text(expiry), "skt": _text(start), "ske": _text(expiry)}
    fields = {"sv": VERSION, "sr": "c", "spr": "https", "sp": PERMISSIONS[sharee.purpose], **times}
    fields |= {"sks": "b", "skv": VERSION, "skoid": "0", "sktid": "0", "sig": "0"}
    if sharee.bound:
        fields |= {"sr": "d", "sdd": str(depth(sharee.directory))}
    return proof_sas.prove_sas(sharee, urlencode(fields), until=expiry)


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _long(source: "Datasource", *, stored: bool) -> str:
    ends = "its stored access policy ends" if stored else "it ends, 7 days after it was made at most"
    return f"until {ends}; the first deployment in {period(source)} makes another"


def _leak(purpose: Purpose, sharee: Sharee, *, stored: bool) -> str:
    where = "inside the path" if sharee.bound or not sharee.directory else "in the whole container"
    way_out = (
        "rotate_now replaces it, and dropping the stored access policy ends it within 30 seconds"
        if stored
        else "it cannot be revoked alone, only with all delegation keys of the account"
    )
    return f"whoever has the token {DOES[purpose]} everything {where}, from anywhere, until it ends; {way_out}"
