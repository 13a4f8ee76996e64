"""Keys of an S3-compatible service, which its owner made: used as those of AWS are, since the local AWS answers."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from lightly_sandbox.credential_log import Credential
from lightly_sandbox.kinds.s3.credential_client import S3CredentialClient, enter
from lightly_sandbox.sandbox import Sandbox

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class ObsCredentialClient(S3CredentialClient):
    """Whoever holds an external key. Nobody issues one."""

    accesses: Mapping[str, str] = {"key": "external key"}
    outlives = ()

    def s3(self, sandbox: Sandbox, credential: Credential) -> "S3Client":
        """Lightly is told no region: its client goes where the service sends it."""
        client: S3Client = enter(sandbox, credential).client("s3", stays=False)
        return client

    def issued(self, resource: Mapping[str, object]) -> None:
        """None: an external key is in no resource."""
