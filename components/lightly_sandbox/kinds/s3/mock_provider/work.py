"""AWS as one request may use it: its clients, and retries in states that pass.

Waiting is for what AWS's own provider waits for, up to two minutes as it does (`propagationTimeout` in
https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/iam/wait.go): a new principal that a
policy does not find yet, a bucket that was just made, a conflicting operation, an entity whose parts are being deleted.
"""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import stamina
from botocore.exceptions import ClientError

from lightly_sandbox.kinds.s3.mock_provider.clients import AwsClients
from lightly_sandbox.kinds.s3.mock_provider.errors import code_of, message_of

if TYPE_CHECKING:
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_s3 import S3Client


T = TypeVar("T")

# S3 answers OperationAborted to two changes of one bucket at a time, IAM ConcurrentModification.
BUSY = ("OperationAborted", "ConcurrentModification", "EntityTemporarilyUnmodifiable")
# A policy that names a principal which IAM's other nodes do not know yet.
INVALID_PRINCIPAL = ("MalformedPolicyDocument", "MalformedPolicy", "MalformedPolicyDocumentException")
_PRINCIPAL_WORDS = "principal"


class Work:
    """The clients of one request."""

    def __init__(self, session: AwsClients, region: str, cancelled: threading.Event, seconds: float) -> None:
        self.session, self.region = session, region
        self._cancelled, self._seconds = cancelled, seconds

    @property
    def s3(self) -> "S3Client":
        """S3 in the resource's region."""
        return self.session.s3(self.region)

    @property
    def kms(self) -> "KMSClient":
        return self.session.kms(self.region)

    @property
    def iam(self) -> "IAMClient":
        return self.session.iam()

    @property
    def partition(self) -> str:
        """`aws`, `aws-cn` or `aws-us-gov`, by the region's name."""
        return self.session.client("sts", self.region).meta.partition or "aws"

    def patiently(self, call: Callable[[], T], *codes: str) -> T:
        """Call, and again with back-off while AWS answers a passing state.

        BUSY, an invalid principal, or these codes.
        """

        def passing(error: Exception) -> bool:
            if self._cancelled.is_set() or not isinstance(error, ClientError):
                return False
            code = code_of(error)
            if code in INVALID_PRINCIPAL:
                return _PRINCIPAL_WORDS in message_of(error).lower()
            return code in BUSY or code in codes

        for attempt in stamina.retry_context(
            on=passing, attempts=None, timeout=self._seconds, wait_initial=0.1, wait_max=5.0, wait_jitter=0.5
        ):
            with attempt:
                result = call()
        return result
