"""Which datasource does an error speak of? Lightly's verification has no purpose parameter, its texts have names.

An error of AWS names the identity, the action and the resource
(https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html), one of Google Cloud the service
account, one of Azure at most the URL. The strongest sign wins: the
identity, then the directory, the bucket, the account, and last the cloud whose words these are. When none tells two
datasources apart, both are meant and that is said.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lightly_core.capability import Purpose

_ROLE = re.compile(r"arn:aws[a-z-]*:iam::([0-9]{12}):role/(?:.*/)?([^/]+)")


@dataclass(frozen=True, slots=True)
class Access:
    """One registered datasource, as far as an error text may name it: no secret is in it."""

    kind: str
    access: str
    path: str
    identity: str
    given: bool = False
    """Whether somebody else made the credential: then no document of ours grants it."""

    @property
    def account(self) -> str:
        """The storage account of `azure://account/container/dir/`; empty for other kinds."""
        return self.path.partition("://")[2].partition("/")[0] if self.kind == "azure" else ""

    @property
    def bucket(self) -> str:
        """The bucket of `s3://bucket/dir/`, or the container."""
        return self._inside.partition("/")[0]

    @property
    def directory(self) -> str:
        """The directory of `s3://bucket/dir/`, with its `/`; empty for a whole bucket."""
        return self._inside.partition("/")[2]

    @property
    def _inside(self) -> str:
        inside = self.path.partition("://")[2]
        return inside.partition("/")[2] if self.kind == "azure" else inside

    @property
    def names(self) -> tuple[str, ...]:
        """How an error may name the bucket. A container's name alone is any word: its account stands before it."""
        if self.kind == "gcs":
            return self.bucket, f"{self.bucket}/objects"
        if self.kind != "azure":
            return (self.bucket,) if self.bucket else ()
        host = f"{self.account}.(?:blob|dfs).core.windows.net"
        return f"{self.account}/{self.bucket}", f"{host}/{self.bucket}", f"{host}:443/{self.bucket}"


@dataclass(frozen=True, slots=True)
class Attribution:
    """The purposes that an error is about; `certain` when the text (or there being only one) tells."""

    purposes: tuple[Purpose, ...]
    certain: bool


def attribute(error: str, datasources: Mapping[Purpose, Access]) -> Attribution:
    """Whose error this is."""
    candidates = tuple(datasources)
    if len(candidates) == 1:
        return Attribution(candidates, certain=True)
    for sign in (_by_identity, _by_directory, _by_bucket, _by_account, _by_cloud):
        named = sign(error, {purpose: datasources[purpose] for purpose in candidates})
        if len(named) == 1:
            return Attribution(tuple(named), certain=True)
        candidates = tuple(named) or candidates
    return Attribution(candidates, certain=False)


def _by_identity(error: str, datasources: Mapping[Purpose, Access]) -> Sequence[Purpose]:
    return [purpose for purpose, access in datasources.items() if _names_identity(error, access.identity)]


def _names_identity(error: str, identity: str) -> bool:
    if not identity:
        return False
    names = [re.escape(identity)]
    if role := _ROLE.fullmatch(identity):  # a session of a role is named without the role's path
        names.append(rf"arn:aws[a-z-]*:sts::{role[1]}:assumed-role/{re.escape(role[2])}")
    return any(re.search(rf"{name}(?![\w+=,@-]|\.\w)", error) for name in names)


def _by_directory(error: str, datasources: Mapping[Purpose, Access]) -> Sequence[Purpose]:
    """Of directories inside each other the innermost is meant."""
    found = {purpose: access for purpose, access in datasources.items() if access.directory and _names(error, access)}
    longest = max((len(access.path) for access in found.values()), default=0)
    return [purpose for purpose, access in found.items() if len(access.path) == longest]


def _names(error: str, access: Access) -> bool:
    directory = re.escape(access.directory.rstrip("/"))
    return any(re.search(rf"(?<![\w.-]){_quoted(name)}/{directory}(?![\w.-])", error) for name in access.names)


def _by_bucket(error: str, datasources: Mapping[Purpose, Access]) -> Sequence[Purpose]:
    def named(access: Access) -> bool:
        return any(re.search(rf"(?<![\w.-]){_quoted(name)}(?![\w-])", error) for name in access.names)

    return [purpose for purpose, access in datasources.items() if named(access)]


def _quoted(name: str) -> str:
    """A name as a pattern; the hosts of Azure, which are patterns, stay."""
    return name.replace(".", r"\.")


def _by_account(error: str, datasources: Mapping[Purpose, Access]) -> Sequence[Purpose]:
    def named(access: Access) -> bool:
        return bool(access.account and re.search(rf"(?<![\w.-]){access.account}(?![\w-])", error))

    return [purpose for purpose, access in datasources.items() if named(access)]


def _by_cloud(error: str, datasources: Mapping[Purpose, Access]) -> Sequence[Purpose]:
    """When the two lie in different clouds, the words tell: each cloud has some that no other says."""
    kinds = {kind for kind, words in _DIALECTS.items() if words.search(error)}
    return [purpose for purpose, access in datasources.items() if access.kind in kinds]


_DIALECTS = {
    "s3": re.compile(r"arn:aws|\b(?:s3|sts|kms|iam):[A-Z]\w+|AssumeRole|InvalidAccessKeyId|InvalidClientTokenId"),
    "obs": re.compile(r"InvalidAccessKeyId"),
    "azure": re.compile(
        r"Authorization(?:PermissionMismatch|Failure|ProtocolMismatch|SourceIPMismatch)|AuthenticationErrorDetail|"
        r"core\.windows\.net|Server failed to authenticate|(?:Container|Blob|Path)NotFound|ContainerBeingDeleted|"
        r"not authorized to perform this operation|KeyBasedAuthentication|specified container"
    ),
    "gcs": re.compile(
        r"storage\.(?:objects|buckets)\.\w|gserviceaccount\.com|invalid_grant|googleapis|Invalid JWT|Google Cloud|"
        r"vpcServiceControls|userProject|billing account"
    ),
}
