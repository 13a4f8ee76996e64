"""The program: the manifest in the stack's configuration becomes stores, accesses, and verified datasets at Lightly."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# `pulumi install` installs what the project needs, not the project: it is read from where it stands.
sys.path[:0] = [str(ROOT / "components"), str(ROOT / "policies")]

from lightly_access.stack import deploy_stack  # noqa: E402 - after the path

deploy_stack(ROOT)
