"""What stands in for Pulumi's language host of Python, which is on no package registry: `language_host.py PULUMI ...`.

Run by the project's own interpreter in the project's folder. Commands that run the program get it served from this
process, and a policy pack in a folder is given as a program that starts it, as the language host would: all else of the
command line goes to Pulumi as it stands. PROGRAM_DAYS_AGO lets the program believe that it is so many days ago.
"""

import os
import runpy
import subprocess
import sys
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Self


class Earlier(datetime):
    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        return super().now(tz) - timedelta(days=int(os.environ["PROGRAM_DAYS_AGO"]))


def program() -> None:
    from pulumi.runtime import settings

    if os.environ.get("PROGRAM_DAYS_AGO"):
        from lightly_access.kinds.s3.components import user

        vars(user)["datetime"] = Earlier
    settings.SETTINGS.root_directory = os.getcwd()
    sys.path.insert(0, os.getcwd())
    runpy.run_path("__main__.py", run_name="__main__")


def main() -> int:
    command = sys.argv[1:]
    if not {"up", "preview"} & set(command):
        os.execv(command[0], command)  # noqa: S606 - Pulumi, with what it was told
    from lightly_sandbox.deployer import program_server
    from lightly_sandbox.deployer.guardrails import executable

    if "--policy-pack" in command:
        at = command.index("--policy-pack") + 1
        command[at] = str(executable(Path(os.environ["PULUMI_HOME"]) / "pack", str(Path(command[at]).resolve())))
    with program_server.serving(program) as address:
        return subprocess.call([*command, f"--client={address}", "--exec-kind=auto.inline"])


if __name__ == "__main__":
    sys.exit(main())
