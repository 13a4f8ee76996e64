"""The owner of an AWS account who runs the commands of a bundle, against the local AWS."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.lightly_sandbox.kinds.s3.emulator.aws import REGION


@dataclass(frozen=True)
class Login:
    """An administrator and where its AWS is."""

    endpoint: str
    access_key_id: str
    secret_access_key: str = field(repr=False)


def run(files: Mapping[str, str], folder: Path, login: Login) -> str:
    """Write the bundle there and run its `aws.sh`; what it prints."""
    for file, text in files.items():
        (folder / file).write_text(text)
    shim = folder / "bin" / "aws"
    shim.parent.mkdir()
    shim.write_text(f'#!/bin/sh\nexec {sys.executable} -m tests.lightly_access.handoff.aws_command "$@"\n')
    shim.chmod(0o755)
    environment = {
        "PATH": f"{shim.parent}:{os.environ['PATH']}",
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "AWS_ENDPOINT_URL": login.endpoint,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": login.access_key_id,
        "AWS_SECRET_ACCESS_KEY": login.secret_access_key,
    }
    done = subprocess.run(["bash", "aws.sh"], cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
