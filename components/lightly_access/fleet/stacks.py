"""The stacks of a fleet, by the files of a project: which there are, and whether any is missing. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from lightly_access.tables.shard import Shard, shard_fault
from lightly_access.tables.written import NAMESPACE, SHARD

_KEY = f"{NAMESPACE}:{SHARD}"

Configs = Mapping[str, Mapping[str, object]]
"""Name of a stack -> its configuration, by full keys."""


class FleetError(ValueError):
    """Why these stacks are no fleet, and the way out."""


@dataclass(frozen=True, slots=True)
class Fleet:
    """The stacks of all shards of one manifest: the first one is the first. `others` are named as its shards are, and
    have a manifest of their own."""

    name: str
    of: int
    others: frozenset[str] = frozenset()

    @property
    def shards(self) -> dict[str, Shard]:
        """Stack -> its shard."""
        every = (Shard(number, self.of) for number in range(1, self.of + 1))
        return {shard.stack(self.name): shard for shard in every}

    def before(self, known: Iterable[str]) -> list[str]:
        """Of the stacks that there are, those that were shards of it when it had more."""
        shard = re.compile(re.escape(f"{self.name}-shard-") + "[1-9][0-9]*")
        return [stack for stack in known if shard.fullmatch(stack) and stack not in {*self.shards, *self.others}]


def fleet(configs: Configs, name: str | None) -> Fleet:
    """The fleet of this name, or of this stack, or the only one. Raises FleetError."""
    found = _shards(configs)
    fleets = {shard.fleet(stack): stack for stack, shard in found.items()}
    if name in found:
        name = found[name].fleet(name)
    if not fleets:
        hint = "`lightly-access init . --shards 8` writes a stack for each of 8 parts of a manifest"
        raise FleetError(f"no stack here has a shard, expected some with lightly-access:shard\nhint: {hint}")
    if name is None and len(fleets) > 1:
        raise FleetError(f"there is more than one fleet: {', '.join(map(str, fleets))}\nhint: name one")
    chosen = next(iter(fleets)) if name is None else name
    if chosen is None or chosen not in fleets:
        raise FleetError(f"got {name!r}, expected a fleet that is here: {', '.join(map(str, fleets))}")
    return _whole(chosen, {stack: shard for stack, shard in found.items() if shard.fleet(stack) == chosen}, configs)


def broken(configs: Configs) -> dict[str, FleetError]:
    """Each fleet that is not whole, by its name: of its datasets some would be in no stack, or in two."""
    found: dict[str, FleetError] = {}
    for name in {str(shard.fleet(stack)): None for stack, shard in _shards(configs).items()}:
        try:
            fleet(configs, name)
        except FleetError as error:
            found[name] = error
    return found


def _shards(configs: Configs) -> dict[str, Shard]:
    found = {stack: config.get(_KEY) for stack, config in configs.items()}
    shards = {stack: Shard.parse(str(written)) for stack, written in found.items() if not shard_fault(written)}
    return {stack: shard for stack, shard in shards.items() if shard.fleet(stack)}


def _whole(name: str, shards: Mapping[str, Shard], configs: Configs) -> Fleet:
    counts = {shard.of for shard in shards.values()}
    if len(counts) > 1:
        said = ", ".join(f"{stack} is {shard}" for stack, shard in shards.items())
        raise FleetError(f"{name}: {said}\nhint: write the same number of parts into all of them")
    made = Fleet(name, counts.pop())
    if missing := [stack for stack in made.shards if stack not in shards]:
        said = f"{name} has {len(shards)} of {made.of} shards: "
        if unsaid := [stack for stack in missing if stack in configs]:
            hint = f"lightly-access check {unsaid[0]}"
            raise FleetError(f"{said}the file of {', '.join(unsaid)} says of no shard, or cannot be read\nhint: {hint}")
        hint = f"copy that of {next(iter(shards))}, and change {_KEY}"
        raise FleetError(f"{said}there is no file of {', '.join(missing)}\nhint: {hint}")
    first = _tables(configs[next(iter(made.shards))])
    for stack in made.shards:
        if other := sorted(key for key, value in _tables(configs[stack]).items() if first.get(key) != value):
            raise FleetError(f"{stack} has another {other[0]} than the first shard\nhint: they deploy one manifest")
        if other := sorted(first.keys() - _tables(configs[stack]).keys()):
            raise FleetError(f"{stack} has no {other[0]}, which the first shard has\nhint: they deploy one manifest")
    return replace(made, others=frozenset(made.before(stack for stack, config in configs.items() if _tables(config))))


def _tables(config: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in config.items() if key.startswith(f"{NAMESPACE}:") and key != _KEY}
