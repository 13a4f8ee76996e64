"""What every access has in common: what the Datasource needs, and what its own documents permit."""

import hashlib
from collections.abc import Iterable
from typing import Any, Protocol

import pulumi
from lightly_core.capability import Purpose

from lightly_access.arguments.check import Component


class LeastPrivilegeError(pulumi.RunError, ValueError):
    """The documents of an access, as rendered, permit more or less than its purpose needs: nothing may be deployed."""

    def __init__(self, access: str, purpose: Purpose, unexpected: tuple[str, ...]) -> None:
        self.access, self.purpose, self.unexpected = access, purpose, unexpected
        listed = "\n".join(f"  - {sentence}" for sentence in unexpected)
        super().__init__(
            f"{access}: its documents are not least privilege for {purpose}:\n{listed}\n"
            "hint: this is a fault of the templates in lightly_policies/documents; report it, do not deploy"
        )


class Store(Protocol):
    """The component of a store that may be ours."""

    created: bool
    prerequisites: list[pulumi.Resource]
    """The last of what was made of it, with which the rest stands; nothing of one that exists already."""

    def directory(self, path: str) -> pulumi.Resource:
        """The directory, made when it is asked for."""
        ...


def store_prerequisites(store: Store, path: str, *, writes: bool) -> list[pulumi.Resource]:
    """The directory where making it is ours, which comes after the store: in a store that we created, or where Lightly
    `writes`; else the store."""
    ours = (store.created or writes) and path
    return [store.directory(path)] if ours else list(store.prerequisites)


def ended_before(stores: Iterable[Any], opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions:
    """The options of an access that has ended when `destroy` comes to these stores, whether they go or stay.

    `may_stay` of a store is what refuses to be deleted as long as it holds objects: the engine goes no further then.
    What depends on a component's dependencies is the component, and its children are deleted before it.
    """
    later = [resource for store in stores for resource in getattr(store, "may_stay", ())]
    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=later))


def named_once(parent: pulumi.Resource, *properties: str) -> pulumi.ResourceOptions:
    """The options of a child whose names, by these properties, stay as they were made whatever its dataset or store
    is called later: another one would be another role, user or service account.
    """
    return pulumi.ResourceOptions(parent=parent, ignore_changes=list(properties))


class Access(Component):
    """Access to one path of one store, for one purpose. Its subclasses, one a kind of credential, make what it needs
    and say with `_describe` what came of it.
    """

    purpose: Purpose
    """INPUT (list, read) or LIGHTLY (list, read, write, overwrite, delete)."""
    registration: dict[str, pulumi.Input[Any]]
    """The inputs of the Datasource that say where the data are and how Lightly gets in (kind, access, path, ...);
    `given` when the credential is somebody else's."""
    identity: pulumi.Output[str]
    """The identity that Lightly uses: the role's ARN, the id of the access key, `<account>/<container>/<policy>`,
    or an e-mail address; never a secret."""
    proof: pulumi.Output[dict[str, bool]]
    """Its lights, by evaluation of the deployed documents: capability -> permitted. Empty where no document of ours
    grants the access: its lights then rest on Lightly's word and on the probe."""
    fingerprint: pulumi.Output[str]
    """Changes whenever the deployed documents change, so that a verification knows that it is out of date."""
    credential: pulumi.Output[dict[str, Any]]
    """`kind`, `created`, `rotates` of the credential, `expires` where it says so itself, `period`, of which another one
    is another credential, `method` of a SAS; never the secret."""
    probe_credential: dict[str, pulumi.Input[Any]] | None
    """What a probe uses it with (the keys of ProbedCredential); None when nobody but Lightly can use it."""
    prerequisites: list[pulumi.Resource]
    """The last of what must stand before Lightly can use it: policies, memberships, the directory. What these and the
    `registration` are made of, the identity and the store, stands then too."""
    dataset_id: pulumi.Output[str] | None = None
    """The dataset at Lightly that uses it, as soon as one does."""
    expected: dict[str, bool] | None
    """Capability -> whether Lightly's own servers must be able to do it; None: as the purpose says."""

    def _describe(
        self,
        *,
        purpose: Purpose,
        registration: dict[str, pulumi.Input[Any]],
        identity: pulumi.Output[str],
        proof: pulumi.Output[dict[str, bool]],
        fingerprint: pulumi.Output[str],
        credential: pulumi.Output[dict[str, Any]],
        probe_credential: dict[str, pulumi.Input[Any]] | None,
        prerequisites: list[pulumi.Resource],
        expected: dict[str, bool] | None = None,
    ) -> None:
        """Set the outputs, all at once: a subclass that forgets one does not type-check. Call it last."""
        self.purpose, self.registration, self.identity = purpose, registration, identity
        self.proof, self.fingerprint, self.credential = proof, fingerprint, credential
        self.probe_credential, self.prerequisites, self.expected = probe_credential, prerequisites, expected
        self.register_outputs({"identity": identity})  # the LightlyDataset puts out its credentials


def fingerprint(*documents: str) -> str:
    """A short digest of documents; it tells nothing of the external ID (256 random bits) in a trust policy."""
    return hashlib.sha256("\0".join(documents).encode()).hexdigest()[:16]
