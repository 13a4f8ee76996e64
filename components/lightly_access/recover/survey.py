"""Asks about everything that was in flight, and about keys that no state knows. Reads only."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from lightly_core.counted import counted

from lightly_access.recover.decision import Decision, Deed
from lightly_access.recover.operation import CREATING, LONGEST, Known, Operation, operations
from lightly_access.recover.planned import PLANNED, Plan
from lightly_access.recover.way import Again, Named, Place, Searched, UnaskedError, Way
from lightly_access.recover.ways import DATASET

_PROVIDER = "pulumi:providers:"
_THEIRS = (
    "it is none of ours: when it is in its cloud, `pulumi refresh --import-pending-creates '{urn},<id>'`; "
    "else `--forget {name}`"
)


@dataclass(frozen=True, slots=True)
class Asking:
    """How it is asked: the ways of all types, Lightly, and the place where a resource is looked for."""

    ways: Mapping[str, Way]
    place: Callable[[Mapping[str, Any], Known], Place]
    dataset: Callable[[Operation, Known], Decision]
    strays: bool = False
    """Whether keys that no state knows and no note of a run explains are removed too."""
    take: frozenset[str] = frozenset()
    """The names, in the stack, of what is to be taken over though nothing shows whose it is."""
    registered: Callable[[], frozenset[str] | None] = lambda: None
    """Every word of what is registered at Lightly; None where Lightly cannot be asked."""
    forget: frozenset[str] = frozenset()
    """The names of what is cleared without being looked for."""


def survey(deployment: Mapping[str, Any], plan: Plan, asking: Asking) -> list[Decision]:
    """One decision for each URN that was in flight, for each of the plan that may be there, and for each stray."""
    known, pending = Known.of(deployment), operations(deployment)
    counts = Counter(each.urn for each in pending if each.doing == CREATING)
    latest: dict[str, Operation] = {}
    for each in pending:
        if each.urn not in latest or each.doing == CREATING:
            latest[each.urn] = each
    found: list[Decision] = []
    for operation in latest.values():
        found += _about(operation, counts[operation.urn], known, asking)
    for operation in plan.operations:
        if operation.urn not in latest:
            found += _planned(operation, known, asking)
    for entry in known.resources:
        way = asking.ways.get(str(entry.get("type")))
        if isinstance(way, Searched) and not entry.get("delete") and entry["urn"] not in counts:
            wanted = entry["urn"] in plan.wanted
            found += _searched(Operation("", entry), way, 0, known, asking, wanted=wanted)
    return found


def _about(operation: Operation, count: int, known: Known, asking: Asking) -> Iterator[Decision]:
    way = asking.ways.get(operation.type)
    if operation.name in asking.forget:
        yield Decision(operation, Deed.CLEAR, "it is forgotten, as you say")
    elif operation.doing != CREATING:
        yield Decision(operation, Deed.CLEAR, f"a run ended while {operation.doing} it: the next one does that again")
    elif operation.type.startswith(_PROVIDER) or operation.entry.get("custom") is not True:
        yield Decision(operation, Deed.CLEAR, "nothing of it is in a cloud")
    elif operation.type == DATASET:
        yield asking.dataset(operation, known)
    elif way is None:
        yield Decision(
            operation,
            Deed.HOLD,
            "nobody here knows how it is found",
            _THEIRS.format(urn=operation.urn, name=operation.name),
        )
    elif isinstance(way, Again):
        yield Decision(operation, Deed.CLEAR, f"the next run makes it again: {way.why}")
    elif isinstance(way, Searched):
        yield from _searched(operation, way, count, known, asking)
    else:
        yield from filter(None, [_named(operation, way, known, asking)])


def _planned(operation: Operation, known: Known, asking: Asking) -> Iterator[Decision]:
    """Only what is ours by its name, was asked for, was made while the last run ran, or bears our mark."""
    way, asked_for = asking.ways.get(operation.type), operation.name in asking.take
    if operation.type == DATASET:
        about = replace(operation, doing=CREATING) if asked_for else operation
        yield from (each for each in [asking.dataset(about, known)] if each.deed is Deed.TAKE)
    elif isinstance(way, Again) or way is None or not way.needs <= _inputs(operation).keys():
        return  # what is not known before a run cannot be looked for
    elif isinstance(way, Named):
        if way.ours or asked_for or _is_of_last_run(operation, way, known, asking):
            yield from filter(None, [_named(operation, way, known, asking)])
    else:
        yield from _searched(operation, way, 0, known, asking, wanted=True)


def _is_of_last_run(operation: Operation, way: Named, known: Known, asking: Asking) -> bool:
    try:
        made = way.made(_inputs(operation), asking.place(operation.entry, known)) if way.made else None
    except UnaskedError:
        return False
    return made is not None and known.in_last_run(made)


def _named(operation: Operation, way: Named, known: Known, asking: Asking) -> Decision | None:
    """None for what nobody began to make, and is not there."""
    place, begun = asking.place(operation.entry, known), operation.doing == CREATING
    try:
        id_ = way.id(_inputs(operation), place)
    except UnaskedError as error:
        return Decision(operation, Deed.HOLD, str(error), error.hint) if begun else None
    if known.live(operation.urn):
        return Decision(operation, Deed.CLEAR, "a later run made it", id=id_)
    there = _there(operation, way, place)
    if there is False or (there is None and way.ours and not begun):
        return Decision(operation, Deed.CLEAR, f"{id_} is not there: the next run makes it") if begun else None
    if not _stands(operation, known):
        return _of_no_stack(operation, way, place, id_)
    when = "is there" if there else "if it is there; else the next run makes it"
    return Decision(operation, Deed.TAKE, f"{id_} {when}", id=id_, seed=way.seed(_inputs(operation)))


def _of_no_stack(operation: Operation, way: Named, place: Place, id_: str) -> Decision:
    """After a `destroy` there is nothing that it could be a part of."""
    if way.remove is None:
        said = f"{id_} cannot be taken over: the stack that it was made for is not there any more"
        hint = f"`pulumi up`, then this again, then `pulumi destroy`; when it is not there, `--forget {operation.name}`"
        return Decision(operation, Deed.HOLD, said, hint, id_)
    said = f"{id_}: a run was killed while it made it, and its stack is not there any more"
    removed = partial(way.remove, _inputs(operation), place, id_)
    return Decision(operation, Deed.REMOVE, said, id=id_, removed=removed)


def _there(operation: Operation, way: Named, place: Place) -> bool | None:
    """None where it cannot be told from here: then Pulumi asks its provider."""
    try:
        return way.there(_inputs(operation), place) if way.there else None
    except UnaskedError:
        return None


def _searched(
    operation: Operation, way: Searched, count: int, known: Known, asking: Asking, *, wanted: bool = False
) -> Iterator[Decision]:
    """Of what was found and is in no state: at most one to take over, and strays. `wanted` tells that the next run
    would make one, as after a run that failed to."""
    place, inputs = asking.place(operation.entry, known), _inputs(operation)
    try:
        found = [each for each in way.find(inputs, place) if each not in place.ids]
    except UnaskedError as error:
        if count:
            hint = f"{error.hint}; when you know that there is none, `--forget {operation.name}`"
            yield Decision(operation, Deed.HOLD, f"whether there is another {way.word}: {error}", hint)
        return
    ours = len(found) <= count or (way.taken and operation.doing == PLANNED)
    if way.taken and found and ours and not known.live(operation.urn) and _stands(operation, known):
        first = found.pop(0)
        yield Decision(operation, Deed.TAKE, f"{way.word} {first} is there", id=first)
    elif count:
        yield Decision(operation, Deed.CLEAR, _of_strays(way, found, live=known.live(operation.urn) is not None))
    for each in found:
        said = f"{way.word} {each}: no state knows it"
        why = ", and a run was killed while it made one" if ours else ""
        why = why or _of_a_run(operation, way, place, each, known, wanted=wanted)
        why = why or _unused(way, inputs, place, each, asking)
        deed = Deed.REMOVE if why or asking.strays else Deed.LEAVE
        why = why or ", and nothing tells who made it"
        hint = "" if deed is Deed.REMOVE else f"{way.by_hand(inputs, each)}; or `--strays` removes it"
        yield Decision(operation, deed, said + why, hint, each, removed=partial(way.remove, inputs, place, each))


def _of_a_run(operation: Operation, way: Searched, place: Place, id_: str, known: Known, *, wanted: bool) -> str:
    """Empty for what was made at another time than a run: the last one, which wrote the state when it ended, or the one
    before that which made what the state knows in its place."""
    live, inputs = known.live(operation.urn), _inputs(operation)
    try:
        made = way.made(inputs, place, id_) if way.made else None
        instead = way.made(inputs, place, str(live["id"])) if way.made and live else None
    except UnaskedError:
        return ""
    if made is None:
        return ""
    at = f", it was made at {made:%H:%M:%S} UTC, "
    if wanted and known.in_last_run(made):
        return f"{at}while the last run ran, and the next one would make one"
    if instead and instead - LONGEST <= made < instead:
        return f"{at}and a later run made another in its place at {instead:%H:%M:%S}"
    return ""


def _unused(way: Searched, inputs: Mapping[str, Any], place: Place, id_: str, asking: Asking) -> str:
    """Empty for what somebody uses, or may use."""
    try:
        if not (way.unused and way.unused(inputs, place, id_)):
            return ""
    except UnaskedError:
        return ""
    registered = asking.registered()
    return "" if registered is None or id_ in registered else ", nobody ever used it, and Lightly does not have it"


def _of_strays(way: Searched, found: list[str], *, live: bool) -> str:
    if not found:
        return "a later run made it" if live else f"it had made no {way.word} yet: the next run does"
    lost = "that a later run made anew" if way.taken else "of which nobody has the secret"
    return f"it had made {counted(len(found), way.word)} {lost}"


def _stands(operation: Operation, known: Known) -> bool:
    """Whether what it is a part of, and its provider, are in the state."""
    provider = str(operation.entry.get("provider", "")).rpartition("::")[0]
    return all(known.live(str(urn)) for urn in (operation.entry.get("parent"), provider) if urn)


def _inputs(operation: Operation) -> Mapping[str, Any]:
    found = operation.entry.get("inputs")
    return found if isinstance(found, dict) else {}
