"""Template and values in, checked document out: what the documents of all clouds have in common.

A template in `documents/` is what a security reviewer reads; a document is canonical JSON: parsed, read by the
evaluator, measured against the cloud's quota, written with sorted keys and no spaces, so that equal documents are equal
texts. Values are refused where they would widen a document.
"""

import json
from typing import Any

import jinja2
from lightly_core.hint import with_hint

TEMPLATES = jinja2.Environment(
    loader=jinja2.PackageLoader("lightly_policies", "documents"),
    undefined=jinja2.StrictUndefined,
    autoescape=False,  # noqa: S701 - JSON, not HTML: every value goes through tojson, a test reads the templates for it
)


class UnrenderableDocumentError(ValueError):
    """A document that must not be made: which document, which value, what was expected, and the way out."""

    def __init__(self, document: str, fault: str, hint: str | None = None) -> None:
        self.document, self.fault, self.hint = document, fault, hint
        super().__init__(with_hint(f"{document}: {fault}", hint))


def filled(template: str, **values: object) -> Any:
    """The template with these values, parsed."""
    return json.loads(TEMPLATES.get_template(template).render(values))


def canonical(body: Any) -> str:
    """The text of a document."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"))


def checked_path(document: str, path: str) -> str:
    """The path, if it is a directory (ending in `/`) or empty.

    Raises UnrenderableDocumentError, naming the document.
    """
    parts = path.split("/")
    if path and (parts[-1] or any(part in ("", ".", "..") for part in parts[:-1]) or not path.isprintable()):
        expected = "a directory such as projects/cats/, or nothing for the whole bucket"
        raise UnrenderableDocumentError(document, f"path: got {path!r}, expected {expected}")
    return path
