"""Stack files, `Pulumi.<stack>.yaml`: where they are, and a check of one without Pulumi.

https://www.pulumi.com/docs/iac/concepts/projects/stack-settings-file/ and, for `stackConfigDir`, project-file/.
Values that Pulumi.yaml gives to every stack (`config:`) count too; what a stack takes from an environment of Pulumi ESC
(`environment:`) is not there to be read.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from lightly_core.fault import Fault, did_you_mean, one_of

from lightly_access.manifest import Checked, Manifest, check_tables
from lightly_access.manifest.config_keys import full_key, meant_tables, misplaced, stack_problems
from lightly_access.manifest.in_clear import in_clear
from lightly_access.manifest.tables import add_file, gather
from lightly_access.manifest.yaml_text import Document, read
from lightly_access.secret_refs import SECRETS_NAMESPACE
from lightly_access.tables.problem import Place, Problem
from lightly_access.tables.shard import Shard, shard_fault, stack_fault
from lightly_access.tables.written import EMPTY, KEYS, NAMED, NAMESPACE, SHARD, Tables

PROJECT_FILE = "Pulumi.yaml"
_DEPLOYMENTS = ".deploy.yaml"
"""What Pulumi Deployments is told of a stack: https://www.pulumi.com/docs/iac/cli/commands/pulumi_deployment_settings/"""
EXAMPLE = "# Example."
"""Begins a stack file that shows something, and is nobody's."""
_STACK_KEYS = ("config", "secretsprovider", "encryptedkey", "encryptionsalt", "environment")
"""`ProjectStack` in sdk/go/common/workspace/project.go."""


class NoManifestError(LookupError):
    """There is no such stack file, file or folder."""


def project_root(start: Path) -> Path:
    """The folder of Pulumi.yaml: `start` or the nearest one above it; `start` itself when there is none."""
    start = start.resolve()
    return next((folder for folder in (start, *start.parents) if (folder / PROJECT_FILE).is_file()), start)


def stack_files(root: Path) -> dict[str, Path]:
    """The stack files of a project by the name of their stack."""
    project = root / PROJECT_FILE
    settings = read(project.read_text(encoding="utf-8-sig"), PROJECT_FILE).value if project.is_file() else None
    folder = settings.get("stackConfigDir") if isinstance(settings, Mapping) else None
    found = sorted((root / folder if isinstance(folder, str) else root).glob("Pulumi.*.yaml"))
    found = [path for path in found if not path.name.endswith(_DEPLOYMENTS)]
    return {path.name.removeprefix("Pulumi.").removesuffix(".yaml"): path for path in found}


def own_stack_files(root: Path) -> dict[str, Path]:
    """The same without examples: what a verb takes to which no stack is named."""
    return {name: path for name, path in stack_files(root).items() if not _is_example(path)}


def _is_example(path: Path) -> bool:
    with path.open("rb") as file:
        return file.readline().startswith(EXAMPLE.encode())


def find(what: str, root: Path) -> Path:
    """A file or folder by its path, or the stack file of a stack by its name. Raises NoManifestError."""
    path = Path(what)
    try:
        if path.exists():
            return path
    except (OSError, ValueError):
        pass
    stacks = stack_files(root)
    name = _of_this_project(what, root)
    if name in stacks:
        return stacks[name]
    fault = Fault("a stack, a stack file or a manifest folder", did_you_mean(what, stacks) or _names(stacks))
    raise NoManifestError(fault.sentence(what))


def _of_this_project(what: str, root: Path) -> str:
    """The stack's own name in `organization/project/stack`, as Pulumi takes it, too."""
    *_, project, name = ["", "", *what.split("/")]
    return name if what.count("/") == 1 or (what.count("/") == 2 and project == project_name(root)) else what


def find_all(what: str, root: Path) -> list[Path]:
    """The same; for the folder of a project its stack files, since it is not a manifest folder itself."""
    path = find(what, root)
    return list(own_stack_files(path).values()) if (path / PROJECT_FILE).is_file() else [path]


