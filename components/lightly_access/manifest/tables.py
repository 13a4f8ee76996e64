"""Gathers the tables of a manifest from the configuration and from a folder of YAML files.

Configuration is the stack's: `lightly-access:stores` and the other KEYS, with or without the namespace; what belongs to
other namespaces is not ours to evaluate. Pulumi hands a table to the program as JSON text, so that is understood too.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from lightly_core.fault import Fault, did_you_mean, one_of

from lightly_access.manifest.yaml_text import read
from lightly_access.tables.problem import Place, Problem, Where
from lightly_access.tables.written import ACCOUNTS, EMPTY, KEYS, NAMED, NAMESPACE, SHARD, Tables


def gather(config: Mapping[str, object], root: Path | None, places: Mapping[Where, Place]) -> Tables:
    """All tables, those of the manifest folder included; `places` are those of the configuration."""
    tables = Tables(places=dict(places))
    ours: dict[str, object] = {}
    for key, value in config.items():
        name = str(key).removeprefix(f"{NAMESPACE}:").removeprefix("config:")
        if value is None or (":" in name and name == key):
            continue
        if name not in KEYS:
            tables.refuse((name,), name, f"{one_of(KEYS)} after {NAMESPACE}:", did_you_mean(name, KEYS))
        elif name in ours:
            tables.refuse((name,), value, f"{name} once", f"it is given as {name} and as {NAMESPACE}:{name}")
        else:
            ours[name] = _decoded(value)
    for table in (*NAMED, ACCOUNTS):
        if table in ours:
            _add(tables, table, ours[table], {})
    if "manifest" in ours:
        _add_folder(tables, ours["manifest"], root)
    tables.verify, tables.tags, tables.shard = ours.get("verify"), ours.get("tags"), ours.get(SHARD)
    _check_empty(tables, ours.get(EMPTY, False), places)
    return tables


def _check_empty(tables: Tables, said: object, places: Mapping[Where, Place]) -> None:
    """A manifest without anything deletes all that the stack has, so it is said twice."""
    something = bool(tables.stores or tables.datasets)
    if said not in (True, False, "true", "false"):
        tables.refuse((EMPTY,), said, "true or false")
    elif said in (True, "true") and something:
        tables.refuse((EMPTY,), True, f"{EMPTY}: true only without stores and datasets", "leave it out")
    elif said in (False, "false") and not something and not tables.problems:
        hint = f"a stack that shall lose all it has says so: {NAMESPACE}:{EMPTY}: true; `pulumi destroy` ends a stack"
        fault = Fault(f"{NAMESPACE}:stores and {NAMESPACE}:datasets, or a folder of them ({NAMESPACE}:manifest)", hint)
        tables.problems.append(Problem.of((), None, fault).at(places.get(())))


def _decoded(value: object) -> object:
    if isinstance(value, str) and value.lstrip().startswith("{"):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value


def _add(tables: Tables, table: str, entries: object, places: Mapping[Where, Place]) -> None:
    """Add the entries of one source to a table; a name that is there already is refused, naming both places."""
    if entries is None:
        return
    if not isinstance(entries, Mapping):
        fault = Fault(f"a table of {table} by name")
        tables.problems.append(Problem.of((table,), entries, fault).at(places.get((table,))))
        return
    if isinstance(entries.get("secure"), str) and len(entries) == 1:
        hint = "nothing in a manifest is a secret"
        tables.problems.append(Problem((table,), "an encrypted value", f"the {table} in clear", hint))
        return
    known, added = tables.named(table), set[str]()
    for key, entry in entries.items():
        name = str(key)
        if name in known:
            there = tables.places.get((table, name)) or "the stack's configuration"
            fault = Fault("every name once", f"{there} defines it too")
            tables.problems.append(
                Problem((table, name), "the same name again", fault.expected, fault.hint, places.get((table, name)))
            )
            continue
        known[name] = entry
        added.add(name)
    mine = (at for at in places if len(at) > 1 and at[0] == table and at[1] in added)
    tables.places.update((at, places[at]) for at in mine)


def _add_folder(tables: Tables, name: object, root: Path | None) -> None:
    expected = "a folder of YAML files, relative to the folder of Pulumi.yaml"
    if not isinstance(name, str) or not name or root is None:
        tables.refuse(("manifest",), name, expected)
        return
    try:
        folder = root / name
        files = sorted(path for path in folder.rglob("*") if path.suffix in {".yaml", ".yml"} and path.is_file())
        exists = folder.is_dir()
    except (OSError, ValueError):
        exists = False
    if not exists:
        tables.refuse(("manifest",), name, expected, "there is no such folder")
        return
    if not files:
        tables.refuse(("manifest",), name, expected, "it holds no .yaml file")
    for file in files:
        if not any(part.startswith(".") for part in file.relative_to(folder).parts):
            add_file(tables, file, root)


def _misplaced(key: str, entries: object) -> str | None:
    """Where it belongs: what is a stack file's, and an entry that stands below no table."""
    if key in KEYS:
        return f"`{NAMESPACE}:{key}` stands in the stack's file"
    if key.startswith(("config", f"{NAMESPACE}:")):
        return f"`stores:` and `datasets:` stand at the top here; `config:` and `{NAMESPACE}:` are a stack file's"
    inside = entries.keys() if isinstance(entries, Mapping) else set()
    if inside & {"input", "lightly"}:
        return "a dataset stands below `datasets:`"
    return "a store stands below `stores:`" if "kind" in inside else None


def add_file(tables: Tables, file: Path, root: Path) -> None:
    """Add the stores and datasets of one manifest file."""
    shown = file.relative_to(root).as_posix() if file.is_relative_to(root) else str(file)
    try:
        document = read(file.read_text(encoding="utf-8-sig"), shown)
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        tables.problems.append(Problem(("manifest",), f"{shown}: {reason}", "a YAML file", None, Place(shown, 1)))
        return
    tables.problems += document.problems
    if document.problems and document.value is None:
        return
    if not isinstance(document.value, Mapping | None):
        tables.problems.append(
            Problem.of((), document.value, Fault("the tables stores and datasets")).at(Place(shown, 1))
        )
        return
    for key, entries in (document.value or {}).items():
        if key in NAMED:
            _add(tables, key, entries, document.places)
        else:
            hint = did_you_mean(key, NAMED) or _misplaced(key, entries)
            fault = Fault(f"{one_of(NAMED)} in a manifest file", hint)
            tables.problems.append(Problem.of((key,), key, fault).at(document.places.get((key,))))
