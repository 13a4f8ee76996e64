import re

from tests.readme import README, rendered


def test_what_the_readme_says_lightly_may_do_is_what_the_documents_say() -> None:
    text = README.read_text()
    assert "<!-- rendered: grants -->" in text
    assert text == rendered(text), "run: python -m tests.readme"


def test_every_path_that_the_readme_names_exists() -> None:
    named = set(re.findall(r"\]\(([a-z][\w./-]+)\)", README.read_text()))
    assert named
    assert [path for path in sorted(named) if not (README.parent / path).exists()] == []
