"""Evidence by evaluation for Google Cloud: what a role and its binding permit, against the purpose. Pure.

The evaluator decides every case of `cases_gcs`, and role, binding and the clauses of the
condition are compared with what the purpose may name, as they are written.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any

from lightly_policies.alike import Decided, model_path, proof
from lightly_policies.case import CAPABILITIES, Case
from lightly_policies.cases_gcs import MEMBER, PERMISSIONS, Grantee, grant_cases
from lightly_policies.evaluator.gcs import Binding, Condition, decide
from lightly_policies.proof import Outcome, Proof
from lightly_policies.render_gcs import cel
from lightly_policies.rendering import canonical

_LITERAL = re.compile(r"""\"(?:[^"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'""")
_ROLE_PARTS = frozenset({"name", "includedPermissions"})
_BINDING_PARTS = frozenset({"bucket", "role", "member", "condition"})


class MalformedGrantError(ValueError):
    """A role or binding that is not in the form that `prove_gcs` takes."""


def prove_gcs(purpose: str, bucket: str, path: str, *, role: str, binding: str, member: str = MEMBER) -> Proof:
    """What a custom role, bound to a bucket, permits, compared with the purpose.

    Args:
        purpose, bucket, path: those of `render_gcs.gcs_binding`.
        role: JSON with `name` (`projects/<project>/roles/<id>`) and `includedPermissions`.
        binding: JSON with `bucket`, `role`, `member`, `condition` (null or `title`, `expression`, `description`).
        member: who is meant to be bound, `serviceAccount:<email>`.

    The proof is about this binding alone: what others give the service account is not ours to know.

    Raises:
        MalformedGrantError: a document of another form.
        ValueError: an unknown purpose.
    """
    grantee = Grantee(purpose, bucket, path, member)
    there = model_path(path)
    if there is not None:
        elsewhere = replace(grantee, path=there)
        moved = _moved(binding, grantee, elsewhere)
        if moved is not None and (decided := decided_grant(elsewhere, role, moved)).ok:
            return proof((decided,), partial(grant_cases, grantee))
    decided_now = decided_grant.__wrapped__ if "request.time" in binding else decided_grant  # that is not remembered
    return proof((decided_now(grantee, role, binding),))


def _moved(binding: str, grantee: Grantee, there: Grantee) -> str | None:
    """The same binding for another path (`alike`); None where its condition is not just the clauses that it should be.

    Those say of paths that something begins with this one, or is this one without its `/`.
    """
    bound = _read("binding", binding, _BINDING_PARTS)
    condition = bound["condition"]
    if not condition or _clauses(str(condition.get("expression"))) != _wanted(grantee):
        return None
    return canonical({**bound, "condition": {**condition, "expression": " || ".join(_wanted(there))}})


@lru_cache(maxsize=1024)
def decided_grant(grantee: Grantee, role: str, binding: str) -> Decided:
    """Every case of a grant, and what it names too much; a program asks before and after it deployed the grant."""
    table, bound = _read("role", role, _ROLE_PARTS), _read("binding", binding, _BINDING_PARTS)
    roles = {table["name"]: frozenset(table["includedPermissions"])}
    condition = Condition(**bound["condition"]) if bound["condition"] else None
    binding_found = Binding(bound["role"], (bound["member"],), condition, bound["bucket"])
    outcomes = tuple(Outcome(case, decide(case.request, (binding_found,), roles)) for case in grant_cases(grantee))
    capabilities = {name: _capability(name, grantee, outcomes) for name in CAPABILITIES}
    faults = (*_role_faults(table, grantee), *_binding_faults(bound, table["name"], grantee))
    return Decided(capabilities, outcomes, faults)


def _read(what: str, text: str, parts: frozenset[str]) -> dict[str, Any]:
    table = json.loads(text)
    if not isinstance(table, dict) or not parts <= table.keys():
        raise MalformedGrantError(f"{what}: expected a JSON object with {', '.join(sorted(parts))}")
    return table


