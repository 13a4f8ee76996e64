"""What people wait for without a cloud: check, analysis, the policy evaluator, the command line's start.

Each is CPU time, the least of several, as a multiple of a piece of work that every machine does: so that a table in the
repository can be compared with on another machine. `python -m tests.bench.pure` compares, and never fails; `--write`
renews the table.
"""

import argparse
import gc
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import yaml
from lightly_access.analysis.survey import survey
from lightly_access.analysis.view import Placed, groups
from lightly_access.manifest.stack_file import check_path
from lightly_policies import render_aws
from lightly_policies.cases_aws import Grantee, grant_cases
from lightly_policies.evaluator.aws import Policies, decide
from lightly_policies.evaluator.document import Document
from lightly_policies.proof_aws import decided_grant
from rich.table import Table

from tests.bench.fleet import many

KNOWN = Path(__file__).with_name("pure.json")
WHAT = ("check", "analyze", "decide 30,000 requests", "start of the command line")
WORSE = 1.25
QUICK, FULL = 60, 3000
_TYPER = [sys.executable, "-c", "import typer"]
_CLI = [sys.executable, "-m", "lightly_cli.main", "--help"]


def main() -> None:
    """Compare a small manifest's figures with the table in the repository."""
    gc.set_threshold(100_000)  # as the command line does
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--write", action="store_true", help="renew the table")
    args = parser.parse_args()
    if not args.write:
        _known()  # before minutes go by
    found = {what: round(ratio, 3) for what, (_, ratio) in measured(QUICK, rounds=5).items()}
    if args.write:
        KNOWN.write_text(json.dumps(found, indent=2) + "\n")
    known = _known()
    worse = {what: ratio / known[what] for what, ratio in found.items() if ratio > WORSE * known[what]}
    for what, factor in worse.items():
        print(f"warning: {what} takes {factor:.2f} times what it took (docs/performance.md)")
    if not worse:
        print(f"benchmarks: {len(found)} of {len(found)} take at most {WORSE} times what they took")


def _known() -> dict[str, float]:
    """The table in the repository. Raises SystemExit, in a line, where it is none or lacks a figure."""
    try:
        known = json.loads(KNOWN.read_text())
        return {what: float(known[what]) for what in WHAT}
    except (OSError, ValueError, TypeError, KeyError) as wrong:
        sys.exit(
            f"{KNOWN.name}: expected a figure for each of {', '.join(WHAT)} ({wrong}); hint: --write makes it anew"
        )


def pure() -> Table:
    """The table of `make bench`, at full size."""
    gc.set_threshold(100_000)
    table = Table(
        "what",
        "seconds",
        "of the unit",
        title=f"without a cloud, {FULL} datasets (CPU; unit: `_unit` in tests/bench/pure.py)",
    )
    for what, (seconds, ratio) in measured(FULL, rounds=1).items():
        table.add_row(what, f"{seconds:.2f}", f"{ratio:.1f}")
    return table


def measured(size: int, rounds: int) -> dict[str, tuple[float, float]]:
    """What -> CPU seconds, and how many units that is; of the start, how many starts of Python with typer alone."""
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder), many(size))
        manifest = check_path(path).manifest
        if manifest is None:
            raise RuntimeError("the manifest of the benchmark has problems")
        whole = {
            "check": lambda: check_path(path),
            "analyze": lambda: groups((Placed(each, "") for each in survey(manifest)), with_stack=False),
            "decide 30,000 requests": _decisions(30_000),
        }
        least = _least({"unit": _unit, **whole}, rounds, _own)
    starts = _least({"typer": lambda: _run(_TYPER), "start": lambda: _run(_CLI)}, 2 * rounds, of_children)
    ratios = {what: (least[what], least[what] / least["unit"]) for what in whole}
    return {**ratios, "start of the command line": (starts["start"], starts["start"] / starts["typer"])}


def written(folder: Path, config: dict[str, object]) -> Path:
    """A stack's file, with its stores and datasets in a folder of the manifest."""
    tables = {name: config.pop(f"lightly-access:{name}") for name in ("stores", "datasets")}
    (folder / "manifest").mkdir()
    (folder / "manifest" / "all.yaml").write_text(yaml.safe_dump(tables))
    path = folder / "Pulumi.many.yaml"
    path.write_text(yaml.safe_dump({"config": {**config, "lightly-access:manifest": "manifest"}}))
    return path


def _least(works: dict[str, Callable[[], object]], rounds: int, clock: Callable[[], float]) -> dict[str, float]:
    """In turns, so that what else the machine does hits all of them."""
    least: dict[str, float] = {}
    for _ in range(rounds):
        for what, work in works.items():
            decided_grant.cache_clear()  # a proof that did not change is not made again
            began = clock()
            work()
            least[what] = min(least.get(what, float("inf")), clock() - began)
    return least


def _decisions(count: int) -> Callable[[], None]:
    """A decision: one request, such as s3:GetObject on one object, against the asker's grant of four statements."""
    grant = render_aws.aws_grant("LIGHTLY", "acme-lightly-results", "cows/", region="eu-central-1")
    policies = Policies(identity=(Document.parse("grant", grant),))
    requests = [
        case.request for case in grant_cases(Grantee("LIGHTLY", "acme-lightly-results", "cows/", "eu-central-1"))
    ]

    def work() -> None:
        for number in range(count):
            decide(requests[number % len(requests)], policies)

    return work


def _unit() -> None:
    """Some text, some tables, some calls: a fifth of a second or so."""
    for _ in range(60):
        rows = [{"name": str(number), "path": ("a", str(number), "b")} for number in range(500)]
        json.loads(json.dumps(sorted(rows, key=lambda row: row["name"])))


def _own() -> float:
    return time.process_time()


def of_children() -> float:
    """CPU seconds of the processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
