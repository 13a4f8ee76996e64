"""A credential that was used once: what of an answer says that it is refused."""

from typing import Any, cast

import pytest
from lightly_access.kinds.probe import Target
from lightly_access.kinds.tried import listed

STATUS = "Error performing GET http://lake/ in 1ms - Server returned non-2xx status code: 403 Forbidden: "


class Answering:
    """A target whose service answers a listing with this error, or with none."""

    directory = "cows/"

    def __init__(self, error: Exception | None) -> None:
        self._error = error

    def client(self) -> "Answering":
        return self

    async def list(self, prefix: str) -> list[str]:
        if self._error:
            raise self._error
        return []


@pytest.mark.parametrize(
    ("error", "works"),
    [
        (None, True),
        (ValueError(f"{STATUS}<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"), False),
        (ValueError(f"{STATUS}<Error><Code>InvalidAccessKeyId</Code></Error>"), False),
        (ValueError("{'error': 'invalid_grant'}"), False),
        (ValueError(f"{STATUS}<html>The proxy does not let you</html>"), None),
        (ValueError(STATUS.replace("403 Forbidden", "401 Unauthorized")), None),
        (ValueError(f"{STATUS}<Error><Code>NoSuchBucket</Code></Error>"), None),
        (ValueError("error sending request: connection refused"), None),
        (TimeoutError(), None),
    ],
)
def test_only_the_services_own_no_is_a_refusal(error: Exception | None, works: bool | None) -> None:
    seen = listed(cast(Target, cast(Any, Answering(error))))
    assert seen.works is works
