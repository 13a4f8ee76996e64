"""What is within Lightly's reach from here: the clouds of this machine, and the mounts of the worker that is played."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lightly_sandbox.kinds.azure.lightly import AzureCloud
from lightly_sandbox.kinds.gcs.lightly import GoogleCloud
from lightly_sandbox.kinds.s3.lightly import Aws


@dataclass(frozen=True, slots=True)
class Reach:
    """Each cloud that was started, and name of a mount -> folder on disk."""

    aws: Aws | None = None
    azure: AzureCloud | None = None
    gcs: GoogleCloud | None = None
    mounts: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> "Reach":
        """From the settings line; a cloud that is not in it is out of reach."""
        return cls(
            Aws.of(settings["aws"]) if "aws" in settings else None,
            AzureCloud.of(settings["azure"]) if "azure" in settings else None,
            GoogleCloud.of(settings["gcs"]) if "gcs" in settings else None,
            settings.get("mounts") or {},
        )
