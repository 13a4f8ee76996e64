"""Pulumi's engine over the mock provider: a second run, a refresh and a run after a refresh find nothing to do."""

import json
import secrets
from pathlib import Path

from lightly_sandbox.kinds.azure.mock_provider import Serving
from lightly_sandbox.kinds.azure.mock_provider.table import TYPES

from tests.lightly_sandbox.kinds.azure.emulator.azure import Azure
from tests.lightly_sandbox.mock_providers.stack_life import StackLife

PROGRAM = Path(__file__).parent / "program" / "__main__.py"


def test_the_engine_finds_nothing_to_do_the_second_time(tmp_path: Path, serving: Serving, azure: Azure) -> None:
    name = f"acme{secrets.token_hex(6)}"
    env = {"PULUMI_DEBUG_PROVIDERS": f"azure-native:{serving.port}", "ACCOUNT_NAME": name}
    life = StackLife(tmp_path, PROGRAM, env)
    life.begin()
    resources = life.resources()
    types = {resource["type"] for resource in resources if resource["custom"]}
    assert types == {*TYPES, "pulumi:providers:azure-native"}
    group = next(resource["outputs"]["name"] for resource in resources if resource["type"].endswith(":ResourceGroup"))
    where = f"resourceGroups/{group}/providers/Microsoft.Storage/storageAccounts/{name}"
    key = azure.made("POST", f"{where}/listKeys")["keys"][0]["value"]
    assert key not in json.dumps(resources)
    assert life.outputs() == {
        "key": "[secret]",
        "endpoint": f"{azure.endpoint}/{name}/",
        "hierarchical": False,
        "url": f"{azure.endpoint}/{name}/lake/herd/",
    }
    changed = life.change()
    assert (changed.updated, changed.replaced) == (1, 4), "with the account goes what is in it"
    life.end()
    assert azure.arm("GET", where)[0] == 404
