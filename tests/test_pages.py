"""The pages of the site: each is found, each link and anchor leads somewhere, and each command is one that there is."""

import itertools
import re
import subprocess
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pytest
import typer
from lightly_cli.main import VERBS, app
from lightly_sandbox.pulumi_cli.finder import find

from tests.pages import PAGES, ROOT, commands, prose
from tools.site.elsewhere import loaded_from_elsewhere
from tools.site.navigation import LISTS, NAVIGATION, START, below

SPHINX = ROOT / ".venv-docs" / "bin" / "sphinx-build"
_LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)")


def name(page: Path) -> str:
    return str(page.relative_to(ROOT).with_suffix(""))


def anchors(page: Path) -> set[str]:
    """As GitHub makes them: https://docs.github.com/get-started/writing-on-github, section links."""
    found: list[str] = []
    for heading in re.findall(r"(?m)^#+ (.+)$", prose(page)):
        slug = re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
        again = sum(each == slug or re.fullmatch(rf"{re.escape(slug)}-\d+", each) is not None for each in found)
        found.append(f"{slug}-{again}" if again else slug)
    return set(found)


def broken(page: Path, pages: Collection[Path] = PAGES) -> list[str]:
    """The links of a page to what is no page of the site, or no heading of it."""
    text = re.sub(r"`[^`\n]*`", "", prose(page))
    links = [((page.parent / path).resolve() if path else page, anchor) for path, anchor in _LINK.findall(text)]
    return [
        f"{file.name}#{anchor}"
        for file, anchor in links
        if file.suffix == ".md" and (file not in pages or (anchor and anchor not in anchors(file)))
    ]


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_page_and_anchor_that_a_page_links_to_is_one_of_the_site(page: Path) -> None:
    assert broken(page) == []


def test_an_anchor_or_a_page_that_is_none_is_found(tmp_path: Path) -> None:
    (tmp_path / "other.md").write_text("# A word\n\n## A word, `again`\n\n## A word\n")
    page = tmp_path / "page.md"
    page.write_text("# Here\n[a](other.md#a-word-again) [b](#here) [c](other.md#a-word-1) [d](other.md#gone) [e](#e)\n")
    assert broken(page, (page, tmp_path / "other.md")) == ["other.md#gone", "page.md#e"]
    assert broken(page, (page,)) == ["other.md#a-word-again", "other.md#a-word-1", "other.md#gone", "page.md#e"]


def test_every_page_stands_once_in_the_navigation() -> None:
    listed = [page for pages in NAVIGATION.values() for page in pages]
    for page in LISTS:
        listed += below(page, (ROOT / f"{page}.md").read_text("utf-8"))
    assert sorted(listed) == sorted({name(page) for page in PAGES} - {START})
    assert START in {name(page) for page in PAGES}


def test_the_pages_show_no_picture_of_another_host() -> None:
    shown = [link for page in PAGES for link in re.findall(r"!\[[^]]*\]\(([^)]+)\)", page.read_text("utf-8"))]
    assert len(shown) >= 6
    assert [link for link in shown if "//" in link] == []
    assert loaded_from_elsewhere(ROOT / "docs") == []


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("a.html", '<script src="https://cdn.example.com/a.js"></script>'),
        ("a.html", '<link rel="stylesheet" href="//fonts.example.com/css">'),
        ("a.html", '<img srcset="a.png 1x" src="https://example.com/a.png">'),
        ("a.html", '<div style="background: url(https://example.com/a.png)">'),
        ("a.html", '<script type="module">import x from "https://cdn.example.com/m.mjs"</script>'),
        ("a.css", '@font-face { src: local("x"), url("https://example.com/a.woff2") }'),
        ("a.css", '@import "https://fonts.example.com/css";'),
        ("a.svg", '<svg><image href="https://example.com/a.png"/></svg>'),
    ],
)
def test_what_a_page_loads_from_another_host_is_found(file: str, text: str, tmp_path: Path) -> None:
    (tmp_path / file).write_text(text)
    assert len(loaded_from_elsewhere(tmp_path)) == 1


def test_a_link_that_somebody_clicks_loads_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text('<a href="https://example.com">x</a><link rel="next" href="b.html"><img src="c">')
    (tmp_path / "a.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    assert loaded_from_elsewhere(tmp_path) == []


@pytest.mark.skipif(not SPHINX.exists(), reason="the site is built where `make docs` made its environment")
def test_the_site_is_built_without_a_warning_and_is_whole(tmp_path: Path) -> None:
    build: list[str | Path] = [
        SPHINX,
        "--quiet",
        "--fail-on-warning",
        "--keep-going",
        "--builder",
        "html",
        "-c",
        ROOT / "tools" / "site",
    ]
    done = subprocess.run([*build, "-d", tmp_path / "read", ROOT, tmp_path / "site"], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    made = {str(file.relative_to(tmp_path / "site").with_suffix("")) for file in (tmp_path / "site").rglob("*.html")}
    assert made >= {name(page) for page in PAGES} | {"index", "search"}
    assert loaded_from_elsewhere(tmp_path / "site") == []


def refused(words: list[str]) -> str:
    """What the verb says of its options and of how many arguments it is given; nothing where it takes them."""
    root: Any = typer.main.get_command(app)
    context = root.context_class(root, info_name="lightly-access")
    try:
        _, rest, _ = root.make_parser(context).parse_args(words)
        if not rest or rest == ["..."]:
            return ""
        _, verb, given = root.resolve_command(context, rest)
        _, rest, _ = verb.make_parser(verb.context_class(verb, info_name=rest[0])).parse_args(given)
    except Exception as wrong:
        return f"{' '.join(words)}: {wrong}"
    return f"{' '.join(words)}: {rest}" if rest else ""


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_command_of_ours_that_a_page_names_is_one(page: Path) -> None:
    assert [said for words in commands(page, "lightly-access") if (said := refused(words))] == []


def test_a_command_that_is_none_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    block = "```sh\nlightly-access check --nope | jq . > a\n```"
    page.write_text(f"Run `lightly-access statsu`.\n\n{block}\n\n    lightly-access schema a\n")
    found = [refused(words).partition(" ")[0] for words in commands(page, "lightly-access")]
    assert found == ["check", "schema", "statsu:"]
    assert refused(["--quiet", "check", "prod"]) == ""


def test_the_commands_of_the_pages_are_found() -> None:
    named = {words[0] for page in PAGES for words in commands(page, "lightly-access") if words}
    assert named >= set(VERBS) - {"schedule", "completion"}
    assert ["preview", "--refresh", "--diff"] in list(commands(ROOT / "docs/guides/your-own-project.md", "pulumi"))


@pytest.mark.engine
def test_every_command_of_pulumi_that_a_page_names_has_its_options() -> None:
    """Nothing is deployed: Pulumi is asked for the help of each."""
    named: dict[tuple[str, ...], set[str]] = {}
    for words in (words for page in PAGES for words in commands(page, "pulumi")):
        verbs = tuple(itertools.takewhile(re.compile(r"[a-z][a-z-]*").fullmatch, words[:2]))
        named.setdefault(verbs, set()).update(re.findall(r"(?<!\S)--?[a-z][\w-]*", " ".join(words)))
    assert named[("up",)] >= {"--refresh", "--stack", "--policy-pack"}
    for verbs, options in named.items():
        told = subprocess.run([find().path, *verbs, "--help"], capture_output=True, text=True)
        assert told.returncode == 0, verbs
        assert options <= set(re.findall(r"(?<!\S)--?[a-z][\w-]*", told.stdout)), verbs
