"""A project that is there already: the stores that it has, and whether its check takes what is written into it."""

import os
from collections.abc import Mapping
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory

from lightly_access.fleet.checked import check_paths
from lightly_access.kinds import registry
from lightly_access.manifest.stack_file import manifest_files, own_stack_files
from lightly_access.manifest.tables import gather
from lightly_access.project.files import Stores
from lightly_access.tables.problem import Problem
from lightly_access.tables.written import table

_FOLDER = "manifest"


def stores(root: Path) -> Stores:
    """The kind of each store in the manifest folder; those of no kind are a check's to name."""
    if not (root / _FOLDER).is_dir():
        return {}
    found = gather({_FOLDER: _FOLDER}, root, {}).stores
    named = {name: str(table(store).get("kind")) for name, store in found.items()}
    return {name: kind for name, kind in named.items() if (row := registry.find_kind(kind)) and row.starter()}


def refused(root: Path, files: Mapping[str, str]) -> list[Problem]:
    """What the check of the project would say of these files, and does not say now. Tried beside it."""
    root, stacks = root.resolve(), own_stack_files(root.resolve())
    read = {file for stack in stacks.values() for file in manifest_files(stack) if file.is_relative_to(root)}
    with TemporaryDirectory() as place:
        beside = Path(place).resolve()
        for file in read:
            (beside / file.relative_to(root)).parent.mkdir(parents=True, exist_ok=True)
            copyfile(file, beside / file.relative_to(root))
        before = _problems(beside)
        for name in (each for each in files if each.endswith(".yaml")):
            (beside / name).parent.mkdir(parents=True, exist_ok=True)
            (beside / name).write_text(files[name], encoding="utf-8")
        return [each for each in _problems(beside) if str(each) not in set(map(str, before))]


def _problems(root: Path) -> list[Problem]:
    """Each once, of whatever stack it is."""
    checked = check_paths(own_stack_files(root).values(), os.environ).values()
    return list({str(each): each for found in checked for each in found.problems}.values())
