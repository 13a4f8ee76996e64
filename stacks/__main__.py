"""The program: the manifest in the stack's configuration becomes stores, accesses, and verified datasets at Lightly."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# `pulumi install` installs what the project needs, not the project: it is read from where it stands.
sys.path[:0] = [str(ROOT / "components"), str(ROOT / "policies")]

import pulumi  # noqa: E402 - after the path
from lightly_access.deploy import deploy  # noqa: E402 - after the path
from lightly_access.manifest import Manifest, ManifestError  # noqa: E402 - after the path

config = pulumi.Config("lightly-access")
keys = ("stores", "datasets", "accounts", "manifest", "verify", "tags")
try:
    manifest = Manifest.parse(
        {key: config.get_object(key) if key != "manifest" else config.get(key) for key in keys}, root=ROOT
    )
except ManifestError as invalid:
    raise pulumi.RunError(f"{invalid}\nhint: `lightly-access check` tells the lines") from None
for warning in manifest.warnings:
    pulumi.log.warn(str(warning))

pulumi.export("datasets", deploy(manifest))
