"""Imports run one way, floor by floor and inside each floor; and each fact that all floors need stands in one place.

All imports count: those inside functions, and those that only a type checker sees.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest
from lightly_access.kinds import registry

ROOT = Path(__file__).parents[1]
SOURCES = (ROOT / "components", ROOT / "policies")
FLOORS: Mapping[str, frozenset[str]] = {
    "lightly_core": frozenset(),
    "lightly_api": frozenset({"lightly_core"}),
    "lightly_policies": frozenset({"lightly_core"}),
    "lightly_access": frozenset({"lightly_core", "lightly_api", "lightly_policies"}),
    "lightly_provider": frozenset({"lightly_core", "lightly_api", "lightly_policies", "lightly_access"}),
    "lightly_package": frozenset({"lightly_core", "lightly_api", "lightly_policies", "lightly_access"}),
    "lightly_sandbox": frozenset(
        {"lightly_core", "lightly_api", "lightly_policies", "lightly_access", "lightly_provider"}
    ),
    "lightly_cli": frozenset(
        {"lightly_core", "lightly_api", "lightly_policies", "lightly_access", "lightly_provider", "lightly_sandbox"}
    ),
}
"""What each package may import, besides itself."""


@cache
def modules() -> dict[str, Path]:
    """Every module of ours by its name; a package by its own."""
    found = {}
    for source in SOURCES:
        for file in sorted(source.rglob("*.py")):
            parts = file.relative_to(source).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            if name.partition(".")[0] in FLOORS:
                found[name] = file
    return found


def imported(module: str, text: str) -> Iterator[str]:
    """The modules of ours that a text imports, each with the packages that it stands in: they are run as well."""
    known = modules()
    for node in ast.walk(ast.parse(text)):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module}: relative imports are not read here"
            whole = [f"{node.module}.{alias.name}" for alias in node.names]
            names = [name if name in known else str(node.module) for name in whole]
        for name in names:
            parts = name.split(".")
            for end in range(1, len(parts) + 1):
                if (found := ".".join(parts[:end])) in known and not f"{module}.".startswith(f"{found}."):
                    yield found


@cache
def imports() -> dict[str, frozenset[str]]:
    return {name: frozenset(imported(name, file.read_text())) for name, file in modules().items()}


@pytest.mark.parametrize("floor", FLOORS)
def test_a_floor_imports_only_what_is_below_it(floor: str) -> None:
    ours = {name: found for name, found in imports().items() if name.partition(".")[0] == floor}
    assert ours
    allowed = FLOORS[floor] | {floor}
    wrong = [f"{name} imports {each}" for name, found in ours.items() for each in found if top(each) not in allowed]
    assert not wrong


def top(module: str) -> str:
    return module.partition(".")[0]


def cycles(graph: Mapping[str, frozenset[str]]) -> list[list[str]]:
    """Modules that import each other, by a way however long: what is left when leaves and roots are taken off."""
    left = {name: set(found) & graph.keys() for name, found in graph.items()}
    while True:
        needed = set().union(*left.values()) if left else set()
        loose = {name for name, found in left.items() if not found or name not in needed}
        if not loose:
            break
        left = {name: found - loose for name, found in left.items() if name not in loose}
    together: list[list[str]] = []
    for name in left:
        if not any(name in circle for circle in together):
            circle = sorted(each for each in reached(left, name) if name in reached(left, each))
            together += [circle] if circle else []
    return together


def reached(graph: Mapping[str, set[str]], start: str) -> set[str]:
    seen: set[str] = set()
    ahead = set(graph[start])
    while ahead:
        seen |= ahead
        ahead = {each for name in ahead for each in graph[name]} - seen
    return seen


EMULATED = "lightly_sandbox"
"""It says what clouds do, out of their documentation: bounds of AWS are AWS's there, and no rule of ours."""


@pytest.mark.parametrize("floor", FLOORS)
def test_no_modules_of_a_floor_import_each_other(floor: str) -> None:
    ours = {name: found for name, found in imports().items() if top(name) == floor}
    assert cycles(ours) == []


def test_the_search_finds_what_is_hidden() -> None:
    late = "def f():\n    from lightly_cli import main\n"
    typed = "if TYPE_CHECKING:\n    import lightly_provider.server\n"
    assert set(imported("lightly_core.secret", late)) == {"lightly_cli", "lightly_cli.main"}
    assert set(imported("lightly_core.secret", typed)) == {"lightly_provider", "lightly_provider.server"}
    around = {"a": frozenset("b"), "b": frozenset("c"), "c": frozenset("b"), "d": frozenset("a")}
    assert cycles(around) == [["b", "c"]]
    assert cycles({"a": frozenset("b"), "b": frozenset()}) == []


FACTS = {
    "Lightly's account": "916419735646",
    "the session that Lightly demands": r"\b43200\b",
    "this machine": r"'127\.0\.0\.1', '(::1|localhost)'|'localhost', '(::1|127\.0\.0\.1)'",
    "what a purpose permits": r"\{('|Capability\.)list'?, ('|Capability\.)read'?\}",
    "the capabilities": r"LIST = 'list'|'list', 'read', 'write'",
    "the document that matches anything": r"'Action': '\*', 'Resource': '\*'",
    "an id of Lightly": r"\[a-f0-9\]\{24\}",
    "an external ID": r"\[a-zA-Z0-9_\+=,\.@:/-\]",
    "a KMS key": r"arn:aws:kms:\(\[a-z0-9-\]\+\)",
    "a bucket of S3": r"\[a-z0-9\]\[a-z0-9\.-\]\{1,61\}\[a-z0-9\]",
    "a VPC": r"vpc-\(\[0-9a-f\]\{8\}",
    "the longest delegation of Azure": r"timedelta\(days=7\)",
    "where Lightly keeps thumbnails": r"\[filename\]_thumb",
}
"""What a text looks like that states the fact."""


def stated(pattern: str) -> set[str]:
    """The files of the product that state a fact; a docstring may quote it."""
    found = set()
    for source in SOURCES:
        for file in source.rglob("*"):
            if (
                file.suffix in {".py", ".j2"}
                and EMULATED not in file.parts
                and re.search(pattern, code(file), re.IGNORECASE)
            ):
                found.add(str(file.relative_to(ROOT)))
    return found


@cache
def code(file: Path) -> str:
    """The text without docstrings and comments."""
    text = file.read_text(encoding="utf-8")
    if file.suffix != ".py":
        return text
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            node.value.value = ""
    return ast.unparse(tree)


@pytest.mark.parametrize("fact", FACTS)
def test_a_fact_stands_in_one_place(fact: str) -> None:
    assert len(stated(FACTS[fact])) == 1, stated(FACTS[fact])


OWN = "lightly_access.kinds."
OF_ONE_KIND = {"lightly_provider.handlers.azure_sas", "lightly_cli.rehearse"}
"""A resource of Azure alone; and the names of engines."""


def words() -> set[str]:
    """The words for kinds of store and for their accesses; `key` is too common to be looked for."""
    return {*registry.kinds(), *registry.accesses()} - {"key"}


def test_nothing_central_knows_a_kind_of_store() -> None:
    """Only a kind's own folder has its words; all else asks the registry. Prose may name them."""
    mentioned = set()
    for name, file in modules().items():
        central = top(name) not in (EMULATED, "lightly_policies") and not name.startswith(OWN)
        if central and name not in OF_ONE_KIND:
            for node in ast.walk(ast.parse(code(file))):
                if isinstance(node, ast.Constant) and node.value in words():
                    mentioned.add(f"{name}: {node.value}")
    assert not mentioned
