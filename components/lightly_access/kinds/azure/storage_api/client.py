"""How the SDK's clients are opened: short pauses between few tries, limits for each; theirs alone are 15 s and more."""

from typing import Any

from lightly_api.bounded import bounded

CONNECT, READ = 10, 30
"""Seconds for a connection, and between two bytes of an answer."""


def options(transport: Any = None) -> dict[str, Any]:
    """Keyword arguments of every client. `transport`: one of azure-core, for tests."""
    from azure.storage.blob import ExponentialRetry

    return {
        "retry_policy": ExponentialRetry(initial_backoff=1, increment_base=2, retry_total=3),
        "connection_timeout": CONNECT,
        "read_timeout": READ,
        "transport": transport or ending_transport(),
    }


def login(**client: str) -> Any:
    """A credential of azure-identity: of this application, else the deployer's own, as DefaultAzureCredential finds it.

    Keyword arguments: tenant_id, client_id and client_secret, or none.
    """
    from azure.identity import ClientSecretCredential, DefaultAzureCredential

    if client:
        return ClientSecretCredential(**client, transport=ending_transport())
    return DefaultAzureCredential(transport=ending_transport())


def ending_transport() -> Any:
    """A transport of azure-core whose answers end."""
    import requests
    from azure.core.pipeline.transport import RequestsTransport
    from requests.adapters import HTTPAdapter

    class Adapter(HTTPAdapter):
        def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
            super().init_poolmanager(*args, **kwargs)
            bounded(self.poolmanager)

        def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
            return bounded(super().proxy_manager_for(*args, **kwargs))

    session = requests.Session()
    for scheme in ("http://", "https://"):
        session.mount(scheme, Adapter())
    return RequestsTransport(session=session, session_owner=False, connection_timeout=CONNECT, read_timeout=READ)
