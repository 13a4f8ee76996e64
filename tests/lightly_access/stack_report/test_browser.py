"""The page in a real browser, where this machine has one: it fits a phone, and it prints."""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from lightly_access.stack_report.html import page
from lightly_access.stack_report.report import StackReport

from tests.lightly_access.stack_report.example import HOSTILE, deployed, mixed, named

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(BROWSER is None, reason="there is no browser on this machine")
MEASURE = """<!doctype html><style>body { margin: 0 } iframe { width: 400px; height: 3000px; border: 0 }</style>
<iframe id=f></iframe><p id=said></p><script>
f.onload = () => {
  const page = f.contentDocument.documentElement
  said.textContent = `measured ${page.scrollWidth} ${page.querySelectorAll("td").length}`
}
f.src = "report.html"
</script>"""
REPORTS: dict[str, Callable[[], StackReport]] = {
    "mixed": mixed,
    "deployed": deployed,
    "hostile": lambda: named(HOSTILE + "x" * 300),
}


def browser(*args: str, folder: Path) -> str:
    assert BROWSER
    command = [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files"]
    done = subprocess.run(
        [*command, f"--user-data-dir={folder / 'profile'}", *args], capture_output=True, text=True, timeout=120
    )
    return done.stdout


@pytest.mark.parametrize("name", REPORTS)
def test_at_400_pixels_nothing_scrolls_sideways(name: str, tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text(page(REPORTS[name]()), encoding="utf-8")
    (tmp_path / "measure.html").write_text(MEASURE)
    said = browser("--dump-dom", f"file://{tmp_path}/measure.html", folder=tmp_path)
    width, cells = re.findall(r"measured (\d+) (\d+)", said)[0]
    assert int(cells) > 5
    assert int(width) <= 400


def test_it_prints(tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text(page(mixed()), encoding="utf-8")
    printed = tmp_path / "report.pdf"
    browser(f"--print-to-pdf={printed}", f"file://{tmp_path}/report.html", folder=tmp_path)
    assert printed.read_bytes().startswith(b"%PDF")
