"""`python -m tests.bench.fleet_run`: a manifest of many datasets in shards, from its check to its end.

Each size is deployed in shards of 50 datasets on local clouds, by `lightly-access fleet` as a user runs it: a process
of Pulumi and one of the program a shard. Printed are the wall time and the peak memory of all these processes
together, and the time of a processor that the command and what it started took; the local clouds are beside them, on
the same cores.
"""

import argparse
import json
import os
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml
from lightly_access.tables.shard import Shard
from lightly_sandbox.kinds.s3.client import account, make_bucket
from lightly_sandbox.pulumi_cli.finder import find
from lightly_sandbox.sandbox import Sandbox
from lightly_sandbox.start import start_sandbox

from tests.bench.fleet import STORES, config, input_path, name
from tests.bench.memory import Peak
from tests.bench.pure import of_children
from tests.pulumi_on_path import own_provider

ROOT = Path(__file__).parents[2]
A_SHARD = 50
USERS = 4
"""Of so many datasets one has a user with a key, since an account has 500 groups at most; the others have a role."""
WITHOUT_CHECKPOINTS = {"PULUMI_SKIP_CHECKPOINTS": "true", "PULUMI_EXPERIMENTAL": "true"}


def main() -> None:
    """Print a row for each step, as Markdown."""
    parser = argparse.ArgumentParser(description="A manifest in shards, from its check to its end.")
    parser.add_argument("--sizes", default="100,1000", help="numbers of datasets")
    parser.add_argument("--parallel", default="2", help="shards at once")
    parser.add_argument("--steps", default="", help="only those whose names have one of these words, and `fleet up`")
    parser.add_argument("--checkpoints", action="store_true", help="write the state at every step, as Pulumi does")
    asked = parser.parse_args()
    print("| datasets | shards | step | seconds | a dataset | s CPU | a dataset | peak MiB |", flush=True)
    print("|---|---|---|---|---|---|---|---|", flush=True)
    for size in map(int, asked.sizes.split(",")):
        with project(size, {} if asked.checkpoints else WITHOUT_CHECKPOINTS) as (folder, count):
            for step, words in steps(size, asked.parallel):
                if asked.steps and step != "fleet up" and not any(word in step for word in asked.steps.split(",")):
                    continue
                if words is None:
                    change(folder)
                    continue
                seconds, cpu, peak = run(folder, words)
                wall, busy = (f"{taken:.1f} | {1000 * taken / size:.0f} ms" for taken in (seconds, cpu))
                print(f"| {size} | {count} | {step} | {wall} | {busy} | {peak:.0f} |", flush=True)


def steps(size: int, parallel: str) -> Iterator[tuple[str, list[str] | None]]:
    """Each, and the words of its command; None where a dataset of the manifest changes."""
    side_by_side = ["--parallel", parallel]
    yield "check", ["check", "prod-shard-1"]
    yield "analyze", ["analyze", "--stack", "prod-shard-1", "--json"]
    yield "fleet preview", ["fleet", "preview", *side_by_side]
    yield "fleet up", ["fleet", "up", "--yes", *side_by_side]
    yield "fleet up, unchanged", ["fleet", "up", "--yes", *side_by_side]
    yield "fleet status", ["fleet", "status", *side_by_side]
    yield "fleet up --only, one dataset changed", None
    yield "fleet up --only, one dataset changed", ["fleet", "up", "--yes", "--only", name(0)]
    yield "fleet verify", ["fleet", "verify", *side_by_side]
    yield "fleet destroy", ["fleet", "destroy", "--yes", *side_by_side]


@contextmanager
def project(size: int, more: dict[str, str]) -> Iterator[tuple[Path, int]]:
    """The folder of a project on fresh clouds, and its number of shards; this process's environment is a user's."""
    count = max(1, size // A_SHARD)
    before = dict(os.environ)
    with tempfile.TemporaryDirectory() as scratch, start_sandbox(kinds=("s3",)) as sandbox:
        seed(sandbox, size)
        folder = Path(scratch) / "project"
        for each in (folder, folder / "manifest", Path(scratch) / "backend", Path(scratch) / "tools"):
            each.mkdir()
        write(folder, size, count)
        tools = Path(scratch) / "tools" / "pulumi"
        real = shlex.quote(str(find().path))
        hosted = f'exec {shlex.quote(sys.executable)} -m tests.bench.hosted_pulumi {real} "$@"'
        tools.write_text(f'#!/bin/sh\ncase " $* " in *" up "*|*" preview "*) {hosted} ;; esac\nexec {real} "$@"\n')
        tools.chmod(0o755)
        os.environ.update(
            {
                **own_provider(sandbox.deployment()),
                **more,
                "PULUMI_BACKEND_URL": (Path(scratch) / "backend").as_uri(),
                "PULUMI_HOME": str(Path(scratch) / "home"),
                "PULUMI_CONFIG_PASSPHRASE": "bench",
                "PULUMI_SKIP_UPDATE_CHECK": "true",
                "PYTHONPATH": os.pathsep.join(map(str, (ROOT / "components", ROOT / "policies", ROOT))),
                "PATH": os.pathsep.join([str(tools.parent), str(Path(sys.executable).parent), os.environ["PATH"]]),
            }
        )
        try:
            yield folder, count
        finally:
            os.environ.clear()
            os.environ.update(before)


def seed(sandbox: Sandbox, size: int) -> None:
    """Data in the adopted bucket."""
    s3, bucket = account(sandbox, "customer").s3, str(STORES["lake"]["bucket"])
    make_bucket(s3, bucket)
    for number in range(size):
        s3.put_object(Bucket=bucket, Key=f"{input_path(number)}image.png", Body=b"x")


def write(folder: Path, size: int, count: int) -> None:
    """The stacks' files, and the manifest that is that of all."""
    tables: Any = config(size)
    datasets = tables["lightly-access:datasets"]
    for number, dataset in enumerate(datasets.values()):
        dataset["lightly"]["access"] = "user" if number % USERS == 0 else "delegated"
    (folder / "Pulumi.yaml").write_text(yaml.safe_dump({"name": "lightly-access", "runtime": "python"}))
    (folder / "manifest" / "all.yaml").write_text(yaml.safe_dump({"stores": STORES, "datasets": datasets}))
    for number in range(1, count + 1):
        shard = Shard(number, count)
        stack = {
            "aws:region": "eu-central-1",
            "lightly-access:manifest": "manifest",
            "lightly-access:shard": str(shard),
        }
        (folder / f"Pulumi.{shard.stack('prod')}.yaml").write_text(yaml.safe_dump({"config": stack}))


def change(folder: Path) -> None:
    """Another key for one dataset."""
    file = folder / "manifest" / "all.yaml"
    manifest = yaml.safe_load(file.read_text())
    manifest["datasets"][name(0)]["lightly"]["rotate_now"] = "again"
    file.write_text(yaml.safe_dump(manifest))


def run(folder: Path, words: list[str]) -> tuple[float, float, float]:
    """Seconds, those of a processor, and MiB. Raises RuntimeError with what it said when it fails."""
    began, used = time.monotonic(), of_children()
    command = [sys.executable, "-m", "lightly_cli.main", *words]
    with tempfile.TemporaryFile("w+") as said:
        with subprocess.Popen(command, cwd=folder, stdout=said, stderr=said) as process, Peak(process.pid) as peak:
            code = process.wait()
        seconds = time.monotonic() - began
        said.seek(0)
        if code:
            raise RuntimeError(f"{json.dumps(words)} ended with {code}:\n{said.read()[-4000:]}")
    return seconds, of_children() - used, peak.mib


if __name__ == "__main__":
    main()
