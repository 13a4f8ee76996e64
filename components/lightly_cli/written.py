"""Keys that a verb writes into a manifest, and what it says of it."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from lightly_access.manifest.yaml_edit import Edit
    from lightly_access.tables.problem import Where


def stack_file(stack: str) -> Path:
    """The file or folder of a stack, as it was found or named. Raises typer.BadParameter."""
    from lightly_access.manifest.stack_file import NoManifestError, find, project_root

    try:
        return find(stack, project_root(Path.cwd()))
    except NoManifestError as nothing:
        raise typer.BadParameter(str(nothing), param_hint="--stack") from None


def write(stack: str, dataset: str, keys: "Mapping[Where, str | bool]") -> list[tuple["Edit", str]]:
    """Set these keys of a dataset, each by its place below the dataset's table; what changed, and a line about it.

    Raises typer.BadParameter, and writes no more then.
    """
    from lightly_access.manifest.dataset_entry import NoEntryError, dataset_entry
    from lightly_access.manifest.stack_file import shown_path
    from lightly_access.manifest.yaml_edit import NotEditableError, edit

    done = []
    try:
        entry = dataset_entry(stack_file(stack), dataset)
        for (*table, key), value in keys.items():
            changed = edit(entry.file, (*entry.table, *table), key, value)
            if changed.before != changed.after:
                changed.write()
                where = f"{shown_path(entry.file)}:{changed.line}"
                done.append((changed, f"{where}: {'.'.join(['datasets', dataset, *table, key])} is written"))
    except (NoEntryError, NotEditableError) as refused:
        raise typer.BadParameter(str(refused)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise typer.BadParameter(f"{entry.file}: {error}") from None
    return done


def stack_name(shown: str) -> str:
    """What Pulumi calls a stack that was named or found."""
    return Path(shown).name.removeprefix("Pulumi.").removesuffix(".yaml")
