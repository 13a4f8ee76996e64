"""The plainest YAML, which libyaml may read: it is ten times as fast as PyYAML's own parser, in manifests of thousands.

Plain are keys and values a line each, without anything that libyaml and PyYAML's own parser read, or refuse, in ways
of their own: flow style, tags, anchors, blocks of text, tabs, escapes. A test compares the two on texts of this kind.
"""

import re

import yaml

_NAME = r"[A-Za-z0-9_/.](?:[A-Za-z0-9_/.+=@-]|:(?=[A-Za-z0-9_/.+=@:-]))*"
_QUOTED = r"'[A-Za-z0-9_/.+=@:, -]*'|\"[A-Za-z0-9_/.+=@:, -]*\""
_VALUE = f"(?:{_NAME}|{_QUOTED})"
_LINE = f" *(?:#[ -~]*|- {_VALUE}|(?:- )?{_VALUE}:(?: {_VALUE})?)?\\n"
_PLAIN = re.compile(f"(?:{_LINE})*+")


def is_plain(text: str) -> bool:
    """Whether a text is that plain, and PyYAML was built with libyaml."""
    return yaml.__with_libyaml__ and _PLAIN.fullmatch(text) is not None
