"""Many keys probed side by side, as the verifications of one deployment do it: `python -m tests.bench.probes`.

The local AWS answers each request only after a while, as one that is far away does: so what is seen is how many wait at
once, and not how fast this machine computes. Were all of them bound by one connection, more at once would gain nothing.
The requests of one probe that can be side by side are: of 18, five wait for each other.
"""

import argparse
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from lightly_access.kinds.s3.probe import S3Target
from lightly_core.capability import Purpose
from lightly_provider.verification.probe import probe
from lightly_sandbox.kinds.s3.client import account, make_bucket
from lightly_sandbox.sandbox import REGION
from lightly_sandbox.start import start_sandbox
from rich.console import Console
from rich.table import Table

from tests.bench.fleet import STORES, input_path

SIZE, AT_ONCE, LATENCY_MS = 200, 32, 200


def probes(size: int = SIZE) -> Table:
    """Both purposes of `size` datasets, each probed by a verification of its own, `AT_ONCE` verifications at a time."""
    table = Table(
        "datasets", "at once", "seconds", "datasets/s", "requests", "waiting at once", "ratio",
        title=f"probes, {LATENCY_MS} ms in every answer (one connection: at most 1 waits at once)",
    )  # fmt: skip
    alone = 0.0
    with start_sandbox() as sandbox:
        owner, bucket = sandbox.accounts["customer"], str(STORES["lake"]["bucket"])
        s3 = account(sandbox, "customer").s3
        make_bucket(s3, bucket)
        for number in range(size):
            s3.put_object(Bucket=bucket, Key=f"{input_path(number)}image.png", Body=b"x")

        def one(number: int) -> bool:
            target = S3Target(
                "s3", bucket, input_path(number), owner.access_key_id, owner.secret_access_key, REGION, sandbox.aws.url
            )
            both = {Purpose.INPUT: target, Purpose.LIGHTLY: replace(target, directory=f"results/{number:03}/")}
            found = probe(both, f"{number:016x}")
            return all(answer.can for findings in found.values() for answer in findings.answers.values())

        sandbox.control(sandbox.aws, "POST", "/faults", [{"latency_ms": LATENCY_MS}])
        for at_once in (1, AT_ONCE):
            before, began = sandbox.calls()["aws"], time.monotonic()
            with ThreadPoolExecutor(at_once) as pool:
                good = sum(pool.map(one, range(size)))
            seconds = time.monotonic() - began
            if good != size:
                raise RuntimeError(f"{size - good} of {size} probes did not find what the owner's key can do")
            requests = sandbox.calls()["aws"] - before
            alone = alone or seconds
            waiting = requests * LATENCY_MS / 1000 / seconds  # how many were on their way, in the mean
            figures = (f"{seconds:.1f}", f"{size / seconds:.1f}", str(requests), f"{waiting:.0f}")
            table.add_row(str(size), str(at_once), *figures, f"{alone / seconds:.1f}")
    return table


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=SIZE)
    Console().print(probes(parser.parse_args().size))
