"""Takes secrets out of text that leaves the process: messages, log lines, error details.

It learns every secret that the process was given, in all the forms in which a server or a library may echo it (as it
is, URL-encoded, JSON- and HTML-escaped), and replaces each by `<secret>`. Texts shorter than 4 characters are not
learned: they would turn every message into noise and protect nothing.
"""

import html
import json
import re
import threading
from collections.abc import Iterable, Iterator, Mapping
from typing import Self
from urllib.parse import quote, quote_plus, unquote

from lightly_core.pulumi_values import Value, secret_texts
from lightly_core.secret import Secret, secrets_among

_SHORTEST = 4
_QUERY = re.compile(r"(https?://[^\s?'\"<>]+)\?[^\s'\"<>)]*")
_ANY_QUERY = re.compile(r"\?[^\s\"']*")
_SIGNATURE = re.compile(r"(?:^|[?&])sig=([^&\s]+)")
_SIGNED = re.compile(r"(?<![A-Za-z])((?:sig|X-Amz-Signature)(?:=|%3D))(?:(?!%26)[^&\s'\"<>)])+", re.IGNORECASE)
"""The signature of a SAS token or a signed URL, whose ever it is."""
_LOGIN = re.compile(r"(://)[^/?#\s@'\"<>]+@")
"""User and password in a URL."""
_TOKEN = re.compile(r"([?&]token=)[^&\s'\"<>)]*")


class Scrubber:
    """Knows secrets and hides them; safe to use from several threads."""

    def __init__(self) -> None:
        self._learned: set[str] = set()
        self._known: set[str] = set()
        self._longest_first: tuple[str, ...] = ()
        self._lock = threading.Lock()

    @classmethod
    def of_environment(cls, environ: Mapping[str, str]) -> Self:
        """One that knows what the environment holds in trust."""
        scrubber = cls()
        scrubber.learn(*secrets_among(environ))
        return scrubber

    def learn(self, *secrets: str | Secret) -> None:
        """Remember these secrets."""
        texts = {secret.reveal() if isinstance(secret, Secret) else secret for secret in secrets} - self._learned
        fresh = {form for text in texts for form in encodings(text)}
        with self._lock:
            self._learned |= texts
            if not fresh <= self._known:
                self._known |= fresh
                self._longest_first = ()  # sorted when there is something to scrub: far more is learned than said

    def learn_from(self, value: Value) -> None:
        """Remember every secret inside this value."""
        self.learn(*secret_texts(value))

    def scrub(self, text: str) -> str:
        """The text without any known secret, and no URL with its login or query (Lightly's token travels in one)."""
        with self._lock:
            if self._known and not self._longest_first:
                self._longest_first = tuple(sorted(self._known, key=len, reverse=True))
            known = self._longest_first
        # A pattern of all that is known takes far longer to compile than a text to search, and most texts hold none.
        if found := [form for form in known if form in text]:
            text = re.sub("|".join(map(re.escape, found)), "<secret>", text)
        text = _QUERY.sub(r"\1?...", _SIGNED.sub(r"\1<secret>", _LOGIN.sub(r"\1<secret>@", text)))
        return _TOKEN.sub(r"\1<secret>", text)

    def scrub_all(self, texts: Iterable[str]) -> list[str]:
        """Each of the texts, scrubbed."""
        return [self.scrub(text) for text in texts]

    def __repr__(self) -> str:
        return "<scrubber>"


def without_queries(text: str) -> str:
    """The text without the query of any URL or path in it; for lines of a log, where a ? asks nothing."""
    return _ANY_QUERY.sub("?...", text)


def encodings(text: str) -> set[str]:
    """A secret and the secrets in it, each in all the forms in which it may be repeated; none for a very short text."""
    return {form for part in (text, *_parts(text)) for form in _forms(part)}


def _parts(text: str) -> Iterator[str]:
    """The secrets inside a secret: the private key of a key file, the signature of a SAS token."""
    if text.lstrip().startswith("{"):
        try:
            key = json.loads(text)
        except (ValueError, RecursionError):
            return
        if isinstance(key, dict) and isinstance(key.get("private_key"), str):
            yield key["private_key"]
    for signature in _SIGNATURE.findall(text):
        yield from {signature, unquote(signature)}


def _forms(text: str) -> Iterator[str]:
    if len(text) < _SHORTEST:
        return
    quoted = {quote(text), quote(text, safe=""), quote_plus(text)}
    quoted |= {re.sub(r"%[0-9A-F]{2}", lambda code: code[0].lower(), form) for form in quoted}
    escaped = {json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1], html.escape(text), repr(text)[1:-1]}
    # What a part of a multi-line secret (a JSON key, a PEM) would look like in a log that splits lines.
    lines = {line for line in text.splitlines() if len(line) >= 16}
    yield from {text, text.strip(), *quoted, *escaped, *lines} - {""}
