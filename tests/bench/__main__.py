"""`make bench`: time and calls of every verb, overhead of our components, the state, hidden latency; local files."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench.critical_path import critical_path
from tests.bench.fleet import config
from tests.bench.probes import probes
from tests.bench.program import program
from tests.bench.pure import pure
from tests.bench.runs import PROJECT, Bench, Run, bench
from tests.bench.serve import serve
from tests.bench.state_size import state_size
from tests.bench.terraform import terraform

PLAIN = Path(__file__).parent / "plain"
LATENCY_MS = 50


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--sizes", default="1,10,50", help="numbers of datasets")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the tables there, too")
    given = parser.parse_args()
    sizes = [int(size) for size in given.sizes.split(",")]
    console = Console()
    middle = min(10, max(sizes))
    tables: tuple[Callable[[], Table], ...] = (
        pure,
        lambda: life(sizes),
        lambda: overhead(middle),
        program,
        state_size,
        lambda: latency(middle),
        lambda: terraform(max(sizes)),
        serve,
        probes,
    )
    written = []
    for make in tables:
        table = make()
        console.print(table)  # each when it is there: all of them take minutes
        written.append(as_json(table))
        if given.json:
            given.json.write_text(json.dumps(written, indent=2) + "\n")


def as_json(table: Table) -> dict[str, object]:
    """A table as its title and a mapping per row."""
    heads = [str(column.header) for column in table.columns]
    rows = zip(*(map(str, column.cells) for column in table.columns), strict=True)
    return {"title": str(table.title or ""), "rows": [dict(zip(heads, row, strict=True)) for row in rows]}


def life(sizes: list[int]) -> Table:
    """Every verb at every size; `per dataset` is relative to the smallest size."""
    table = Table(
        "datasets", "verb", "seconds", "ratio to smallest", "calls to AWS by the deployer", "per resource", "by probes",
        "to Lightly", "per dataset",
        title="every verb, by size (aims: 1.1 calls per resource; to Lightly 6 per dataset, unchanged 0, refresh 4)",
    )  # fmt: skip
    smallest: dict[str, float] = {}
    for size in sizes:
        resources = 0
        with bench(size, config(size)) as item:
            for label, verb in (("up", "up"), ("again", "up"), ("refresh", "refresh"), ("destroy", "destroy")):
                run = item.run(verb)
                ratio = run.seconds / smallest.setdefault(label, run.seconds)
                resources = resources or _in_aws(item)
                row = (str(size), label, f"{run.seconds:.2f}", f"{ratio:.2f}")
                table.add_row(*row, *_counted(run, size, resources))
    return table


def _in_aws(item: Bench) -> int:
    """Each needs one call at the least."""
    return sum(each["type"].startswith("aws:") for each in item.state()["deployment"]["resources"])


def _counted(run: Run, size: int, resources: int) -> tuple[str, ...]:
    mine, lightly = run.deployer_calls, run.calls["lightly"]
    probes = run.calls["aws"] - mine
    return str(mine), f"{mine / resources:.2f}", str(probes), str(lightly), f"{lightly / size:.1f}"


def overhead(size: int, rounds: int = 3) -> Table:
    """The same resources as a plain program without our components, on the same engine; in turns, the least of each.

    Each round deploys once, and runs as often without changes: that is short, and the clock disturbs it the most.
    """
    table = Table(
        "datasets", "program", "up", "its CPU", "again", "its CPU",
        title="overhead of the components (aim: at most 1.15)",
    )  # fmt: skip
    unprobed = {**config(size), "lightly-access:verify": {"probe": False}}  # the plain program has no probe either
    programs = {"with components": (unprobed, PROJECT), "plain": (config(size), PLAIN)}
    runs: dict[str, tuple[list[Run], list[Run]]] = {name: ([], []) for name in programs}
    for _ in range(rounds):
        for name, (stack, project) in programs.items():
            with bench(size, stack, project) as item:
                runs[name][0].append(item.run("up"))
                runs[name][1].extend(item.run("up") for _ in range(rounds))
    least = {
        name: [
            least for verb in found for least in (min(each.seconds for each in verb), min(each.cpu for each in verb))
        ]
        for name, found in runs.items()
    }
    for name, figures in least.items():
        table.add_row(str(size), name, *(f"{seconds:.2f}" for seconds in figures))
    table.add_row("", "ratio", *(f"{a / b:.2f}" for a, b in zip(*least.values(), strict=True)))
    return table


def latency(size: int) -> Table:
    """Wall time against the longest chain of steps when every call takes 50 ms longer."""
    table = Table(
        "datasets", "wall", "from the first step", "critical path", "ratio",
        title=f"{LATENCY_MS} ms in every call (aim: from the first step at most 1.3 of the path)",
    )  # fmt: skip
    with bench(size, config(size), latency_ms=LATENCY_MS) as item:
        run = item.run("up")
        path = critical_path(item.state()["deployment"]["resources"], run.steps)
    figures = (run.seconds, run.from_first_step, path, run.from_first_step / path)
    table.add_row(str(size), *(f"{figure:.2f}" for figure in figures))
    return table


if __name__ == "__main__":
    main()