def _capability(name: str, grantee: Grantee, outcomes: tuple[Outcome, ...]) -> bool:
    """A capability that the purpose has must hold everywhere inside; another one is a light when it holds anywhere.

    Of an object it holds when all its permissions do: an overwrite has two.
    """
    places: dict[str, list[bool]] = {}
    for outcome in outcomes:
        case: Case = outcome.case
        if case.inside and case.capability == name:
            places.setdefault(f"{case.request.resource} {case.request.prefix}", []).append(outcome.decision.allowed)
    held = [all(allowed) for allowed in places.values()]
    return all(held) if grantee.expects(name) else any(held)


def _role_faults(role: dict[str, Any], grantee: Grantee) -> Iterator[str]:
    for permission in sorted(set(role["includedPermissions"]) - PERMISSIONS[grantee.purpose]):
        yield f"wider: {role['name']} has {permission}, which {grantee.purpose} does not need"
    for permission in sorted(PERMISSIONS[grantee.purpose] - set(role["includedPermissions"])):
        yield f"narrower: {role['name']} lacks {permission}, which {grantee.purpose} needs"


def _binding_faults(binding: dict[str, Any], role: str, grantee: Grantee) -> Iterator[str]:
    for part, expected in (("bucket", grantee.bucket), ("role", role), ("member", grantee.member)):
        if binding[part] != expected:
            yield f"wider: the binding's {part} is {binding[part]}, expected {expected}"
    expression = (binding["condition"] or {}).get("expression")
    if not grantee.path:
        if expression is not None:
            yield "narrower: the binding has a condition, expected none for the whole bucket"
        return
    if expression is None:
        yield "wider: the binding has no condition, expected one that binds it to the path"
        return
    written, wanted = _clauses(expression), _wanted(grantee)
    yield from (f"wider: the condition also holds when {clause}" for clause in written if not _within(clause, wanted))
    yield from (f"narrower: the condition does not say: {clause}" for clause in wanted if clause not in written)


def _clauses(expression: str) -> tuple[str, ...]:
    """The parts between `||`, outside of quotes and brackets."""
    return _split(_bare(expression), "||")


def _within(clause: str, wanted: tuple[str, ...]) -> bool:
    """Whether it holds only where something wanted holds: all its alternatives do, or one of what must hold "
    "together."""
    clause = _bare(clause)
    if clause in wanted:
        return True
    if len(either := _split(clause, "||")) > 1:
        return all(_within(each, wanted) for each in either)
    both = _split(clause, "&&")
    return len(both) > 1 and any(_within(each, wanted) for each in both)


def _split(expression: str, operator: str) -> tuple[str, ...]:
    masked, depth, cuts = _masked(expression), 0, [0]
    for place, character in enumerate(masked):
        depth += (character in "([{") - (character in ")]}")
        if depth == 0 and masked.startswith(operator, place):
            cuts += [place, place + len(operator)]
    cuts.append(len(expression))
    return tuple(expression[start:end].strip() for start, end in zip(cuts[::2], cuts[1::2], strict=True))


def _bare(expression: str) -> str:
    """Without brackets around all of it."""
    expression = expression.strip()
    while expression.startswith("(") and _closing(_masked(expression)) == len(expression) - 1:
        expression = expression[1:-1].strip()
    return expression


def _closing(masked: str) -> int:
    """Where the first bracket is closed."""
    depth = 0
    for place, character in enumerate(masked):
        depth += (character in "([{") - (character in ")]}")
        if depth == 0:
            return place
    return -1


def _masked(expression: str) -> str:
    """The same with what stands in quotes blotted out."""
    return _LITERAL.sub(lambda literal: "_" * len(literal[0]), expression)


def _wanted(grantee: Grantee) -> tuple[str, ...]:
    prefix = 'api.getAttribute("storage.googleapis.com/objectListPrefix", "")'
    below = cel(f"projects/_/buckets/{grantee.bucket}/objects/{grantee.path}")
    return (
        f"resource.name.startsWith({below})",
        f"{prefix} == {cel(grantee.path[:-1])}",
        f"{prefix}.startsWith({cel(grantee.path)})",
    )
