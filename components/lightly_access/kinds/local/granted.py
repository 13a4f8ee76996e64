"""Local disk: what the worker's command, as `lightly-access worker-command` prints it, lets it do. Pure."""

from typing import TYPE_CHECKING

from lightly_access.kinds.local.analysis import PLACEHOLDER_FOLDER, of_mount

if TYPE_CHECKING:
    from lightly_access.analysis.datasource import Analysis
    from lightly_access.deployed.granted import Granted


def analysis(found: "Granted") -> "Analysis":
    """Which folder it is, the worker's machine knows: it decides nothing."""
    source = found.source
    path = source.path.partition("://")[2].partition("/")[2]
    return of_mount(found.dataset, source.purpose, source.kind, source.access, path, PLACEHOLDER_FOLDER)
