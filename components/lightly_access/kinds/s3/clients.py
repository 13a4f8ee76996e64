"""The clients of one login to AWS, and the questions that are the same for all who ask with it."""

import threading
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any, TypeVar

from lightly_access.kinds.s3.client import aws_client
from lightly_access.once import Once

if TYPE_CHECKING:
    import boto3

T = TypeVar("T")
UNSET = ("NoSuchBucketPolicy", "ServerSideEncryptionConfigurationNotFoundError")
"""Codes of AWS for a setting that nobody has made."""
ABSENT = ("NoSuchEntity", "NoSuchBucket", *UNSET)
"""And for all else that is not there."""


class AwsClients:
    """A session is of one thread, its clients of all: each is made once, which takes longer than most questions."""

    def __init__(self, session: "boto3.Session") -> None:
        self._session, self._lock, self._once = session, threading.Lock(), Once()
        self.region: str | None = session.region_name

    def of(self, service: str, region: str) -> Any:
        """A client."""

        def made() -> Any:
            with self._lock:
                return aws_client(self._session, service, region)

        return self._once((service, region), made)

    def once(self, question: Hashable, ask: Callable[[], T]) -> T:
        """The answer, or that it is not there, of whoever asked first. Raises what `ask` raises."""
        from botocore.exceptions import ClientError

        def answered() -> T | ClientError:
            try:
                return ask()
            except ClientError as refused:
                if code(refused) in ABSENT:
                    return refused
                raise

        answer = self._once(("question", question), answered)
        if isinstance(answer, ClientError):
            raise answer
        return answer


def code(refused: Any) -> str:
    """AWS's word for a refusal."""
    return str(refused.response.get("Error", {}).get("Code", ""))
