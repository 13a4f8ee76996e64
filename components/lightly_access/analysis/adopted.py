"""A role, user, SAS token or service account that somebody else made: there is no document of ours to judge."""

from typing import TYPE_CHECKING

from lightly_core.capability import Purpose

from lightly_access.analysis.datasource import Analysis, Words

if TYPE_CHECKING:
    from lightly_access.tables.datasource import Datasource
    from lightly_access.tables.table import StoreTable as Store

WORDS = {
    "delegated": "a role",
    "user": "a user's access key",
    "sas": "a SAS token",
    "service_account": "a service account's key",
}
_ROLE = (
    "no document of ours grants this access, and only Lightly may assume the role: of what Lightly is not asked about "
    "nothing is known; `lightly-access audit` compares the role with what is needed"
)
_PROBED = (
    "no document of ours grants this access; a deployment probes it, and one that can do more than its purpose needs "
    "is a red light"
)


def analysis(dataset: str, purpose: Purpose, source: "Datasource", store: "Store", path: str) -> Analysis:
    """Nothing decided: what it can do is known to its cloud alone. `path` as it is shown, such as `s3://lake/cows/`."""
    word = WORDS[source.access]
    role = source.access == "delegated"
    beyond = "; the manifest accepts that it reaches beyond the path" if source.whole_bucket else ""
    return Analysis(
        dataset,
        purpose,
        store.kind,
        source.access,
        path,
        Words(
            way=f"{word} that somebody else made",
            who="whoever its trust policy admits" if role else "whoever holds it",
            long="until it is ended where it was made: nothing here replaces it",
            leak=f"whatever its own rights are{beyond}",
            notes=(_ROLE if role else _PROBED,),
        ),
        (),
    )
