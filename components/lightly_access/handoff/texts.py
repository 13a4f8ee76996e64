"""Templates of a bundle. Values go through `shlex.quote` where a shell reads them."""

import shlex
from pathlib import Path
from typing import Any

import jinja2

FOLDER = Path(__file__).parent / "templates"


def rendered(template: Path, **values: Any) -> str:
    """The text of a template, which may include those of this package, such as the head of every script."""
    text = _ENVIRONMENT.from_string(template.read_text(encoding="utf-8")).render(values)
    return text.rstrip("\n") + "\n"


def _comment(text: str) -> str:
    """Inside a shell comment no line may end: what follows it would be run."""
    return " ".join(text.split())


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("`", "'").replace("\n", " ")


_ENVIRONMENT = jinja2.Environment(
    loader=jinja2.FileSystemLoader(FOLDER),
    undefined=jinja2.StrictUndefined,
    autoescape=False,  # noqa: S701 - shell and Markdown: every value is quoted for its own reader
    keep_trailing_newline=True,
)
_ENVIRONMENT.filters |= {"sh": shlex.quote, "comment": _comment, "cell": _cell}
