"""The targets of the Makefile, where what they do depends on whose environment they run in."""

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_what_python_compiles_is_kept_whatever_the_environment_says() -> None:
    """The environment is installed without what pip would compile: each process would compile it all again."""
    run = ["make", "--no-print-directory", "--eval", "shown: ; @env", "shown"]
    env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1"}
    shown = subprocess.run(run, cwd=ROOT, env=env, capture_output=True, text=True, check=True).stdout
    assert "PYTHONUNBUFFERED=1" in shown
    assert "PYTHONDONTWRITEBYTECODE" not in shown
