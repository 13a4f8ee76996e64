"""`lightly-access analyze --json`: the reach of datasources as JSON values.

    {"ok": true, "problems": [],
     "datasources": [
       {"stack": "prod", "dataset": "farm-animals", "purpose": "INPUT", "kind": "s3", "access": "delegated",
        "path": "s3://acme-datalake/projects/farm-animals/", "judged": true, "ok": true,
        "capabilities": {
          "list": {"inside":    {"decision": "allowed", "expected": "allowed", "ok": true, "tried": 4},
                   "beside":    {"decision": "refused", "expected": "refused", "ok": true, "tried": 6},
                   "elsewhere": {"decision": "refused", "expected": "refused", "ok": true, "tried": 2},
                   "statements": ["grant/LightlyListBucket"]}, ...},
        "others":  {"decision": "refused", "expected": "refused", "ok": true, "tried": 32},
        "ways_in": {"decision": "partly", "expected": "partly", "ok": true, "tried": 11},
        "way": "...", "who": "...", "how_long": "...", "if_leaked": "...", "notes": ["..."],
        "unexpected": [],
        "cases": [{"subject": "list with no prefix", "capability": "list", "place": "beside", "expected": false,
                   "allowed": false, "ok": true, "reason": "...", "statement": null, "network": null}, ...]}]}

`decision` and `expected` are `allowed`, `refused`, `from your network` (`hardened`: from there and from nowhere else),
`partly`, or `none` where nothing can be tried (nothing is beside a whole bucket). A case's `network` says whether it is
tried from there, null where that does not matter. A datasource that cannot be judged offline has `judged: false`,
`ok: null` and no case. `stack` is the name of the stack or of the manifest folder. `problems` are those of
`lightly-access check`; with any there are no datasources.
"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from lightly_core.capability import Capability
from lightly_policies.cases import Place

from lightly_access.analysis.case import Case
from lightly_access.analysis.datasource import Cell, Reach
from lightly_access.analysis.view import Placed


def as_json(found: Sequence[Placed]) -> dict[str, Any]:
    """The document of a survey that found no problem in the manifests."""
    return {
        "ok": all(placed.reach.ok for placed in found),
        "problems": [],
        "datasources": [{"stack": placed.stack, **_reach(placed.reach)} for placed in found],
    }


def _reach(reach: Reach) -> dict[str, Any]:
    words = reach.words
    return {
        "dataset": reach.dataset,
        "purpose": str(reach.purpose),
        "kind": reach.kind,
        "access": reach.access,
        "path": reach.path,
        "judged": reach.judged,
        "ok": reach.ok if reach.judged or reach.unexpected else None,
        "capabilities": {str(it): _row(reach, it) for it in Capability} if reach.judged else {},
        "others": _cell(Cell.of(reach.others)),
        "ways_in": _cell(reach.ways_in),
        "way": words.way,
        "who": words.who,
        "how_long": words.long,
        "if_leaked": words.leak,
        "notes": list(words.notes),
        "unexpected": list(reach.unexpected),
        "cases": [_case(case) for case in reach.cases],
    }


def _row(reach: Reach, capability: Capability) -> dict[str, Any]:
    row = reach.row(capability)
    return {**{str(place): _cell(row.cells[place]) for place in Place}, "statements": list(row.statements)}


def _cell(cell: Cell) -> dict[str, Any]:
    return {"decision": cell.decision, "expected": cell.wanted, "ok": cell.ok, "tried": cell.tried}


def _case(case: Case) -> dict[str, Any]:
    return {**asdict(case), "place": case.place and str(case.place), "ok": case.ok}
