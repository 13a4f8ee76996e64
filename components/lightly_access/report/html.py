"""The lights as one HTML page.

No script, nothing loaded from elsewhere, light or dark as the reader has it, fit to print.
"""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from lightly_core.capability import Capability

from lightly_access.report.lights import Report
from lightly_access.report.view import LEGEND, MARKS, problems, rows, summary


def page(report: Report, *, title: str = "Lightly access") -> str:
    """The whole page. Every value is escaped, whatever it holds."""
    return _template().render(
        title=title,
        ok=report.ok,
        summary=summary(report),
        capabilities=list(Capability),
        rows=rows(report),
        problems=problems(report),
        phases=report.phases,
        marks=MARKS,
        legend=LEGEND,
    )


@cache
def _template() -> Template:
    loader = FileSystemLoader(Path(__file__).parent / "templates")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("lights.html.j2")
