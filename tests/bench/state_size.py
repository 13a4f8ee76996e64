"""What a dataset weighs in the state of a deployed stack: bytes and ciphertexts, by type of resource.

The state of some datasets less that of fewer is that of the datasets between: what a stack has once is left out. Bytes
are those of the resource as the file backend of Pulumi 3.274 writes it, in one line without spaces. They differ by one
percent from run to run, with the lengths of generated ids and what a probe had to say.
"""

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from lightly_core.pulumi_struct import SECRET, SIGNATURE
from rich.console import Console
from rich.table import Table

from tests.bench.fleet import config
from tests.bench.runs import bench

FEW, MANY = 2, 10

State = Mapping[str, Any]
Share = dict[str, tuple[float, float, float]]
"""Type -> resources, bytes, ciphertexts."""


def state_size(few: int = FEW, many: int = MANY) -> Table:
    """By type, heaviest first; one INPUT by role and one LIGHTLY by access key a dataset."""
    before, after = (_deployed(size) for size in (few, many))
    found = per_dataset(before, after, many - few)
    table = Table("type", "resources", "bytes", "ciphertexts", title="state of one dataset, by type")
    for token, row in sorted(found.items(), key=lambda item: -item[1][1]):
        table.add_row(token, *_shown(row))
    total = tuple(sum(column) for column in zip(*found.values(), strict=True))
    table.add_row("all", *_shown(total))
    return table


def per_dataset(few: State, many: State, datasets: int) -> Share:
    """The difference of two states of the same stack, where the second has so many datasets more."""
    counts = [_counted(few), _counted(many)]
    found = {
        token: tuple((counts[1][column][token] - counts[0][column][token]) / datasets for column in range(3))
        for token in counts[1][0]
    }
    return {token: (row[0], row[1], row[2]) for token, row in found.items() if abs(row[1]) >= 1}


def ciphertexts(value: object) -> int:
    """How many secrets stand in it."""
    if isinstance(value, Mapping):
        return 1 if value.get(SIGNATURE) == SECRET else sum(map(ciphertexts, value.values()))
    return sum(map(ciphertexts, value)) if isinstance(value, list) else 0


def _counted(state: State) -> tuple[Counter[str], Counter[str], Counter[str]]:
    resources, size, secrets = Counter[str](), Counter[str](), Counter[str]()
    for each in state["deployment"]["resources"]:
        token = each["type"]
        resources[token] += 1
        size[token] += _bytes(each)
        secrets[token] += ciphertexts(each)
    return resources, size, secrets


def _bytes(resource: object) -> int:
    """With the comma after it."""
    return len(json.dumps(resource, separators=(",", ":"), ensure_ascii=False).encode()) + 1


def _deployed(size: int) -> State:
    with bench(size, config(size)) as item:
        item.run("up")
        return item.state()


def _shown(row: tuple[float, ...]) -> list[str]:
    return [f"{row[0]:.0f}", f"{row[1]:,.0f}", f"{row[2]:g}"]


if __name__ == "__main__":
    Console().print(state_size())
