"""The rehearsal's stack, every kind of store and access in it, keeps every rule of the policy pack."""

from pathlib import Path

from lightly_core.secret import Secret
from lightly_sandbox.engine import LocalStack
from lightly_sandbox.kinds import registry
from lightly_sandbox.rehearse import STACK, seed
from lightly_sandbox.sandbox import start_sandbox

ROOT = Path(__file__).parents[2]


def test_the_rehearsals_stack_keeps_every_rule(tmp_path: Path) -> None:
    with start_sandbox(kinds=registry.names()) as sandbox:
        seed(sandbox, None)
        env = sandbox.environment()
        stack = LocalStack(ROOT, STACK, tmp_path / "state.json", Secret("x"), env=env, policy_packs=[ROOT / "policies"])
        preview = stack.preview()
        assert preview.ok, preview.diagnostics
        (said,) = of_the_pack(preview.diagnostics)
        assert "known-in-update: not checked in this preview" in said
        result = stack.up()
        assert result.ok, result.diagnostics
        assert of_the_pack(result.diagnostics) == []


def of_the_pack(diagnostics: tuple[str, ...]) -> list[str]:
    return [text for text in diagnostics if "lightly-guardrails" in text]
