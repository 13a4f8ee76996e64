"""Amazon S3 as a kind of store."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from lightly_core.capability import Purpose
from lightly_core.fault import Fault

from lightly_access import secret_refs
from lightly_access.kinds.access_kind import AccessKind
from lightly_access.kinds.bucket_path import bucket_path
from lightly_access.kinds.kind import Kind
from lightly_access.kinds.s3 import names, registration, rules

if TYPE_CHECKING:
    from lightly_access.kinds.causes import Causes
    from lightly_access.kinds.probe_credential import ProbeCredential
    from lightly_access.kinds.s3.account import AwsAccount
    from lightly_access.kinds.s3.store import S3Store
    from lightly_access.tables.overlaps import DatasourcePath
    from lightly_access.tables.problem import Problem
    from lightly_access.tables.written import Tables


def _key_id(value: str, data: Mapping[str, Any]) -> Fault | None:
    """AWS has its own form of the ids of keys."""
    return None if secret_refs.variable(value) is not None else rules.access_key_id(value)


DELEGATED = AccessKind(
    name="delegated",
    meaning="a role that it assumes",
    registration=registration.DELEGATED,
    credential="role",
    probe_obstacle="only Lightly's account may assume the role",
    options=frozenset({"role_arn", "hardened"}),
)
USER = AccessKind(
    name="user",
    meaning="the key of a user that we make",
    registration=registration.USER,
    credential="key",
    options=frozenset({"access_key_id", "secret", "hardened", "rotate_after", "rotate_anchor", "rotate_now"}),
    checks={"access_key_id": _key_id},
)


class S3Kind(Kind):
    """Buckets of Amazon S3, by a role or by a user's access key."""

    name = "s3"
    other_names = ("aws",)
    accesses = (DELEGATED, USER)
    cloud = "aws"

    def table(self) -> "type[S3Store]":
        from lightly_access.kinds.s3.store import S3Store

        return S3Store

    def account(self) -> "type[AwsAccount]":
        from lightly_access.kinds.s3.account import AwsAccount

        return AwsAccount

    def path_fault(self, path: str, purpose: str | None = None) -> Fault | None:
        return bucket_path(path, names.SCHEME, names.bucket_name)

    def registered_path(self, store: Any, path: str, purpose: Purpose) -> str:
        return f"{names.SCHEME}{store.bucket}/{path}"

    def problems(self, tables: "Tables", paths: "list[DatasourcePath]") -> "Iterator[Problem]":
        from lightly_access.kinds.s3 import relations

        return relations.problems(tables, paths)

    def warnings(self, tables: "Tables", paths: "list[DatasourcePath]") -> "Iterator[Problem]":
        from lightly_access.kinds.s3 import relations

        return relations.warnings(paths)

    def causes(self) -> "Causes":
        from lightly_access.kinds.s3.causes import TREE

        return TREE

    def probe(self) -> "ProbeCredential":
        from lightly_access.kinds.s3.probe import S3

        return S3
