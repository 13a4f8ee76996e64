"""Every kill: `python -m tests.lightly_sandbox.kills [--kinds s3,gcs,azure] [--verbs up,rotate,destroy] [--how after]`.

For each call of a run the run is killed there. Then what a user does: `pulumi up`; where that fails or notes are left,
`lightly-access recover --yes` and `pulumi up`. Counted: what needed what, duplicates after it, orphans after `destroy`.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from lightly_sandbox.start import start_sandbox

from tests.lightly_sandbox.kills.sweep import Figures, sweep

KINDS = ("s3", "gcs", "azure")


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--kinds", default=",".join(KINDS))
    asked.add_argument("--verbs", default="up,rotate,destroy")
    asked.add_argument("--how", default="before,after,provider")
    asked.add_argument("--only", default="")
    given = asked.parse_args()
    figures, begun = Figures(), time.monotonic()
    with tempfile.TemporaryDirectory() as folder, start_sandbox(kinds=given.kinds.split(",")) as sandbox:
        for kind in given.kinds.split(","):
            for verb in given.verbs.split(","):
                for how in given.how.split(","):
                    sweep(sandbox, Path(folder), kind, verb, how, figures, only=given.only)
    print(f"{figures} ({time.monotonic() - begun:.0f} s)")
    sys.exit(0 if figures.well else 1)


if __name__ == "__main__":
    main()
