"""What the run before left, so that a preview says in words what it is about to end."""

from collections.abc import Iterator, Mapping
from typing import Any

from lightly_core.capability import Purpose

from lightly_access.deployed.exported import table
from lightly_access.deployed.gone import missing
from lightly_access.deployed.other_credential import Before
from lightly_access.deployed.stack import DeployedDatasource, datasource
from lightly_access.manifest import Manifest
from lightly_access.outputs import NOT_OURS


def datasources(outputs: Mapping[str, Any]) -> Before:
    """What the last run said of each dataset's datasources; those of another shape, or revoked, are none."""
    found: dict[str, list[DeployedDatasource]] = {}
    for key, details in table(outputs.get("details")).items():
        known, held = table(table(details).get("datasources")), table(table(details).get("credentials"))
        found[key] = [
            datasource(purpose, table(known.get(purpose)), table(held.get(purpose)), {})
            for purpose in Purpose
            if purpose in known
        ]
    return found


def goes(manifest: Manifest, outputs: Mapping[str, Any]) -> Iterator[str]:
    """A sentence for each entry of the last run that the manifest has no more, under no alias either. Pure."""
    for name, entries, ends in (
        ("datasets", manifest.datasets, "ends Lightly's access to it"),
        ("stores", manifest.stores, "removes it, unless it holds objects"),
    ):
        known = table(outputs.get(name))
        # What a version before this one said of an entry was a table.
        found = {k: said for k, said in known.items() if not (isinstance(said, str) and said in NOT_OURS)}
        for key in missing(entries, found):
            yield (
                f"{name}.{key} is deployed and not in the manifest any more: this run {ends}\n"
                f"hint: under another key it goes on with `aliases: [{key}]`"
            )
