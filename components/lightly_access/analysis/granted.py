"""The access analysis of every datasource that is deployed: what the documents in the state permit. Pure."""

from lightly_access.analysis import external
from lightly_access.analysis.datasource import Analysis, Words
from lightly_access.analysis.words import until_due
from lightly_access.deployed.exported import Exported
from lightly_access.deployed.granted import Granted, granted
from lightly_access.deployed.stack import DeployedStack
from lightly_access.kinds import registry

_NO_DOCUMENT = "the state has no document of this access that could be evaluated; `pulumi up` ends its deployment"


def survey(export: Exported, stack: DeployedStack) -> list[Analysis]:
    """Both datasources of every dataset of the stack, which was read from this export."""
    return [_analysis(found) for found in granted(export, stack)]


def _analysis(found: Granted) -> Analysis:
    source = found.source
    kind, access = registry.find_kind(source.kind), registry.accesses().get(source.access)
    if kind and access and access in kind.accesses:
        if found.external and access.external:
            return external.analysis(found.dataset, source.purpose, kind.name, access, source.path)
        if analysis := kind.granted(found):
            return analysis
    words = Words(
        way=access.described if access and access.described else source.credential.kind or "not known",
        who=access.holder if access else "not known",
        long=until_due(source.credential, source.credential.kind or "credential"),
        leak="not known",
        notes=(_NO_DOCUMENT,),
    )
    return Analysis(found.dataset, source.purpose, source.kind, source.access, source.path, words, ())
