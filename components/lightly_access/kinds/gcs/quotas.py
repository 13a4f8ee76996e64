"""How many identities and roles Google Cloud gives to one project: https://cloud.google.com/iam/quotas"""

from collections import Counter
from collections.abc import Iterator

from lightly_access.tables.overlaps import DatasourcePath
from lightly_access.tables.problem import Problem
from lightly_access.tables.quotas import Quota

_FEWER = "buckets of several projects spread them"
ACCOUNTS = Quota(
    "service accounts",
    100,
    None,
    "raise Service Account Count in the project's IAM & Admin, Quotas & System Limits",
    _FEWER,
)
ROLES = Quota("custom roles", 300, 300, "", f"one store and purpose has one role; {_FEWER}")


def problems(paths: list[DatasourcePath]) -> Iterator[Problem]:
    """What no raised quota lets be."""
    for quota, counted in _counted(paths):
        yield from quota.problems(counted)


def warnings(paths: list[DatasourcePath]) -> Iterator[Problem]:
    """What needs a raised quota."""
    for quota, counted in _counted(paths):
        yield from quota.warnings(counted)


def _counted(paths: list[DatasourcePath]) -> tuple[tuple[Quota, Counter[str]], ...]:
    ours = [each for each in paths if each.kind == "gcs" and not each.made_elsewhere]
    accounts = Counter(_project(each) for each in ours)
    roles = Counter(project for project, *_ in {(_project(each), each.raw.get("store"), each.purpose) for each in ours})
    return (ACCOUNTS, accounts), (ROLES, roles)


def _project(datasource: DatasourcePath) -> str:
    return f"project {datasource.store.get('project')}"
