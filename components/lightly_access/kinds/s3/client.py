"""How a client of AWS is made: it follows no redirect, it tries few times, and each of its answers ends."""

from typing import Any

from lightly_api.bounded import BoundedResponse

from lightly_access.kinds.s3.no_redirects import without_redirects


def aws_client(
    session: Any, service: str, region: str, *, connect: float = 10, read: float = 30, attempts: int = 3
) -> Any:
    """Answers are read as dictionaries. `connect` and `read` are seconds; `attempts` counts the first one."""
    from botocore.config import Config

    tries: Any = {"mode": "standard", "total_max_attempts": attempts}
    config = Config(retries=tries, connect_timeout=connect, read_timeout=read)
    client = session.client(service, region_name=region, config=config)
    pools = _pools()
    http = client._endpoint.http_session  # botocore has no other way to its pools
    http._pool_classes_by_scheme = http._manager.pool_classes_by_scheme = pools
    return without_redirects(client)


def _pools() -> dict[str, type]:
    """botocore's own, with answers that end."""
    from botocore import awsrequest

    class Http(awsrequest.AWSHTTPConnection):
        response_class: Any = BoundedResponse

    class Https(awsrequest.AWSHTTPSConnection):
        response_class: Any = BoundedResponse

    class HttpPool(awsrequest.AWSHTTPConnectionPool):
        ConnectionCls = Http

    class HttpsPool(awsrequest.AWSHTTPSConnectionPool):
        ConnectionCls = Https

    return {"http": HttpPool, "https": HttpsPool}
