"""Which call goes where, by method and path template: `/v1/datasets/{dataset_id}`."""

import re
from collections.abc import Iterable
from typing import Generic, TypeVar
from urllib.parse import unquote

T = TypeVar("T")
_NAME = re.compile(r"\\\{\w*\\\}")


class UnknownCallError(LookupError):
    """No call has this path; or calls have it, and none this method (`path_known`)."""

    def __init__(self, method: str, path: str, *, path_known: bool) -> None:
        self.path_known = path_known
        super().__init__(f"{method} {path}")


class Routes(Generic[T]):
    """A table of calls. Segments are percent-decoded one by one, since a name may hold `%2F`."""

    def __init__(
        self, rows: Iterable[tuple[str, str, T]], *, segment: str = "[^/]+", ignore_case: bool = False
    ) -> None:
        """`segment` is the pattern of one name."""
        flags = re.IGNORECASE if ignore_case else re.NOFLAG
        self._rows = [
            (method, re.compile(_NAME.sub(f"({segment})", re.escape(path)), flags), call) for method, path, call in rows
        ]

    def find(self, method: str, path: str) -> tuple[T, tuple[str, ...]]:
        """The call, and the names in its path. Raises UnknownCallError, and UnicodeDecodeError for a name that is no
        UTF-8.
        """
        known = False
        for its_method, pattern, call in self._rows:
            if match := pattern.fullmatch(path):
                if its_method == method:
                    return call, tuple(unquote(name, errors="strict") for name in match.groups())
                known = True
        raise UnknownCallError(method, path, path_known=known)
