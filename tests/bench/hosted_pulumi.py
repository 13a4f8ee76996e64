"""Pulumi's command line with the program of a project: a process of its own for each run, as Pulumi's Python host
would start one, which is on no registry.

`python -m tests.bench.hosted_pulumi <the real pulumi> <words>`
"""

import signal
import subprocess
import sys
from pathlib import Path

from lightly_access import deploy_stack
from lightly_sandbox.deployer import program_server


def main() -> int:
    """Its exit code."""
    with program_server.serving(lambda: deploy_stack(Path.cwd())) as address:
        command = [*sys.argv[1:], f"--client={address}", "--exec-kind=auto.inline"]
        with subprocess.Popen(command) as pulumi:
            signal.signal(signal.SIGINT, lambda number, _: pulumi.send_signal(number))
            return pulumi.wait()


if __name__ == "__main__":
    sys.exit(main())