def _names(stacks: Mapping[str, Path]) -> str:
    return f"the stacks here are {', '.join(stacks)}" if stacks else "there is no stack here"


def check_path(path: Path, environ: Mapping[str, str] | None = None) -> Checked:
    """Check a stack file, with the manifest folder that it names, or a manifest folder or file alone.

    With the environment of whoever deploys, also what the providers of the clouds are told.
    """
    if path.is_dir():
        folder = path.resolve()
        return Manifest.check({"manifest": folder.name}, root=folder.parent)
    shown = shown_path(path)
    try:
        document = read(path.read_text(encoding="utf-8-sig"), shown)
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "no UTF-8 text"
        return Checked(None, (Problem((), reason, "a YAML file", None, Place(shown, 1)),), ())
    if _is_manifest_file(document):
        tables = Tables()
        add_file(tables, path.resolve(), Path.cwd())
        return check_tables(tables)
    return _check_stack(document, shown, project_root(path.resolve().parent), environ)


def project_name(root: Path) -> str | None:
    """The name of the project, whose namespace a bare key of the configuration has; None without a Pulumi.yaml."""
    name = project_settings(root).get("name")
    return name if isinstance(name, str) else None


def project_config(root: Path) -> dict[str, object]:
    """What Pulumi.yaml gives to every stack that does not say it itself: a bare value, `value` or `default`."""
    config = project_settings(root).get("config")
    found: dict[str, object] = {}
    for key, entry in config.items() if isinstance(config, Mapping) else ():
        value = entry.get("value", entry.get("default")) if isinstance(entry, Mapping) else entry
        if value is not None:
            found[full_key(key, project_name(root))] = value
    return found


def manifest_files(path: Path) -> list[Path]:
    """All that a check of this stack file reads: the file, Pulumi.yaml, and its manifest folder or file."""
    root = project_root(path.resolve().parent)
    named = stack_config(path).get(f"{NAMESPACE}:manifest")
    place = root / named if isinstance(named, str) else None
    below = [place] if place and place.is_file() else sorted(place.rglob("*.y*ml")) if place else []
    return [each for each in (path.resolve(), root / PROJECT_FILE, *below) if each.is_file()]


def stack_config(path: Path) -> dict[str, object]:
    """The configuration that a stack file gives its stack, the project's values in it, by full keys."""
    document = read(path.read_text(encoding="utf-8-sig"), shown_path(path)).value
    config = document.get("config") if isinstance(document, Mapping) else None
    root = project_root(path.resolve().parent)
    own = config if isinstance(config, Mapping) else {}
    return {**project_config(root), **{full_key(str(key), project_name(root)): value for key, value in own.items()}}


def readable_config(path: Path) -> dict[str, object]:
    """The same; nothing of a file that cannot be read, of which its own check speaks."""
    try:
        return stack_config(path)
    except (OSError, UnicodeDecodeError):
        return {}


def project_settings(root: Path) -> Mapping[str, object]:
    """What Pulumi.yaml says; nothing without one."""
    file = root / PROJECT_FILE
    settings = read(file.read_text(encoding="utf-8-sig"), PROJECT_FILE).value if file.is_file() else None
    return settings if isinstance(settings, Mapping) else {}


def shown_path(path: Path) -> str:
    """The path as messages show it: relative to the working directory where it is below it."""
    full, here = path.resolve(), Path.cwd()
    return full.relative_to(here).as_posix() if full.is_relative_to(here) else str(full)


def _is_manifest_file(document: Document) -> bool:
    value = document.value
    return isinstance(value, Mapping) and "config" not in value and any(key in value for key in NAMED)


