"""Pulumi's engine over the mock provider: a second run, a refresh and a run after a refresh find nothing to do."""

import json
from pathlib import Path

from lightly_sandbox.kinds.gcs.mock_provider import Serving
from lightly_sandbox.kinds.gcs.mock_provider.table import TYPES
from lightly_sandbox.process import ServerProcess

from tests.deploying import must
from tests.lightly_sandbox.kinds.gcs.mock_provider.conftest import Google
from tests.lightly_sandbox.mock_providers.stack_life import StackLife

PROGRAM = Path(__file__).parent / "program" / "__main__.py"


def test_the_engine_finds_nothing_to_do_the_second_time(
    tmp_path: Path, serving: Serving, server: ServerProcess, google: Google
) -> None:
    token = server.announcement["stranger"]["token"]
    life = StackLife(tmp_path, PROGRAM, {"PULUMI_DEBUG_PROVIDERS": f"gcp:{serving.port}", "OTHER_TOKEN": token})
    life.begin()
    resources = life.resources()
    assert {resource["type"] for resource in resources if resource["custom"]} == {*TYPES, "pulumi:providers:gcp"}
    written = json.dumps(resources)
    assert token not in written
    assert "PRIVATE KEY" not in written
    outputs = life.outputs()
    assert (outputs["there"], outputs["key"]) == ("globex-ai", "[secret]")
    changed = life.change()
    assert (changed.updated, changed.replaced) == (2, 1)
    keys = google("GET", "/v1/projects/acme-ml/serviceAccounts/lightly-input@acme-ml.iam.gserviceaccount.com/keys")
    assert len(keys["keys"]) == 1
    life.end()
    must(life.deployer().up())  # the role that was deleted is brought back under its id
    life.end()
