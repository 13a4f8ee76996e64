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

from lightly_access.kinds import registry
from lightly_access.kinds.verified import VerifiedAccess
from lightly_core.capability import Purpose

_ROLE = re.compile(r"arn:aws[a-z-]*:iam::([0-9]{12}):role/(?:.*/)?([^/]+)")


@dataclass(frozen=True, slots=True)
class Attribution:
    """The purposes that an error is about; `certain` when the text (or there being only one) tells."""

    purposes: tuple[Purpose, ...]
    certain: bool


def attribute(error: str, datasources: Mapping[Purpose, VerifiedAccess]) -> Attribution:
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


def _by_identity(error: str, datasources: Mapping[Purpose, VerifiedAccess]) -> Sequence[Purpose]:
    return [purpose for purpose, access in datasources.items() if _names_identity(error, access.identity)]


def _names_identity(error: str, identity: str) -> bool:
    if not identity:
        return False
    names = [re.escape(identity)]
    if role := _ROLE.fullmatch(identity):  # a session of a role is named without the role's path
        names.append(rf"arn:aws[a-z-]*:sts::{role[1]}:assumed-role/{re.escape(role[2])}")
    return any(re.search(rf"{name}(?![\w+=,@-]|\.\w)", error) for name in names)


def _by_directory(error: str, datasources: Mapping[Purpose, VerifiedAccess]) -> Sequence[Purpose]:
    """Of directories inside each other the innermost is meant."""
    found = {purpose: access for purpose, access in datasources.items() if access.directory and _names(error, access)}
    longest = max((len(access.path) for access in found.values()), default=0)
    return [purpose for purpose, access in found.items() if len(access.path) == longest]


def _names(error: str, access: VerifiedAccess) -> bool:
    directory = re.escape(access.directory.rstrip("/"))
    return any(re.search(rf"(?<![\w.-]){_quoted(name)}/{directory}(?![\w.-])", error) for name in access.names)


def _by_bucket(error: str, datasources: Mapping[Purpose, VerifiedAccess]) -> Sequence[Purpose]:
    def named(access: VerifiedAccess) -> bool:
        return any(re.search(rf"(?<![\w.-]){_quoted(name)}(?![\w-])", error) for name in access.names)

    return [purpose for purpose, access in datasources.items() if named(access)]


def _quoted(name: str) -> str:
    """A name as a pattern; the hosts of Azure, which are patterns, stay."""
    return name.replace(".", r"\.")


def _by_account(error: str, datasources: Mapping[Purpose, VerifiedAccess]) -> Sequence[Purpose]:
    def named(access: VerifiedAccess) -> bool:
        return bool(access.account and re.search(rf"(?<![\w.-]){access.account}(?![\w-])", error))

    return [purpose for purpose, access in datasources.items() if named(access)]


def _by_cloud(error: str, datasources: Mapping[Purpose, VerifiedAccess]) -> Sequence[Purpose]:
    """When the two lie in different clouds, the words tell: each cloud has some that no other says."""
    dialects = {kind.name: kind.causes().dialect for kind in registry.ROWS}
    kinds = {name for name, words in dialects.items() if words and words.search(error)}
    return [purpose for purpose, access in datasources.items() if access.kind in kinds]
