"""How the SDK's clients are opened: short pauses between few tries, limits for each; theirs alone are 15 s and more."""

from typing import Any


def options(transport: Any = None) -> dict[str, Any]:
    """Keyword arguments of every client. `transport`: one of azure-core, for tests."""
    from azure.storage.blob import ExponentialRetry

    return {
        "retry_policy": ExponentialRetry(initial_backoff=1, increment_base=2, retry_total=3),
        "connection_timeout": 10,
        "read_timeout": 30,
        **({} if transport is None else {"transport": transport}),
    }
