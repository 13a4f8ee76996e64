"""How many identities AWS gives to one account.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html; https://docs.aws.amazon.com/general/latest/gr/iam-service.html
"""

from collections import Counter
from collections.abc import Iterator

from lightly_access.tables.overlaps import DatasourcePath
from lightly_access.tables.problem import Problem
from lightly_access.tables.quotas import Quota, account_of
from lightly_access.tables.written import Tables

_RAISE = "Service Quotas, AWS Identity and Access Management (IAM), in us-east-1"
_FEWER = "stores of several accounts (`accounts`, `owner`) spread them"
ROLES = Quota("IAM roles", 1000, 5000, f"raise Roles per account: {_RAISE}", _FEWER)
GROUPS = Quota("IAM groups", 300, 500, f"raise Groups per account: {_RAISE}", f"use access: delegated, or {_FEWER}")
USERS = Quota("IAM users", 5000, 5000, "", f"use access: delegated, or {_FEWER}")
_OF = {"delegated": (ROLES,), "user": (USERS, GROUPS)}


def problems(tables: Tables, paths: list[DatasourcePath]) -> Iterator[Problem]:
    """What no raised quota lets be."""
    for quota, counted in _counted(tables, paths).items():
        yield from quota.problems(counted)


def warnings(tables: Tables, paths: list[DatasourcePath]) -> Iterator[Problem]:
    """What needs a raised quota."""
    for quota, counted in _counted(tables, paths).items():
        yield from quota.warnings(counted)


def _counted(tables: Tables, paths: list[DatasourcePath]) -> dict[Quota, Counter[str]]:
    counted: dict[Quota, Counter[str]] = {quota: Counter() for quota in (ROLES, USERS, GROUPS)}
    for datasource in paths:
        access = datasource.raw.get("access")
        if datasource.kind == "s3" and isinstance(access, str) and not datasource.made_elsewhere:
            for quota in _OF.get(access, ()):
                counted[quota][account_of(tables, datasource.store)] += 1
    return counted
