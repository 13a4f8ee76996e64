"""The cloud side of a stack by Terraform and HashiCorp's provider, beside our whole deployment of the same stack.

Both have the same local AWS, the same buckets, which are there already (HashiCorp's provider waits most of a minute for
the lifecycle of a new one), and as many calls at once. Ours also makes the datasets, registers, verifies and proves;
and it has the mock provider in place of Pulumi's, which is built on HashiCorp's.
"""

import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from lightly_access.manifest import Manifest
from lightly_sandbox.kinds.s3.client import account, make_bucket
from lightly_sandbox.sandbox import Sandbox
from lightly_sandbox.start import start_sandbox
from rich.table import Table

from tests.bench.fleet import STORES, config
from tests.bench.runs import PARALLEL, bench, deployer_calls
from tests.lightly_sandbox.kinds.s3.emulator.aws import Keys
from tests.lightly_sandbox.kinds.s3.terraform import Terraform, configuration, declared, find_mirror

AIMS = {"up": 1.0, "unchanged": 0.6, "destroy": 0.5}


def terraform(size: int) -> Table:
    """Seconds of both and the calls to AWS of both, in one run; no row where there is no Terraform."""
    table = Table(
        "datasets", "verb", "ours", "Terraform", "ratio", "aim", "calls: ours", "Terraform's",
        title="our whole deployment beside Terraform's apply, plan and destroy of its cloud side",
    )  # fmt: skip
    try:
        mirror = find_mirror()
    except pytest.skip.Exception as missing:
        table.add_row(str(size), str(missing))
        return table
    stack = adopted(size)
    ours, theirs = _ours(size, stack), _theirs(mirror, stack)
    for verb, aim in AIMS.items():
        (seconds, calls), (other, other_calls) = ours[verb], theirs[verb]
        row = (f"{seconds:.1f}", f"{other:.1f}", f"{seconds / other:.2f}", str(aim), str(calls), str(other_calls))
        table.add_row(str(size), verb, *row)
    return table


def adopted(size: int) -> dict[str, object]:
    """The benchmark's stack with both of its buckets there before."""
    stores = {**STORES, "results": {**STORES["results"], "create": False}}
    del stores["results"]["force_destroy"]
    return {**config(size), "lightly-access:stores": stores}


def _ours(size: int, stack: Mapping[str, object]) -> dict[str, tuple[float, int]]:
    with bench(size, stack) as item:
        make_bucket(account(item.sandbox, "customer").s3, str(STORES["results"]["bucket"]))
        runs = {"up": item.run("up"), "unchanged": item.run("up"), "destroy": item.run("destroy")}
    return {verb: (run.seconds, run.deployer_calls) for verb, run in runs.items()}


def _theirs(mirror: Path, stack: Mapping[str, Any]) -> dict[str, tuple[float, int]]:
    manifest = Manifest.parse({key.partition(":")[2]: value for key, value in stack.items()})
    resources = configuration(declared(manifest))
    with tempfile.TemporaryDirectory() as folder, start_sandbox(kinds=("s3",)) as sandbox:
        customer = account(sandbox, "customer")
        for store in STORES.values():
            make_bucket(customer.s3, str(store["bucket"]))
        known = sandbox.accounts["customer"]
        keys = Keys(known.access_key_id, known.secret_access_key.reveal())
        there = Terraform(Path(folder), mirror, sandbox.aws.url, keys).write("cloud", resource=resources)
        at_once = f"-parallelism={PARALLEL}"
        return {
            "up": _timed(sandbox, lambda: there.run("apply", "-auto-approve", "-input=false", at_once)),
            "unchanged": _timed(sandbox, lambda: there.run("plan", "-input=false", "-detailed-exitcode", at_once)),
            "destroy": _timed(sandbox, lambda: there.run("destroy", "-auto-approve", "-input=false", at_once)),
        }


def _timed(sandbox: Sandbox, work: Callable[[], object]) -> tuple[float, int]:
    before, began = deployer_calls(sandbox), time.monotonic()
    work()
    return time.monotonic() - began, deployer_calls(sandbox) - before
