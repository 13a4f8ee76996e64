"""The policy pack as an executable, which Pulumi's engine starts itself; a folder would need Pulumi's language host."""

import shlex
import sys
from pathlib import Path


def guardrails(folder: Path) -> Path:
    """Our own pack, run by this interpreter."""
    return executable(folder / "lightly-guardrails", "-m", "lightly_policies.guardrails")


def executable(path: Path, *arguments: str) -> Path:
    """A script that runs Python with these arguments, and hands on what it is given."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'#!/bin/sh\nexec {shlex.join([sys.executable, *arguments])} "$@"\n')
    path.chmod(0o755)
    return path
