"""A credential that somebody else made: what is asked of whoever registers it, and what can be read of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, NotRequired, Protocol, TypedDict

import pulumi
from lightly_core.capability import Purpose

from lightly_access.arguments.table import HIDDEN
from lightly_access.tables.directory import Directory

Inputs = dict[str, pulumi.Input[Any]]


class StoreComponent(Protocol):
    """What the components of all stores have that an access can be to."""

    created: bool
    """Whether we made it: then directories in it are ours to make."""
    prerequisites: list[pulumi.Resource]
    """What must stand before it may hold objects."""

    def directory(self, path: str) -> pulumi.Resource:
        """An empty object that makes the directory exist."""
        ...


class AdoptedAccessArgs(TypedDict):
    """Access to one path of one store, which its owner made."""

    store: StoreComponent
    """The bucket or container, of the cloud that the access is for."""
    path: Directory
    """The directory inside it, ending in `/`; empty for the whole store. In a store that exists it must exist."""
    purpose: Purpose
    """INPUT (list, read) or LIGHTLY (list, read, write, overwrite, delete)."""
    access: str
    """`delegated` or `user` (S3), `sas` (Azure), `service_account` (Google Cloud)."""
    role_arn: NotRequired[pulumi.Input[str]]
    """delegated: the role that Lightly assumes."""
    external_id: NotRequired[Annotated[pulumi.Input[str], HIDDEN]]
    """delegated: the external ID in its trust policy; give it as a Pulumi secret."""
    access_key_id: NotRequired[Annotated[pulumi.Input[str], HIDDEN]]
    """user: the id of the access key."""
    secret: NotRequired[Annotated[pulumi.Input[str], HIDDEN]]
    """The key's secret (user), the token (sas) or the key file's JSON text (service_account), as a Pulumi secret."""
    whole_bucket: NotRequired[bool]
    """Accept that the credential reaches beyond the path. Not for a role, with which nobody but Lightly can try it."""


@dataclass(frozen=True, slots=True)
class ExternalCredential:
    """One kind of credential. What reads its secret raises nothing: the provider refuses a bad one, and hides it."""

    word: str
    """What it is, in the outputs of a deployment: `access key`."""
    required: tuple[str, ...]
    """Those of the arguments without which there is none; the last one is the secret."""
    store: Callable[[], type]
    """The component that it can be for; with it comes its cloud's SDK."""
    registered: Callable[[AdoptedAccessArgs, pulumi.Output[str]], tuple[Inputs, Inputs | None]]
    """What the Datasource is told, and what the probe is."""
    identity: Callable[[AdoptedAccessArgs, str], str] = lambda args, secret: ""
    """The identity that Lightly uses, where no argument but the secret says it."""
    life: Callable[[AdoptedAccessArgs, str], dict[str, Any]] = lambda args, secret: {}
    """`expires`, where the secret itself says when it ends."""


def accepted_reach(args: AdoptedAccessArgs) -> Inputs:
    """Whether it is accepted that the credential reaches beyond the path."""
    return {"wholeBucket": args.get("whole_bucket", False)}
