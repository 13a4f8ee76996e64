"""The rehearsal's stack on Pulumi's own engine and on the local one: the same resources, and a state that both take."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lightly_core.secret import Secret
from lightly_sandbox.deployer import PulumiDeployer, State
from lightly_sandbox.engine import LocalStack
from lightly_sandbox.kinds import registry
from lightly_sandbox.rehearse import STACK, seed
from lightly_sandbox.sandbox import Sandbox, start_sandbox

ROOT = Path(__file__).parents[2]
PASSPHRASE = "correct horse"

pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(not shutil.which("pulumi"), reason="Pulumi's own engine is compared where `pulumi` is on PATH"),
]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with start_sandbox(kinds=registry.names()) as started:
        seed(started, None)
        yield started


def local(sandbox: Sandbox, folder: Path) -> LocalStack:
    return LocalStack(ROOT, STACK, folder / "state.json", Secret(PASSPHRASE), env=sandbox.environment())


def comparable(state: State) -> dict[str, Any]:
    """Resources by URN, without what is made anew each time: ids, times, ciphertexts, positions in the source."""
    resources = state["deployment"]["resources"]
    text = json.dumps(resources)
    for it in resources:
        if re.fullmatch(r"[a-f0-9]{16,24}(/\w+)?|AKIA\w{16}|[a-f0-9-]{36}|terraform-\w+", it.get("id", "")):
            text = text.replace(it["id"], f"<id of {it['urn'].rsplit('::')[-1]}>")
    text = re.sub(r'"ciphertext": "[^"]*"', '"ciphertext": ""', text)
    text = re.sub(
        r"AKIA\w{16}", "<id of an external key>", text
    )  # no resource: its owner made it, in each sandbox anew
    text = re.sub(r"https?://127\.0\.0\.1:\d+", "<endpoint of this machine>", text)
    text = re.sub(r"/subscriptions/[a-f0-9-]{36}", "/subscriptions/<id>", text)
    text = re.sub(r"/keys/[a-f0-9]{40}", "/keys/<id>", text)
    text = re.sub(r"generation(=|\": )\d+", r"generation\g<1>0", text)
    text = re.sub(r'("(?:uniqueId|fingerprint|versionId|publicKey)"): "[^"]*"', r'\1: ""', text)
    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)", "<time>", text)
    volatile = ("created", "modified", "sourcePosition", "stackTrace")
    found = {it["urn"]: {k: v for k, v in it.items() if k not in volatile} for it in json.loads(text)}
    for it in found.values():
        if it["type"] == "gcp:storage/bucketIAMMember:BucketIAMMember":
            it["outputs"]["etag"] = ""  # of the whole policy: it tells which binding came first
        it["dependencies"] = sorted(it.get("dependencies", []))
        it["propertyDependencies"] = {name: sorted(on) for name, on in it.get("propertyDependencies", {}).items()}
        if it["type"].startswith("pulumi:providers:"):
            it["id"] = ""
        it["provider"] = str(it.get("provider", "")).rsplit("::", 1)[0]
    return found


def test_both_engines_make_the_same_state(tmp_path: Path) -> None:
    states = []
    for engine in ("local", "pulumi"):
        folder = tmp_path / engine
        folder.mkdir()
        with start_sandbox(kinds=registry.names()) as sandbox:
            seed(sandbox, None)
            if engine == "local":
                stack = local(sandbox, folder)
                result = stack.up()
                assert result.ok, result.diagnostics
                states.append(comparable(stack.export()))
            else:
                deployer = PulumiDeployer(ROOT, STACK, folder, sandbox.environment(), lambda _: None)
                outcome = deployer.up()
                assert outcome.ok, outcome.diagnostics
                states.append(comparable(deployer.state()))
    ours, theirs = states
    assert ours.keys() == theirs.keys()
    differing = [urn for urn in ours if ours[urn] != theirs[urn]]
    assert [ours[urn] for urn in differing] == [theirs[urn] for urn in differing]


def test_pulumi_takes_over_the_local_state_and_sees_no_change(sandbox: Sandbox, tmp_path: Path) -> None:
    stack = local(sandbox, tmp_path)
    assert stack.up().ok
    (tmp_path / "stack.json").write_text(json.dumps(stack.export()))
    aside, backend = tmp_path / "aside", tmp_path / "backend"
    aside.mkdir()
    backend.mkdir()
    (aside / "Pulumi.yaml").write_text("name: lightly-access\nruntime: python\n")
    env = {
        **os.environ, **sandbox.environment(), "PULUMI_BACKEND_URL": backend.as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE, "PULUMI_SKIP_UPDATE_CHECK": "true",
    }  # fmt: skip

    def pulumi(*arguments: str, cwd: Path = ROOT) -> str:
        done = subprocess.run(
            ["pulumi", *arguments, "--non-interactive"], cwd=cwd, env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    pulumi("stack", "init", STACK, cwd=aside)
    pulumi("stack", "import", "--stack", STACK, "--file", str(tmp_path / "stack.json"), cwd=aside)
    # With a file of its own, because Pulumi writes the stack's salt into the one that it uses.
    config = aside / f"Pulumi.{STACK}.yaml"
    shutil.copy(ROOT / "stacks" / config.name, config)
    shown = pulumi("preview", "--stack", STACK, "--config-file", str(config), "--expect-no-changes", "--diff")
    assert "unchanged" in shown
