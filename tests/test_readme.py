import re
from pathlib import Path

import pytest
from lightly_policies import render

from tests import policies_readme
from tests.readme import README, READMES, rendered


@pytest.mark.parametrize("file", READMES, ids=lambda file: str(file.relative_to(README.parent)))
def test_what_a_readme_says_lightly_may_do_is_what_the_documents_say(file: Path) -> None:
    text = file.read_text()
    parts = READMES[file]
    assert re.findall(r"<!-- rendered: ([a-z0-9-]+) -->", text) == list(parts)
    assert text == rendered(text, parts), "run: python -m tests.readme"


def test_an_action_that_nobody_explained_is_no_part_of_a_readme(monkeypatch: pytest.MonkeyPatch) -> None:
    aws_grant = render.aws_grant
    monkeypatch.setattr(
        render, "aws_grant", lambda *words, **more: aws_grant(*words, **more).replace("s3:GetObject", "s3:GetObjectAcl")
    )
    with pytest.raises((KeyError, policies_readme.UnexplainedError), match="s3:GetObject"):
        policies_readme.s3()


@pytest.mark.parametrize("file", READMES, ids=lambda file: str(file.relative_to(README.parent)))
def test_every_path_that_a_readme_names_exists(file: Path) -> None:
    named = set(re.findall(r"\]\(([a-z][\w./-]+)\)", file.read_text()))
    assert named
    assert [path for path in sorted(named) if not (file.parent / path).exists()] == []
