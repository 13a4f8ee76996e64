"""What Sphinx is told: https://www.sphinx-doc.org/en/master/usage/configuration.html."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "components")]

from lightly_core.version import VERSION  # noqa: E402 - of a clone, which is not installed here

from tools.site.elsewhere import loaded_from_elsewhere  # noqa: E402
from tools.site.navigation import EVERYWHERE, LISTS, NAVIGATION, START, below  # noqa: E402

project, version, release = "lightly-access", VERSION, VERSION
author, project_copyright = "the authors of lightly-access", "the authors of lightly-access, Apache-2.0"
extensions = ["myst_parser"]
root_doc = START
include_patterns = list(EVERYWHERE)
highlight_language = "text"
smartquotes = False  # `--` is the begin of an option
myst_heading_anchors = 4  # as GitHub names them

html_theme = "furo"
html_title = f"lightly-access {VERSION}"
html_extra_path, html_static_path, html_css_files = ["root"], ["static"], ["site.css"]
html_copy_source = html_show_sourcelink = False


def setup(app: Any) -> None:
    app.connect("source-read", _navigation)
    app.connect("doctree-read", _folders)
    app.connect("build-finished", _from_here)


def _navigation(app: Any, page: str, source: list[str]) -> None:
    """Append what leads to other pages: in the repository that would be noise."""
    if page == START:
        source[0] += "".join(_toctree(pages, heading) for heading, pages in NAVIGATION.items())
    elif page in LISTS:
        source[0] += _toctree(below(page, source[0]))


def _toctree(pages: Iterable[str], heading: str | None = None) -> str:
    listed = "\n".join("README </README>" if page == "README" else f"/{page}" for page in pages)
    caption = f":caption: {heading}\n" if heading else ""
    return f"\n\n```{{toctree}}\n:hidden:\n{caption}\n{listed}\n```\n"


def _folders(app: Any, doctree: Any) -> None:
    """Name a folder of the repository without a link: the site has no place for it. All else is a broken link."""
    for node in list(doctree.findall(lambda each: each.tagname == "pending_xref")):
        if ((ROOT / node["refdoc"]).parent / node["reftarget"]).is_dir():
            node.replace_self(node.children)


def _from_here(app: Any, failed: Exception | None) -> None:
    """Raises ValueError when a page that was built loads anything from another host."""
    if failed is None and (found := loaded_from_elsewhere(Path(app.outdir))):
        raise ValueError("\n".join(["pages load from another host:", *found]))
