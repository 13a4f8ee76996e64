"""What the run before left, so that a preview says in words what it is about to end."""

from collections.abc import Iterator, Mapping
from typing import Any

from lightly_access.deployed.gone import missing
from lightly_access.manifest import Manifest
from lightly_access.outputs import YOURS


def goes(manifest: Manifest, outputs: Mapping[str, Any]) -> Iterator[str]:
    """A sentence for each entry of the last run that the manifest has no more, under no alias either. Pure."""
    for table, entries, ends in (
        ("datasets", manifest.datasets, "ends Lightly's access to it"),
        ("stores", manifest.stores, "removes it, unless it holds objects"),
    ):
        known = outputs.get(table)
        found = {key: said for key, said in known.items() if said != YOURS} if isinstance(known, dict) else {}
        for key in missing(entries, found):
            yield (
                f"{table}.{key} is deployed and not in the manifest any more: this run {ends}\n"
                f"hint: under another key it goes on with `aliases: [{key}]`"
            )
