"""Expressions of GitHub Actions, as far as our workflows use them; anything else is refused, not guessed.

https://docs.github.com/en/actions/reference/workflows-and-actions/expressions
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<word>[A-Za-z_]\w*(?:\.\w[\w-]*)*)|(?P<sign>&&|\|\||==|!=|[!()]))"
)
_WHOLE = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
STATUS = re.compile(r"\b(success|failure|cancelled|always)\(\)")


class UnknownExpressionError(ValueError):
    """What this small reader does not know."""


def fill(text: str, contexts: Mapping[str, Any], functions: Mapping[str, Callable[..., Any]]) -> Any:
    """A value of a workflow with its expressions put in; one that is nothing but an expression keeps its type."""
    whole = _WHOLE.fullmatch(text.strip())
    if whole and text.count("${{") == 1:
        return evaluate(whole[1], contexts, functions)
    return _WHOLE.sub(lambda found: shown(evaluate(found[1], contexts, functions)), text)


def shown(value: Any) -> str:
    """As GitHub writes a value into a text."""
    if value is None:
        return ""
    return json.dumps(value) if isinstance(value, bool) else str(value)


def evaluate(text: str, contexts: Mapping[str, Any], functions: Mapping[str, Callable[..., Any]]) -> Any:
    return _Reader(text, contexts, functions).whole()


class _Reader:
    def __init__(self, text: str, contexts: Mapping[str, Any], functions: Mapping[str, Callable[..., Any]]) -> None:
        self._text, self._contexts, self._functions = text, contexts, functions
        self._tokens, at = list[tuple[str, str]](), 0
        while text[at:].strip():
            found = _TOKEN.match(text, at)
            if not found or not found.lastgroup:
                raise UnknownExpressionError(text)
            self._tokens.append((found.lastgroup, found[found.lastgroup]))
            at = found.end()

    def whole(self) -> Any:
        value = self._either()
        if self._tokens:
            raise UnknownExpressionError(self._text)
        return value

    def _next(self, *signs: str) -> bool:
        if self._tokens and self._tokens[0] in [("sign", sign) for sign in signs]:
            return bool(self._tokens.pop(0))
        return False

    def _either(self) -> Any:
        value = self._both()
        while self._next("||"):
            other = self._both()
            value = value or other
        return value

    def _both(self) -> Any:
        value = self._equal()
        while self._next("&&"):
            other = self._equal()
            value = value and other
        return value

    def _equal(self) -> Any:
        value = self._single()
        if self._next("=="):
            return shown(value).lower() == shown(self._single()).lower()
        if self._next("!="):
            return shown(value).lower() != shown(self._single()).lower()
        return value

    def _single(self) -> Any:
        if self._next("!"):
            return not self._single()
        if self._next("("):
            value = self._either()
            return self._closed(value)
        if not self._tokens:
            raise UnknownExpressionError(self._text)
        what, text = self._tokens.pop(0)
        if what == "text":
            return text[1:-1].replace("''", "'")
        if what != "word":
            raise UnknownExpressionError(self._text)
        if self._next("("):
            arguments = [] if self._tokens[:1] == [("sign", ")")] else [self._either()]
            if text not in self._functions:
                raise UnknownExpressionError(self._text)
            return self._closed(self._functions[text](*arguments))
        return self._looked_up(text)

    def _closed(self, value: Any) -> Any:
        if not self._next(")"):
            raise UnknownExpressionError(self._text)
        return value

    def _looked_up(self, name: str) -> Any:
        """What is not there is nothing, as at GitHub; a context that is not there is a mistake."""
        first, *rest = name.split(".")
        if first not in self._contexts:
            raise UnknownExpressionError(f"{self._text}: no context {first}")
        value = self._contexts[first]
        for part in rest:
            value = value.get(part) if isinstance(value, Mapping) else None
        return value
