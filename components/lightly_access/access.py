"""What every way in has in common: what the Datasource needs, and what its own documents permit."""

import hashlib
from typing import Any, Protocol, runtime_checkable

import pulumi
from lightly_core.capability import Purpose


class LeastPrivilegeError(ValueError):
    """The documents of an access, as rendered, permit more or less than its purpose needs: nothing may be deployed."""

    def __init__(self, access: str, purpose: Purpose, unexpected: tuple[str, ...]) -> None:
        self.access, self.purpose, self.unexpected = access, purpose, unexpected
        listed = "\n".join(f"  - {sentence}" for sentence in unexpected)
        super().__init__(
            f"{access}: its documents are not least privilege for {purpose}:\n{listed}\n"
            "hint: this is a fault of the templates in lightly_policies/documents; report it, do not deploy"
        )


class Access(Protocol):
    """A way in, to one path of one store, for one purpose."""

    purpose: Purpose
    registration: dict[str, pulumi.Input[Any]]
    """The inputs of the Datasource that say where the data are and how Lightly gets in (kind, access, path, ...);
    `given` when the credential is somebody else's."""
    identity: pulumi.Output[str]
    """Who Lightly is on the cloud's side: the role's ARN or the id of the access key; never a secret."""
    proof: pulumi.Output[dict[str, bool]]
    """Its lights, by evaluation of the deployed documents: capability -> permitted."""
    fingerprint: pulumi.Output[str]
    """Changes whenever the deployed documents change, so that a verification knows that it is out of date."""
    credential: pulumi.Output[dict[str, Any]]
    """`kind`, `created`, `rotates` of the credential; never the secret."""
    probe_credential: dict[str, pulumi.Input[Any]] | None
    """What a probe uses it with (the keys of ProbedCredential); None when nobody but Lightly can use it."""
    needs: list[pulumi.Resource]
    """What Lightly lives on: the identity, its policies and memberships, the directory."""


@runtime_checkable
class Restricted(Protocol):
    """A way in with which Lightly's own servers may do less than its purpose says."""

    expected: dict[str, bool] | None
    """Capability -> whether it must be possible from there; None: as the purpose says."""


def fingerprint(*documents: str) -> str:
    """A short digest of documents; it tells nothing of the external ID (256 random bits) in a trust policy."""
    return hashlib.sha256("\0".join(documents).encode()).hexdigest()[:16]
