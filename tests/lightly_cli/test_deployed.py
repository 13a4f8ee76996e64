"""What is said where Pulumi cannot be asked: no hint names an option that the verb does not have."""

import re
from pathlib import Path

import pytest
from lightly_cli import deployed, session
from lightly_cli.main import VERBS, main


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("there", [True, False], ids=["Pulumi fails", "no Pulumi"])
def test_a_hint_names_only_options_of_the_verb(
    verb: str, there: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (pulumi := tmp_path / "pulumi").write_text("#!/bin/sh\nexit 1\n")
    pulumi.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin" if there else "/nonexistent")
    with pytest.raises(SystemExit):
        main([verb, "--help"])
    known = session.options.get()
    with pytest.raises(deployed.DeploymentError) as refused:
        deployed.document("prod", None, show_secrets=True)
    named = set(re.findall(r"(--[a-z-]+)", str(refused.value).partition("\nhint: ")[2]))
    assert named == ({"--no-probe"} if there else {"--state"}) & known
