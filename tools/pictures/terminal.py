"""`python -m tools.pictures.terminal` plays the rehearsal of one kind of store and keeps what the terminal showed.

Nothing of it is written by hand: the bytes that the command printed are drawn, cut to the phases that a picture is of.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import SVG_EXPORT_THEME
from rich.text import Text

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "pictures"
COMMAND = ("lightly-access", "rehearse", "--only-stores", "s3")
PICTURES: Mapping[str, tuple[str, str]] = {
    "up": ("up", "lights are as expected"),
    "break": ("break", "lights are as expected"),
}
"""Name of a picture -> the phase that it begins with, and what its last line says."""
_WIDTH = 116
_SGR = re.compile(r"\x1b\[[0-9;]*m")
_FORMAT = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" class="rich-terminal" role="img">
<title>What lightly-access rehearse shows</title>
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, Menlo, Consolas, monospace; font-size: {char_height}px;
 line-height: {line_height}px; font-variant-east-asian: full-width; }}
.{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: system-ui, sans-serif; }}
{styles}
</style>
<defs><clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/></clipPath>{lines}</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">{backgrounds}
<g class="{unique_id}-matrix">{matrix}</g></g>
</svg>
"""
"""Rich's own, without the font that it loads from another host."""


def recorded() -> str:
    """What the command prints on a terminal of this width, colours and all, without what moves."""
    environ = {**os.environ, "FORCE_COLOR": "1", "TTY_INTERACTIVE": "0", "COLUMNS": str(_WIDTH)}
    program = f"from lightly_cli.main import main; main({list(COMMAND[1:])!r})"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=environ, stdout=subprocess.PIPE, check=True)
    return done.stdout.decode()


def cut(printed: str, phase: str, last: str) -> list[str]:
    """The lines of a phase, to the first one that says `last`."""
    return list(_lines(printed.replace("\x1b[?25l", "").replace("\x1b[?25h", ""), phase, last))


def _lines(printed: str, phase: str, last: str) -> Iterator[str]:
    inside = False
    for line in printed.splitlines():
        said = _SGR.sub("", line)
        inside = inside or said.startswith(f"{phase}  ")
        if inside:
            yield line
            if last in said:
                return


def drawn(lines: list[str], name: str) -> str:
    """Them as SVG."""
    with open(os.devnull, "w") as nowhere:
        console = Console(record=True, width=_WIDTH, file=nowhere, force_terminal=True, legacy_windows=False)
        console.print(Text.from_ansi("\n".join([f"$ {' '.join(COMMAND)}", "...", *lines])))
    return console.export_svg(title="", theme=SVG_EXPORT_THEME, code_format=_FORMAT, unique_id=f"rehearsal-{name}")


if __name__ == "__main__":
    told = recorded()
    for name, (phase, last) in PICTURES.items():
        (FOLDER / f"rehearsal-{name}.svg").write_text(drawn(cut(told, phase, last), name), encoding="utf-8")
