"""What was in flight, as JSON.

    {"ok": true, "done": false, "lock": null, "operations": [
        {"urn": "...", "type": "aws:iam/role:Role", "doing": "creating", "deed": "take over", "id": "...",
         "said": "...", "hint": null}]}

`done` tells whether it was done; `ok` whether nothing is in flight any more, and nothing is left that is nobody's.
`doing` is empty for what no state knows. `lock` says which run holds the stack.
"""

from collections.abc import Sequence
from typing import Any

from lightly_access.recover.decision import Decision, Deed


def as_json(decisions: Sequence[Decision], lock: str | None, *, done: bool) -> dict[str, Any]:
    """The document."""
    return {
        "ok": is_ok(decisions, done=done) and not lock,
        "done": done,
        "lock": lock,
        "operations": [
            {
                "urn": each.operation.urn,
                "type": each.operation.type,
                "doing": each.operation.doing,
                "deed": str(each.deed),
                "id": each.id or None,
                "said": each.said,
                "hint": each.hint or None,
            }
            for each in decisions
        ],
    }


def is_ok(decisions: Sequence[Decision], *, done: bool) -> bool:
    """Whether nobody has anything to do any more."""
    left = {Deed.HOLD, Deed.LEAVE} if done else set(Deed)
    return not any(each.deed in left for each in decisions)
