"""What is within Lightly's reach from here: the clouds of this machine, and the mounts of the worker that is played."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lightly_rehearsal.lightly.aws import Aws
from lightly_rehearsal.lightly.azure import AzureCloud
from lightly_rehearsal.lightly.gcs import GoogleCloud


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
