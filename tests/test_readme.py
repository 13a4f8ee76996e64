import re
from pathlib import Path
from typing import Any

import pytest
from lightly_policies import render_aws

from tests import policies_readme
from tests.readme import README, READMES, rendered


@pytest.mark.parametrize("file", READMES, ids=lambda file: str(file.relative_to(README.parent)))
def test_what_a_readme_says_lightly_may_do_is_what_the_documents_say(file: Path) -> None:
    text = file.read_text()
    parts = READMES[file]
    assert re.findall(r"<!-- rendered: ([a-z0-9-]+) -->", text) == list(parts)
    assert text == rendered(text, parts), "run: python -m tests.readme"


def test_an_action_that_nobody_explained_is_no_part_of_a_readme(monkeypatch: pytest.MonkeyPatch) -> None:
    aws_grant = render_aws.aws_grant

    def wider(*words: Any, **more: Any) -> str:
        return aws_grant(*words, **more).replace("s3:GetObject", "s3:GetObjectAcl")

    monkeypatch.setattr(render_aws, "aws_grant", wider)
    with pytest.raises((KeyError, policies_readme.UnexplainedError), match="s3:GetObject"):
        policies_readme.s3()


ROOT = README.parent
PAGES = sorted(
    [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("policies/*.md"), *ROOT.glob(".github/**/*.*")]
)
_LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)")
_CODE = re.compile(r"(`+)[^`].*?(?<!`)\1(?!`)")
_WILL_BE = {"stacks/Pulumi.prod.yaml"}
_NAMED = re.compile(r"`((?:components|docs|policies|requirements|stacks|tests|tools)/[\w./*-]*)`")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_path_that_a_page_names_exists(page: Path) -> None:
    text = page.read_text("utf-8")
    links = sorted(set(_LINK.findall(_CODE.sub("", text))))
    assert [path for path in links if not (page.parent / path).exists()] == []
    assert [path for path in sorted({*_NAMED.findall(text)} - _WILL_BE) if not any(ROOT.glob(path.rstrip("/")))] == []


def test_every_page_is_found_from_the_readme() -> None:
    seen, new = set(), {README}
    while new:
        page = new.pop()
        seen.add(page)
        named = {(page.parent / path).resolve() for path in _LINK.findall(page.read_text("utf-8"))}
        new |= {path for path in named if path.suffix == ".md"} - seen
    assert {path for path in PAGES if path.suffix == ".md" and ".github" not in path.parts} - seen == set()
