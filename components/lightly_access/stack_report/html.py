"""A report as one HTML page: no script, nothing loaded, light or dark as the reader has it, fit to print.

The page's policy admits its own style sheet alone, by its digest
(https://www.w3.org/TR/CSP3/#grammardef-hash-source); every value is escaped.
"""

import base64
import hashlib
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from lightly_core.capability import Capability
from lightly_core.version import VERSION

from lightly_access.analysis import view as analyses
from lightly_access.report.view import LEGEND, MARKS
from lightly_access.stack_report.report import StackReport
from lightly_access.stack_report.view import EVALUATED, NOT_OPENED, view

_FOLDER = Path(__file__).parent / "templates"


def page(report: StackReport) -> str:
    """The whole page."""
    styles, digest = _styles()
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            shown=view(report),
            styles=styles,
            digest=digest,
            capabilities=list(Capability),
            marks=MARKS,
            places=list(analyses.HEADINGS.values()),
            place_marks=analyses.MARKS,
            not_evaluated=analyses.NOT_EVALUATED,
            notes=[LEGEND, analyses.LEGEND, EVALUATED, NOT_OPENED],
            version=VERSION,
        )
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _styles() -> tuple[str, str]:
    """The style sheet, and its digest as the page's policy has it."""
    text = (_FOLDER / "report.css.j2").read_text(encoding="utf-8")
    return text, f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
