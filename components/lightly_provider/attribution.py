"""Which datasource does an error speak of? Lightly's verification has no purpose parameter, its texts have names.

An error of AWS names the identity, the action and the resource
(https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html). The strongest sign wins: the
identity, then the directory, then the bucket. When none tells two datasources apart, both are meant and that is said.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lightly_access.capability import Purpose

_ROLE = re.compile(r"arn:aws[a-z-]*:iam::([0-9]{12}):role/(?:.*/)?([^/]+)")


@dataclass(frozen=True, slots=True)
class Access:
    """One registered datasource, as far as an error text may name it: no secret is in it."""

    kind: str
    access: str
    path: str
    identity: str

    @property
    def bucket(self) -> str:
        """The bucket of `s3://bucket/dir/`."""
        return self.path.partition("://")[2].partition("/")[0]

    @property
    def directory(self) -> str:
        """The directory of `s3://bucket/dir/`, with its `/`; empty for a whole bucket."""
        return self.path.partition("://")[2].partition("/")[2]


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
    for sign in (_by_identity, _by_directory, _by_bucket):
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
    return any(re.search(rf"{name}(?![\w+=,.@-])", error) for name in names)


def _by_directory(error: str, datasources: Mapping[Purpose, Access]) -> Sequence[Purpose]:
    """Of directories inside each other the innermost is meant."""
    found = {purpose: access for purpose, access in datasources.items() if access.directory and _names(error, access)}
    longest = max((len(access.path) for access in found.values()), default=0)
    return [purpose for purpose, access in found.items() if len(access.path) == longest]


def _names(error: str, access: Access) -> bool:
    place = re.escape(f"{access.bucket}/{access.directory}".rstrip("/"))
    return bool(re.search(rf"(?<![\w.-]){place}(?![\w.-])", error))


def _by_bucket(error: str, datasources: Mapping[Purpose, Access]) -> Sequence[Purpose]:
    def named(access: Access) -> bool:
        return bool(access.bucket and re.search(rf"(?<![\w.-]){re.escape(access.bucket)}(?![\w-])", error))

    return [purpose for purpose, access in datasources.items() if named(access)]
