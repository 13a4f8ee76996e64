"""Keys of an S3-compatible service, which its owner made: used as those of AWS are, since the local AWS answers."""

from collections.abc import Mapping

from lightly_sandbox.kinds.s3.credential_client import S3CredentialClient


class ObsCredentialClient(S3CredentialClient):
    """Whoever holds an external key. Nobody issues one."""

    accesses: Mapping[str, str] = {"key": "external key"}
    outlives = ()

    def issued(self, resource: Mapping[str, object]) -> None:
        """None: an external key is in no resource."""
