"""`lightly-access analyze --json`: the access analyses of datasources as JSON values.

    {"ok": true, "problems": [],
     "datasources": [
       {"stack": "prod", "dataset": "farm-animals", "purpose": "INPUT", "kind": "s3", "access": "delegated",
        "path": "s3://acme-datalake/projects/farm-animals/", "evaluated": true, "ok": true,
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
tried from there, null where that does not matter. A datasource that cannot be evaluated offline has `evaluated: false`,
`ok: null` and no case. `stack` is the name of the stack, of shards without `-shard-k`, or of the manifest folder.
`problems` are those of `lightly-access check`; with any there are no datasources.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from lightly_core.capability import Capability
from lightly_policies.case import Place

from lightly_access.analysis.case import Case
from lightly_access.analysis.datasource import Analysis
from lightly_access.analysis.tally import Cell
from lightly_access.analysis.view import Placed


def as_json(found: Sequence[Placed]) -> dict[str, Any]:
    """The document of a survey that found no problem in the manifests."""
    return {
        "ok": _ok(found),
        "problems": [],
        "datasources": [_datasource(placed) for placed in found],
    }


def _ok(found: Sequence[Placed]) -> bool:
    return all(placed.analysis.ok for placed in found)


def written(found: Sequence[Placed]) -> Iterator[str]:
    """The same as text, indented, datasource by datasource: of thousands it is hundreds of megabytes."""
    yield f'{{\n  "ok": {json.dumps(_ok(found))},\n  "problems": [],\n  "datasources": ['
    for number, placed in enumerate(found):
        yield ",\n    " if number else "\n    "
        yield json.dumps(_datasource(placed), indent=2).replace("\n", "\n    ")
    yield "\n  ]\n}" if found else "]\n}"


def _datasource(placed: Placed) -> dict[str, Any]:
    analysis = placed.analysis
    words = analysis.words
    return {
        "stack": placed.stack,
        "dataset": analysis.dataset,
        "purpose": str(analysis.purpose),
        "kind": analysis.kind,
        "access": analysis.access,
        "path": analysis.path,
        "evaluated": analysis.evaluated,
        "ok": analysis.ok if analysis.evaluated or analysis.unexpected else None,
        "capabilities": {str(capability): _row(analysis, capability) for capability in Capability}
        if analysis.evaluated
        else {},
        "others": _cell(analysis.tally.others),
        "ways_in": _cell(analysis.ways_in),
        "way": words.way,
        "who": words.who,
        "how_long": words.long,
        "if_leaked": words.leak,
        "notes": list(words.notes),
        "unexpected": list(analysis.unexpected),
        "cases": [_case(case) for case in analysis.cases],
    }


def _row(analysis: Analysis, capability: Capability) -> dict[str, Any]:
    row = analysis.row(capability)
    return {**{str(place): _cell(row.cells[place]) for place in Place}, "statements": list(row.statements)}


def _cell(cell: Cell) -> dict[str, Any]:
    return {"decision": cell.decision, "expected": cell.wanted, "ok": cell.ok, "tried": cell.tried}


def _case(case: Case) -> dict[str, Any]:
    return {
        "subject": case.subject,
        "capability": case.capability,
        "place": case.place and str(case.place),
        "expected": case.expected,
        "allowed": case.allowed,
        "reason": case.reason,
        "statement": case.statement,
        "network": case.network,
        "ok": case.ok,
    }
