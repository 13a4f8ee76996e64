"""What the source says of the fields of a class: the text below each."""

import ast
import inspect
import sys
import textwrap
from itertools import pairwise
from typing import Any


def texts_below(cls: Any) -> dict[str, str]:
    """The text below each field, on one line; of a TypedDict also of those that it inherits. Nothing without source."""
    found: dict[str, str] = {}
    try:
        (definition,) = ast.parse(textwrap.dedent(inspect.getsource(cls))).body
    except (OSError, TypeError, SyntaxError):
        return found
    if not isinstance(definition, ast.ClassDef):
        return found
    for base in definition.bases:  # a TypedDict of Python 3.11 does not know what it was made of
        inherited = getattr(sys.modules[cls.__module__], base.id, None) if isinstance(base, ast.Name) else None
        found |= texts_below(inherited) if hasattr(inherited, "__required_keys__") else {}
    for line, below in pairwise(definition.body):
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name) and isinstance(below, ast.Expr):
            found[line.target.id] = " ".join(str(ast.literal_eval(below.value)).split())
    return found
