"""Boxes and arrows as SVG: one card that is legible on a light page and on a dark one, and at the width of a phone."""

from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax.saxutils import escape

WIDTH = 560
_STYLE = """\
text{font-family:system-ui,sans-serif;font-size:15px;fill:#1f2933}
.name{font-weight:600}.small{font-size:13px;fill:#52606d}
.box{fill:#fff;stroke:#7b8794}.line{stroke:#7b8794;stroke-width:1.5;fill:none}"""


@dataclass(frozen=True)
class Box:
    """A name, and below it a line that says what it is."""

    name: str
    about: str
    tint: str = "#fff"

    def drawn(self, x: float, y: float, width: float, height: float = 56) -> str:
        middle = x + width / 2
        return (
            f'<rect class="box" x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="8" fill="{self.tint}" '
            f'style="fill:{self.tint}"/>'
            f'<text class="name" x="{middle:g}" y="{y + 24:g}" text-anchor="middle">{escape(self.name)}</text>'
            f'<text class="small" x="{middle:g}" y="{y + 43:g}" text-anchor="middle">{escape(self.about)}</text>'
        )


def arrow(x: float, start: float, end: float) -> str:
    """From one height to a lower one."""
    return f'<path class="line" d="M{x:g} {start:g}V{end - 2:g}M{x - 5:g} {end - 8:g}l5 6l5 -6"/>'


def words(x: float, y: float, text: str) -> str:
    return f'<text class="small" x="{x:g}" y="{y:g}">{escape(text)}</text>'


def card(title: str, height: float, parts: Iterable[str]) -> str:
    """The whole picture; the title is for whoever does not see it."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" role="img">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style>"
        f'<rect width="{WIDTH}" height="{height:g}" rx="12" fill="#f5f7fa"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )
