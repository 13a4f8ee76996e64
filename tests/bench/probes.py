"""Many keys probed side by side, as the verifications of one deployment do it: `python -m tests.bench.probes`."""

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

SIZE, AT_ONCE = 200, 32


def probes(size: int = SIZE) -> Table:
    """Both purposes of `size` datasets, each probed by a verification of its own, `AT_ONCE` verifications at a time."""
    table = Table(
        "datasets", "at once", "seconds", "datasets/s", "requests", title="probes (the local AWS is the limit)"
    )
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

        for at_once in (1, AT_ONCE):
            before, began = sandbox.calls()["aws"], time.monotonic()
            with ThreadPoolExecutor(at_once) as pool:
                good = sum(pool.map(one, range(size)))
            seconds = time.monotonic() - began
            if good != size:
                raise RuntimeError(f"{size - good} of {size} probes did not find what the owner's key can do")
            requests = sandbox.calls()["aws"] - before
            table.add_row(str(size), str(at_once), f"{seconds:.2f}", f"{size / seconds:.0f}", str(requests))
    return table


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=SIZE)
    Console().print(probes(parser.parse_args().size))
