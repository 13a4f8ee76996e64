"""The rehearsal's stack, every kind of store and access in it, keeps every rule of the policy pack."""

from pathlib import Path

from lightly_sandbox.deployer.guardrails import guardrails
from lightly_sandbox.kinds import registry
from lightly_sandbox.start import start_sandbox

from tests.deploying import deployer, must, seed


def test_the_rehearsals_stack_keeps_every_rule(tmp_path: Path) -> None:
    with start_sandbox(kinds=registry.names()) as sandbox:
        seed(sandbox)
        stack = deployer(sandbox, tmp_path / "stack", packs=[guardrails(tmp_path)])
        (said,) = of_the_pack(must(stack.preview()).diagnostics)
        assert "known-in-update: not checked in this preview" in said
        assert of_the_pack(must(stack.up()).diagnostics) == []


def of_the_pack(diagnostics: tuple[str, ...]) -> list[str]:
    return [text for text in diagnostics if "lightly-guardrails" in text]
