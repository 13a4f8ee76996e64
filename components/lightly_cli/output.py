"""What a verb writes to files: all of it or nothing, and one sentence where it cannot be."""

import errno
import shutil
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import typer
from lightly_core.owner_file import write_for_owner
from lightly_core.whole_file import refusal, write_all, write_whole


def writable(option: str, path: Path | None) -> None:
    """End a verb before its work where its file cannot be written. Raises BadParameter."""
    if path and (error := refusal(path)):
        raise _refused(option, path, error)


def write(option: str, path: Path, text: str, *, private: bool = False) -> None:
    """Write one file, a private one for its owner alone. Raises BadParameter."""
    try:
        (write_for_owner if private else write_whole)(path, text)
    except OSError as error:
        raise _refused(option, path, error) from None


def there(option: str, folder: Path, names: Iterable[str]) -> list[str]:
    """Those of the files that the folder has already. Raises BadParameter."""
    try:
        return [name for name in names if (folder / name).exists()]
    except OSError as error:
        raise _refused(option, folder, error, "a folder") from None


def write_folder(option: str, folder: Path, files: Mapping[str, str], executable: Collection[str] = ()) -> None:
    """Write files into a folder, which is made where there is none, and those below it. Raises BadParameter."""
    made: list[Path] = []
    try:
        needed = {(folder / name).parent for name in files} | {folder}
        made += sorted(
            {each for place in needed for each in (place, *place.parents) if not each.exists()}, reverse=True
        )
        for place in needed:
            place.mkdir(parents=True, exist_ok=True)
        texts = {folder / name: text for name, text in files.items()}
        write_all(texts, {folder / name: 0o755 if name in executable else 0o644 for name in files})
    except OSError as error:
        for each in made:
            if each.is_dir() and not any(each.iterdir()):
                each.rmdir()
        raise _refused(option, folder, error, "a folder") from None


def copy(option: str, source: Path, place: Path) -> None:
    """Copy a file to where it belongs, whose folder is made where there is none. Raises BadParameter."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        if not (place.exists() and place.samefile(source)):
            shutil.copyfile(source, place)
    except OSError as error:
        raise _refused(option, place, error) from None


def _refused(option: str, path: Path, error: OSError, expected: str = "a file") -> typer.BadParameter:
    hint = f"\nhint: mkdir -p {path.parent}" if expected == "a file" and error.errno == errno.ENOENT else ""
    return typer.BadParameter(
        f"got {str(path)!r} ({error.strerror}), expected {expected} that can be written{hint}", param_hint=option
    )
