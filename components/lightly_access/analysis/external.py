"""A role, user, SAS token or service account that somebody else made: there is no document of ours to evaluate."""

from lightly_core.capability import Purpose

from lightly_access.analysis.datasource import Analysis, Words
from lightly_access.kinds.access_kind import AccessKind

_ROLE = (
    "no document of ours grants this access, and {obstacle}: of what Lightly is not asked about nothing is known; "
    "`lightly-access audit` compares the {credential} with what is needed"
)
_PROBED = (
    "no document of ours grants this access; a deployment probes it, and one that can do more than its purpose needs "
    "is a red light"
)


def analysis(
    dataset: str, purpose: Purpose, kind: str, access: AccessKind, path: str, *, whole_bucket: bool = False
) -> Analysis:
    """Nothing decided: what it can do is known to its cloud alone. `path` as it is shown, such as `s3://lake/cows/`."""
    beyond = "; the manifest accepts that it reaches beyond the path" if whole_bucket else ""
    note = _PROBED
    if access.probe_obstacle:
        note = _ROLE.format(obstacle=access.probe_obstacle, credential=access.credential)
    return Analysis(
        dataset,
        purpose,
        kind,
        access.name,
        path,
        Words(
            way=f"{access.described} that somebody else made",
            who=access.holder,
            long="until it is ended where it was made: nothing here replaces it",
            leak=f"whatever its own rights are{beyond}",
            notes=(note,),
        ),
        (),
    )
