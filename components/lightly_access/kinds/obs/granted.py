"""OBS and other S3-compatible stores: the key is external, so there is nothing to evaluate. Pure."""

from typing import TYPE_CHECKING

from lightly_access.kinds.obs.analysis import undecided

if TYPE_CHECKING:
    from lightly_access.analysis.datasource import Analysis
    from lightly_access.deployed.granted import Granted


def analysis(found: "Granted") -> "Analysis":
    """What is known of a key that somebody else made."""
    source = found.source
    return undecided(found.dataset, source.purpose, source.kind, source.access, source.path)
