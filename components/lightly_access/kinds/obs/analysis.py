"""OBS and other S3-compatible stores: the key is external, so there is no document of ours to evaluate."""

from typing import TYPE_CHECKING

from lightly_core.capability import Purpose

from lightly_access.analysis.datasource import Analysis, Words

if TYPE_CHECKING:
    from lightly_access.kinds.obs.store import ObsStore
    from lightly_access.tables.datasource import Datasource


def analysis(dataset: str, purpose: Purpose, source: "Datasource", store: "ObsStore") -> Analysis:
    """Of a manifest."""
    path = f"obs://{store.bucket}/{source.path}"
    return undecided(dataset, purpose, store.kind, source.access, path, whole_bucket=source.whole_bucket)


def undecided(
    dataset: str, purpose: Purpose, kind: str, access: str, path: str, *, whole_bucket: bool = False
) -> Analysis:
    """Nothing decided: what an external key can do is known to the service alone."""
    beyond = "; the manifest accepts that it reaches beyond the path" if whole_bucket else ""
    return Analysis(
        dataset,
        purpose,
        kind,
        access,
        path,
        Words(
            way="a key that you give",
            who="whoever holds the key that you give",
            long="until you revoke it where you made it: nothing here replaces it",
            leak=f"whatever the key's own rights are{beyond}",
            notes=(
                "no document of ours grants this access; a deployment probes the key, and one that can do more than "
                "its purpose needs is a red light",
            ),
        ),
        (),
    )
