"""What exists, as an import file for Pulumi: types, names and parents as our components have them, and the cloud's ids.

`pulumi import --file` takes components too (`component: true`), so that each resource has the parent that the program
gives it. https://www.pulumi.com/docs/iac/guides/migration/import/
"""

from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from typing import Any

Spec = dict[str, Any]


def import_file(specs: Iterable[Spec]) -> dict[str, Any] | None:
    """The file; None when nothing can be imported."""
    resources = list(specs)
    return {"resources": resources} if resources else None


def provider_version(package: str) -> dict[str, str]:
    """The provider's version, so that the import uses the provider that the program will."""
    try:
        return {"version": version(package)}
    except PackageNotFoundError:
        return {}
