"""Where what comes beside the code is: in the checkout that this command belongs to, else where it was installed."""

import sysconfig
from pathlib import Path

_CHECKOUT = Path(__file__).resolve().parents[2]
INSTALLED = Path(sysconfig.get_path("data")) / "share" / "lightly-access"


def shared() -> Path:
    """The folder that has `stacks/Pulumi.rehearsal.yaml`, `Pulumi.yaml` and `requirements/deploy.txt`."""
    return _CHECKOUT if (_CHECKOUT / "Pulumi.yaml").is_file() else INSTALLED
