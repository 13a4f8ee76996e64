"""Each generated page, and what makes it. A test compares them."""

from collections.abc import Callable, Mapping
from pathlib import Path

from tools.reference import cli, components, manifest

FOLDER = Path(__file__).parents[2] / "docs" / "reference"
PAGES: Mapping[Path, Callable[[], str]] = {
    FOLDER / "cli.md": cli.page,
    FOLDER / "components.md": components.page,
    FOLDER / "manifest.md": manifest.page,
}
