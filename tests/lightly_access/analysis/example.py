"""Manifests and what is found in them."""

import textwrap
from typing import Any

from lightly_access.analysis.datasource import Analysis
from lightly_access.analysis.survey import survey
from lightly_access.analysis.view import Placed
from lightly_access.manifest import Manifest
from lightly_core.capability import Purpose

from tests.lightly_access.manifest.example import spoiled


def reaches(changes: dict[str, Any] | None = None) -> dict[tuple[str, Purpose], Analysis]:
    """Of the good manifest of the manifest's tests, with values changed at places such as `stores.lake.kms_key`."""
    return {
        (analysis.dataset, analysis.purpose): analysis for analysis in survey(Manifest.parse(spoiled(changes or {})))
    }


def placed(*found: Analysis, stack: str = "prod") -> list[Placed]:
    return [Placed(analysis, stack) for analysis in found]


def folded(text: str) -> str:
    """Long lines as a golden text can hold them."""
    return "\n".join(textwrap.fill(line, 110, subsequent_indent="    ") for line in text.splitlines())
