"""What the pages of a site load from other hosts; a link that somebody clicks loads nothing."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

_ADDRESS = r"(?:https?:)?//[^\s\"')]+"
_IN_STYLE = re.compile(rf"(?:url\(\s*[\"']?|@import\s+[\"'])({_ADDRESS})")
_IN_SCRIPT = re.compile(rf"(?:import\(|\bfrom\s*|fetch\(|\.src\s*=)\s*[\"'`]({_ADDRESS})")
_LOADS = {"src", "srcset", "poster", "data", "background"}
"""Attributes that a browser follows by itself: https://html.spec.whatwg.org/multipage/indices.html#attributes-3."""
_KEPT = {"canonical", "author", "license", "next", "prev", "search", "index"}
"""What a `link` may be without being loaded."""


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        loaded = [value for name, value in given.items() if name in _LOADS]
        if (tag == "link" and given.get("rel") not in _KEPT) or tag in ("image", "use"):
            loaded += [value for name, value in given.items() if name in ("href", "xlink:href")]
        self.found += [value for value in loaded if re.match(_ADDRESS, value)]
        self.found += _IN_STYLE.findall(given.get("style", ""))


def loaded_from_elsewhere(site: Path) -> list[str]:
    """`file: address` of everything that a browser would ask another host for."""
    files = sorted(site.rglob("*"))
    return [f"{file.relative_to(site)}: {each}" for file in files for each in dict.fromkeys(_of_file(file))]


def _of_file(file: Path) -> Iterator[str]:
    kind = file.suffix
    if kind not in (".html", ".svg", ".css", ".js") or not file.is_file():
        return
    text = file.read_text("utf-8")
    if kind in (".html", ".svg"):
        page = _Page()
        page.feed(text)
        yield from page.found
    if kind != ".js":
        yield from _IN_STYLE.findall(text)
    if kind in (".html", ".js"):
        yield from _IN_SCRIPT.findall(text)
