"""The entry of a dataset that goes: out of the file that has it, and into one of the other stack, with its stores."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lightly_access.manifest import Manifest

File = tuple[Path, str, str]
"""A file, what it says, and what it shall say; nothing of one that is new."""


def out_of(path: Path, dataset: str) -> tuple[list[File], str]:
    """The file without the entry, and its lines. Raises NotEditableError, OSError, or NoEntryError."""
    from lightly_access.manifest.dataset_entry import NoEntryError, dataset_entry
    from lightly_access.manifest.entry_move import without
    from lightly_access.manifest.stack_file import shown_path
    from lightly_access.manifest.yaml_edit import NotEditableError, read_exactly

    try:
        entry = dataset_entry(path, dataset)
    except NoEntryError as missing:
        raise NotEditableError(str(missing)) from None
    before = read_exactly(entry.file)
    after, lines = without(before, entry.table[:-1], dataset, shown_path(entry.file))
    return [(entry.file, before, after)], lines


def into(path: Path, dataset: str, entry: str, mine: "Manifest", theirs: "Manifest", state: Any) -> list[File]:
    """The stack's file, or one of its manifest folder, with the entry and the stores that it does not have.

    Raises MoveError, NotEditableError or OSError.
    """
    from lightly_access.manifest.entry_move import with_entry
    from lightly_access.manifest.stack_file import shown_path
    from lightly_access.manifest.yaml_edit import read_exactly
    from lightly_access.move.stores import missing_there

    file, tables = _place(path, dataset)
    before = read_exactly(file) if file.exists() else ""
    after = before
    if stores := "".join(_store(key, mine, state) for key in missing_there(mine, theirs, dataset)):
        after = with_entry(after, (*tables, _named("stores", tables)), stores, shown_path(file))
    after = with_entry(after, (*tables, _named("datasets", tables)), entry, shown_path(file))
    return [(file, before, after)]


def _named(table: str, tables: tuple[str, ...]) -> str:
    """As it is called in a stack's configuration, or in a file of a manifest folder."""
    from lightly_access.tables.written import NAMESPACE

    return f"{NAMESPACE}:{table}" if tables else table


def _place(path: Path, dataset: str) -> tuple[Path, tuple[str, ...]]:
    """Where a stack's datasets are written: its own file, or one of their own in its manifest folder."""
    from lightly_access.manifest.stack_file import project_root, stack_config
    from lightly_access.tables.written import NAMESPACE

    config = stack_config(path)
    folder = config.get(f"{NAMESPACE}:manifest")
    if isinstance(folder, str) and f"{NAMESPACE}:datasets" not in config:
        return project_root(path.resolve().parent) / folder / f"{dataset}.yaml", ()
    return path, ("config",)


def _store(key: str, mine: "Manifest", state: Any) -> str:
    """Its lines: as it is, for a stack that did not make it."""
    from lightly_access.manifest.written_lines import scalar
    from lightly_access.move.stores import as_it_is

    store = mine.stores[key]
    table = as_it_is(store, store.model_dump(exclude_unset=True, mode="json"), _outputs(state, key))
    written = {name: scalar(value) if isinstance(value, str) else json.dumps(value) for name, value in table.items()}
    return f"{scalar(key)}: {{{', '.join(f'{name}: {value}' for name, value in written.items())}}}\n"


def _outputs(state: Any, store: str) -> dict[str, Any]:
    """Of the component of a store."""
    from lightly_access.deployed.exported import exported, name, outputs

    found = (each for each in exported(state).resources if name(each) == store and not each.get("custom"))
    return next((outputs(each) for each in found if str(each.get("type", "")).startswith("lightly-access:")), {})
