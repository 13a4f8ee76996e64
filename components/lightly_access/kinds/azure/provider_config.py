"""What Pulumi's Azure provider is told: https://www.pulumi.com/registry/packages/azure-native/installation-configuration/"""

from collections.abc import Iterator, Mapping

from lightly_core.fault import Fault

from lightly_access.kinds.azure.names import SOVEREIGN_HINT
from lightly_access.tables.problem import Problem
from lightly_access.tables.written import Tables, deployed_stores, table

_KEY = "azure-native:environment"
_VARIABLES = ("ARM_ENVIRONMENT", "AZURE_ENVIRONMENT")
_PUBLIC = ("public", "azurecloud", "azurepubliccloud")


def problems(config: Mapping[str, object], tables: Tables, environ: Mapping[str, str]) -> Iterator[Problem]:
    """Another cloud than the public one."""
    if all(table(store).get("kind") != "azure" for store in deployed_stores(tables)):
        return
    said = {_KEY: config.get(_KEY), **{name: environ.get(name) for name in _VARIABLES}}
    for name, value in said.items():
        if value and str(value).lower() not in _PUBLIC:
            yield Problem.of((name,), value, Fault("public, the cloud that Lightly knows", SOVEREIGN_HINT))
