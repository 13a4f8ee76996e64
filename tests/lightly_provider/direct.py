"""Methods of a provider called as gRPC calls them, without a server: thousands of times, with whatever is made up."""

from typing import Any

import grpc


class AbortedError(Exception):
    """The call ended with this status."""

    def __init__(self, code: grpc.StatusCode, text: str) -> None:
        self.code, self.text = code, text
        super().__init__(f"{code.name}: {text}")


class Context:
    """The part of `grpc.ServicerContext` that providers use."""

    def abort(self, code: grpc.StatusCode, text: str) -> None:
        """As gRPC's: raises."""
        raise AbortedError(code, text)

    def set_trailing_metadata(self, trailers: Any) -> None:
        """Of what is there and not healthy."""


def ask(provider: Any, method: str, request: Any) -> Any:
    """The answer. Raises AbortedError."""
    return getattr(provider, method)(request, Context())
