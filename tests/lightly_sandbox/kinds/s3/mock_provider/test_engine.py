"""Pulumi's engine over the mock provider: a second run, a refresh and a run after a refresh find nothing to do."""

import json
from pathlib import Path

from lightly_sandbox.kinds.s3.mock_provider import Serving
from lightly_sandbox.kinds.s3.mock_provider.table import TYPES
from lightly_sandbox.process import ServerProcess

from tests.lightly_sandbox.mock_providers.stack_life import StackLife

PROGRAM = Path(__file__).parent / "program" / "__main__.py"


def test_the_engine_finds_nothing_to_do_the_second_time(
    tmp_path: Path, serving: Serving, server: ServerProcess, settings: dict[str, str]
) -> None:
    other = server.announcement["accounts"]["lightly"]
    env = {
        "PULUMI_DEBUG_PROVIDERS": f"aws:{serving.port}",
        "AWS_REGION": settings["region"],
        "OTHER_KEY": other["access_key_id"],
        "OTHER_SECRET": other["secret_access_key"],
    }
    life = StackLife(tmp_path, PROGRAM, env)
    life.begin()
    resources = life.resources()
    assert {resource["type"] for resource in resources if resource["custom"]} == {*TYPES, "pulumi:providers:aws"}
    written = json.dumps(resources)
    assert other["secret_access_key"] not in written
    assert "0123456789abcdef" not in written
    outputs = life.outputs()
    assert (json.loads(outputs["here"]), outputs["there"]) == (["123456789012", "eu-central-1"], other["account"])
    assert (outputs["found"], outputs["secret"]) == ("us-east-1", "[secret]")
    changed = life.change()
    assert (changed.updated, changed.replaced) == (1, 2)
    life.end()
