"""The manifest: every key, of its JSON Schema."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from lightly_access.manifest.schema import manifest_schema

from tools.reference.markdown import code, escaped, table

Schema = Mapping[str, Any]
HEAD = """\
# The keys of the manifest

<!-- made by `python -m tools.reference` of the JSON Schema: change the tables in lightly_access -->

Every key that a manifest may have; [The manifest](../manifest.md) says how they go together. In a stack's file they
stand below `config:`; a file of a manifest folder has `stores:` and `datasets:` alone. `lightly-access schema` prints
the same as a JSON Schema for editors, and `lightly-access check` knows more than a schema can say.
"""
_WORDS = {"string": "text", "boolean": "`true` or `false`", "integer": "a whole number", "object": "a table"}


def page() -> str:
    schema = manifest_schema()
    settings, known = schema["properties"]["config"], schema["definitions"]
    parts = [HEAD, *_section("Settings of a stack", settings, known)]
    for name in dict.fromkeys(_reached(settings, known)):
        parts += _section(_title(name), known[name], known)
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _reached(node: Any, known: Schema) -> Iterator[str]:
    """The definitions that a schema refers to, each before those that it refers to itself."""
    for key, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        if key == "$ref":
            yield (name := _name(value))
            yield from _reached(known[name], known)
        yield from _reached(value, known)


def _section(title: str, definition: Schema, known: Schema) -> Iterator[str]:
    yield f"## {title}"
    if said := definition.get("description"):
        yield escaped(said)
    if chosen := [_link(case["then"]["$ref"]) for case in definition.get("allOf", ()) if "then" in case]:
        yield f"By this word: {', '.join(chosen)}."
    needed = definition.get("required", ())
    rows = [
        (code(key), _value(value), "required" if key in needed else _default(value), escaped(_said(value, known)))
        for key, value in definition.get("properties", {}).items()
    ]
    yield table(("key", "value", "default", "meaning"), rows) if rows else f"It is {_value(definition)}."


def _said(value: Schema, known: Schema) -> str:
    """Its meaning, or that of what it refers to."""
    return str(value.get("description") or known.get(_name(value.get("$ref", "")), {}).get("description", ""))


def _default(value: Schema) -> str:
    default = value.get("default")
    return "" if default in (None, [], {}) else code(default if isinstance(default, str) else json.dumps(default))


def _value(value: Schema) -> str:
    """What may be given, in words."""
    if "$ref" in value:
        return _link(value["$ref"])
    if several := value.get("anyOf") or value.get("allOf"):
        return " or ".join(_value(each) for each in several if each != {"type": "null"})
    if words := [value["const"]] if "const" in value else value.get("enum"):
        return ", ".join(map(code, words))
    kind = value["type"]
    if kind == "array":
        return f"a list: {_value(value['items'])}"
    if "additionalProperties" in value:
        return f"a table of names: {_value(value['additionalProperties'])}"
    if isinstance(kind, list):
        return " or ".join(_WORDS[each] for each in kind)
    return "".join([_WORDS[kind], *_bounds(value)])


def _bounds(value: Schema) -> Iterator[str]:
    if "minimum" in value:
        yield f", {value['minimum']} to {value['maximum']}"
    if "maxLength" in value:
        yield f", at most {value['maxLength']} characters"
    if "format" in value:
        yield f", a {value['format']}"
    if "pattern" in value:
        yield f" matching {code(value['pattern'])}"


def _title(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)


def _name(reference: str) -> str:
    return reference.rpartition("/")[2]


def _link(reference: str) -> str:
    title = _title(_name(reference))
    return f"[{title}](#{title.lower().replace(' ', '-')})"
