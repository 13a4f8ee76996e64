"""The policy pack as a folder: `pulumi preview --policy-pack policies`.

Pulumi runs it by `python -m pulumi.policy <engine> <folder>`, which puts the folder first on `sys.path`: so
`lightly_policies` is found, though the project may not be installed. The words that it shares with the components,
`lightly_core`, stand beside this folder in a clone, and else are installed.
"""

import sys
from pathlib import Path

_COMPONENTS = Path(__file__).resolve().parents[1] / "components"
if _COMPONENTS.is_dir():  # before what is installed: pack and words must be of one version
    sys.path.insert(1, str(_COMPONENTS))

from lightly_policies.guardrails.__main__ import main  # noqa: E402 - is found there

if __name__ == "__main__":
    sys.exit(main())