def _check_stack(document: Document, shown: str, root: Path, environ: Mapping[str, str] | None) -> Checked:
    start = Place(shown, 1)
    if document.value is None and document.problems:
        return Checked(None, tuple(document.problems), ())
    config = document.value.get("config") if isinstance(document.value, Mapping) else document.value
    if config is not None and not isinstance(config, Mapping):
        problem = Problem.of(("config",), config, Fault("a table of configuration keys")).at(start)
        return Checked(None, (*document.problems, problem), ())
    project = project_name(root)
    places = {
        (full_key(path[1], project).removeprefix(f"{NAMESPACE}:"), *path[2:]): place
        for path, place in document.places.items()
        if len(path) > 1 and path[0] == "config"
    }
    strays = [*_strays(document, shown), *(each.at(places.get(each.path)) for each in misplaced(config or {}, project))]
    own = {full_key(key, project): value for key, value in (config or {}).items()}
    full = {**project_config(root), **own}
    elsewhere = isinstance(document.value, Mapping) and "environment" in document.value
    if elsewhere and not any(f"{NAMESPACE}:{key}" in full for key in KEYS):
        full[f"{NAMESPACE}:{EMPTY}"] = True  # the tables may come from the environment, which is not read here
    tables = gather(full, root, places)
    if environ is not None and not elsewhere:
        tables.problems += stack_problems(full, tables, environ)
    if meant := meant_tables(config or {}, project):
        tables.problems = [replace(each, hint=meant) if not each.path else each for each in tables.problems]
    _note_secrets(tables, config or {})
    tables.problems += in_clear(full, NAMESPACE)
    tables.problems += _stack_name(shown, tables.shard)
    tables.problems[:0] = [*(_short(problem) for problem in document.problems), *strays]
    checked = check_tables(tables)
    return Checked(
        checked.manifest,
        tuple(problem.at(start) for problem in checked.problems),
        tuple(warning.at(start) for warning in checked.warnings),
    )


def _stack_name(shown: str, written: object) -> Iterator[Problem]:
    """A shard in a stack of another name than a shard's."""
    stack = Path(shown).name.removeprefix("Pulumi.").removesuffix(".yaml")
    if isinstance(written, str) and not shard_fault(written) and (fault := stack_fault(Shard.parse(written), stack)):
        yield Problem.of((SHARD,), written, fault)


def _strays(document: Document, shown: str) -> Iterator[Problem]:
    """Keys beside `config` that Pulumi does not read there, where they were meant to be it or to stand in it."""
    top = document.value if isinstance(document.value, Mapping) else {}
    for key in top:
        place = document.places.get((key,)) or Place(shown, 1)
        if ":" in key or key in KEYS:
            fault = Fault("it below config:", f"one level down: config, then {full_key(key, None)}")
            yield Problem.of((key,), key, fault).at(place)
        elif key not in _STACK_KEYS and (hint := did_you_mean(key, _STACK_KEYS)):
            yield Problem.of((key,), key, Fault(f"a key of a stack's file: {one_of(_STACK_KEYS)}", hint)).at(place)


def _note_secrets(tables: Tables, config: Mapping[str, object]) -> None:
    """The secrets of external keys that the file holds; one in clear is refused, and not shown."""
    found = {
        str(key).removeprefix(f"{SECRETS_NAMESPACE}:"): value
        for key, value in config.items()
        if str(key).startswith(f"{SECRETS_NAMESPACE}:")
    }
    tables.secrets = frozenset(found)
    for name, value in found.items():
        if not (isinstance(value, Mapping) and isinstance(value.get("secure"), str) and len(value) == 1):
            key = f"{SECRETS_NAMESPACE}:{name}"
            hint = f"it is exposed: replace the key where you made it, then: pulumi config set --secret {key}"
            tables.problems.append(Problem((key,), "a value in clear", "an encrypted value (secure: ...)", hint))


def _short(problem: Problem) -> Problem:
    """A fault of the text, placed by the manifest's own keys instead of the file's."""
    if problem.path[:1] != ("config",) or len(problem.path) < 2:
        return problem
    path = (problem.path[1].removeprefix(f"{NAMESPACE}:"), *problem.path[2:])
    return Problem(path, problem.got, problem.expected, problem.hint, problem.place)
