"""Where a dataset of a stack is written: in the stack's file, in Pulumi.yaml, or in a file of the manifest folder."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from lightly_access.manifest.config_keys import full_key
from lightly_access.manifest.stack_file import PROJECT_FILE, project_name, project_root, stack_config
from lightly_access.manifest.yaml_edit import read_exactly
from lightly_access.manifest.yaml_text import read
from lightly_access.tables.problem import Where
from lightly_access.tables.written import NAMESPACE

_DATASETS = f"{NAMESPACE}:datasets"


class NoEntryError(LookupError):
    """The dataset is written nowhere that can be edited: why, and the way out."""


@dataclass(frozen=True, slots=True)
class DatasetEntry:
    """A file, and the place of the dataset's table in it."""

    file: Path
    table: Where


def dataset_entry(path: Path, dataset: str) -> DatasetEntry:
    """The entry of a dataset that the stack file, manifest file or manifest folder `path` declares.

    Raises NoEntryError.
    """
    found = list(_entries(path, dataset))
    if len(found) == 1:
        return found[0]
    where = ", ".join(str(each.file) for each in found) or "nowhere as a table"
    hint = "write the key by hand where the dataset is: it is there as one text, or comes from an environment"
    raise NoEntryError(f"{dataset}: it is written {where}, expected one place\nhint: {hint}")


def _entries(path: Path, dataset: str) -> Iterator[DatasetEntry]:
    if path.is_dir():
        yield from _of_folder(path, dataset)
        return
    root = project_root(path.resolve().parent)
    for file in (path, root / PROJECT_FILE):
        yield from _of_file(file, dataset, project_name(root))
    folder = _value(path) and stack_config(path).get(f"{NAMESPACE}:manifest")
    if isinstance(folder, str) and (root / folder).is_dir():
        yield from _of_folder(root / folder, dataset)


def _of_folder(folder: Path, dataset: str) -> Iterator[DatasetEntry]:
    for file in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
        if file.suffix in {".yaml", ".yml"} and file.is_file() and not hidden:
            yield from _of_file(file, dataset, None)


def _of_file(file: Path, dataset: str, project: str | None) -> Iterator[DatasetEntry]:
    value = _value(file)
    if _has(value.get("datasets"), dataset) and "config" not in value:
        yield DatasetEntry(file, ("datasets", dataset))
    config = value.get("config")
    for key, held in config.items() if isinstance(config, Mapping) else ():
        if full_key(str(key), project) != _DATASETS:
            continue
        if _has(held, dataset):
            yield DatasetEntry(file, ("config", str(key), dataset))
        elif isinstance(held, Mapping):  # as a project's file may have it
            inner = [name for name in ("value", "default") if _has(held.get(name), dataset)]
            yield from (DatasetEntry(file, ("config", str(key), name, dataset)) for name in inner[:1])


def _has(table: object, dataset: str) -> bool:
    return isinstance(table, Mapping) and isinstance(table.get(dataset), Mapping)


def _value(file: Path) -> Mapping[str, object]:
    """What a file says; nothing where it cannot be read, of which a check tells."""
    try:
        value = read(read_exactly(file).removeprefix("\ufeff"), str(file)).value if file.is_file() else None
    except (OSError, UnicodeDecodeError):
        return {}
    return value if isinstance(value, Mapping) else {}
