"""The files of a project, from what `init` was told."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain, count
from pathlib import Path
from typing import Any

import jinja2
from lightly_core.capability import Purpose
from lightly_core.version import VERSION

from lightly_access.kinds import registry
from lightly_access.kinds.starter import Starter, Table
from lightly_access.manifest.written_lines import scalar
from lightly_access.project import gitops
from lightly_access.project.answers import Answers

YOURS = ("CODEOWNERS", "README.md", "__main__.py", "catalog-info.yaml")
"""Written once, like all of manifest/ and the stack's file; a newer version has nothing to say about them."""
_FOLDER = Path(__file__).parent / "templates"
_GITHUB = ("pull-request", "deploy", "nightly", "rotation")
_PIPELINES: Mapping[str, Mapping[str, str]] = {
    "github": {
        ".github/dependabot.yml": "github/dependabot.yml",
        **{f".github/workflows/{name}.yml": f"github/{name}.yml" for name in _GITHUB},
    },
    "gitlab": {".gitlab-ci.yml": "gitlab/gitlab-ci.yml", "renovate.json": "gitlab/renovate.json"},
}
"""The files of a pipeline and their templates, by whose it is."""
PULUMI = "3.274.1"
"""What pipelines install: the version that the rehearsal uses."""
_IMAGES, _RESULTS = "images", "results"
STORES = "manifest/stores.yaml"
Stores = Mapping[str, str]
"""The kind of each store that the manifest of a project has already."""


@dataclass(frozen=True, slots=True)
class Lock:
    """What `pulumi install` installs: the requirements of lightly-access, and every package below it at one version."""

    requirements: str
    versions: str


def is_yours(name: str) -> bool:
    """Whether a file is for whoever works here, once it was written."""
    of_manifest = name.startswith("manifest/") and name != "manifest/schema.json"
    return name in YOURS or is_stack_file(name) or of_manifest or name.startswith(gitops.FOLDERS)


def is_stack_file(name: str) -> bool:
    return name.startswith("Pulumi.") and name != "Pulumi.yaml"


def project_files(answers: Answers, lock: Lock, schema: str, there: Stores | None = None) -> dict[str, str]:
    """Every file by its name. `schema` is the manifest's JSON Schema; where the project has a manifest with stores, a
    new dataset brings what it needs beside them in its own file."""
    there = there or {}
    starters = [_starter(kind) for kind in kinds(answers, there)]
    new = "\n".join(f"  {name}: {_flow(table)}" for name, table in stores(answers, there).items())
    values: dict[str, Any] = {
        **answers.as_table(),
        "stacks": answers.stacks,
        "version": VERSION,
        "config": {key: value for starter in starters for key, value in starter.config.items()},
        "stores": new,
        "own_stores": new if there else "",
        "datasets": _block({answers.dataset: dataset(answers, there)}),
        "logins": list(dict.fromkeys(starter.login for starter in starters if starter.login)),
        "secrets": list(_secrets(answers)),
        "clouds": extras(answers, there),
        "pulumi": PULUMI,
        "form": form(answers, there),
    }
    templates = {
        ".devcontainer/devcontainer.json": "devcontainer.json",
        ".gitignore": "gitignore",
        ".pre-commit-config.yaml": "pre-commit.yaml",
        "CODEOWNERS": "CODEOWNERS",
        "Pulumi.yaml": "Pulumi.yaml",
        "README.md": "README.md",
        "__main__.py": "__main__.py",
        f"manifest/datasets/{answers.dataset}.yaml": "dataset.yaml",
        STORES: "stores.yaml",
        "policies/PulumiPolicy.yaml": "policies.PulumiPolicy.yaml",
        "policies/__main__.py": "policies.__main__.py",
        "provider/PulumiPlugin.yaml": "provider.PulumiPlugin.yaml",
        "provider/__main__.py": "provider.__main__.py",
    }
    made = {name: _environment().get_template(f"{template}.j2").render(values) for name, template in templates.items()}
    stack = _environment().get_template("stack.yaml.j2")
    for number, name in enumerate(answers.stacks, 1):
        shard = f"{number}/{answers.shards}" if answers.shards != "1" else None
        made[f"Pulumi.{name}.yaml"] = stack.render(values, shard=shard)
    piped = _pipelines()
    marked = {name: (at, "") for name, at in _PIPELINES.get(answers.ci, {}).items()}
    marked |= gitops.templates(answers.gitops, answers.stacks)
    made |= {name: piped.get_template(f"{at}.j2").render(values, about=of) for name, (at, of) in marked.items()}
    return {
        **made,
        "manifest/schema.json": schema,
        "requirements.txt": lock.requirements,
        "requirements.lock": lock.versions,
    }


def stores(answers: Answers, there: Stores) -> dict[str, Table]:
    """The stores that the dataset needs and that are not there: one that is yours, and where that can be one that is
    made."""
    read, written = _starter(answers.input), _starter(answers.lightly)
    named = _named(answers, there)
    needed = {named[Purpose.INPUT]: read.existing, named[Purpose.LIGHTLY]: written.made or written.existing}
    return {name: table(answers.name) for name, table in needed.items() if name not in there}


def dataset(answers: Answers, there: Stores) -> dict[str, Any]:
    """The first dataset, or the next one."""
    path = {Purpose.INPUT: f"{answers.dataset}/", Purpose.LIGHTLY: f"lightly/{answers.dataset}/"}
    sources = {
        purpose.lower(): {
            "store": name,
            "path": path[purpose],
            "access": (starter := _starter(answers.kinds[purpose])).access,
            **starter.credential(answers.dataset, purpose),
        }
        for purpose, name in _named(answers, there).items()
    }
    return {"type": answers.type, **sources}


def _named(answers: Answers, there: Stores) -> dict[Purpose, str]:
    """The store of each purpose: one of its kind that is there, else a new one under a name that is free."""
    read = _free(_IMAGES, answers.input, there)
    if answers.lightly == answers.input and not _starter(answers.lightly).made:
        return {Purpose.INPUT: read, Purpose.LIGHTLY: read}
    return {Purpose.INPUT: read, Purpose.LIGHTLY: _free(_RESULTS, answers.lightly, there)}


def _free(name: str, kind: str, there: Stores) -> str:
    ours = (name, f"{kind}-{name}")
    more = (f"{kind}-{name}-{number}" for number in count(2))
    known = next((each for each in (*ours, *there) if there.get(each) == kind), None)
    return known or next(each for each in chain(ours, more) if each not in there)


def manifest(answers: Answers) -> dict[str, object]:
    """Stores and datasets as a stack's configuration has them, for the check before anything is written."""
    return {"stores": stores(answers, {}), "datasets": {answers.dataset: dataset(answers, {})}}


def form(answers: Answers, there: Stores) -> dict[str, str]:
    """The access of each store whose access we make: what can be asked for by a form. An external key takes more."""
    of = {name: answers.kinds[purpose] for purpose, name in _named(answers, there).items()}
    starters = {
        name: starter for name, kind in {**there, **of}.items() if (starter := registry.kind_of(kind).starter())
    }
    return {name: each.access for name, each in starters.items() if not each.credential(answers.dataset, Purpose.INPUT)}


def kinds(answers: Answers, there: Stores) -> list[str]:
    """All kinds of stores of the project."""
    return list(dict.fromkeys([*answers.kinds.values(), *there.values()]))


def extras(answers: Answers, there: Stores) -> list[str]:
    """The extras of the package that the kinds need."""
    rows = registry.kinds()
    return sorted({extra for kind in kinds(answers, there) if (extra := rows[kind].extra)})


def _secrets(answers: Answers) -> Iterator[tuple[str, str]]:
    """The variables of each external key: its id, and its secret."""
    for purpose, kind in answers.kinds.items():
        named = _starter(kind).credential(answers.dataset, purpose)
        if named:
            yield str(named["access_key_id"]).removeprefix("env:"), str(named["secret"]).removeprefix("env:")


def _starter(kind: str) -> Starter:
    """Raises KeyError for a kind with which no project begins: look at the answers' problems first."""
    found = registry.kind_of(kind).starter()
    if found is None:
        raise KeyError(kind)
    return found


def _block(tables: Mapping[str, Mapping[str, Any]]) -> str:
    """Keys in lines, the tables of datasources in one line each."""
    lines = []
    for name, table in tables.items():
        lines.append(f"  {name}:")
        for key, value in table.items():
            lines.append(f"    {key}: {_flow(value) if isinstance(value, Mapping) else value}")
    return "\n".join(lines)


def _flow(table: Table) -> str:
    words = {key: "true" if value is True else scalar(str(value)) for key, value in table.items()}
    return f"{{{', '.join(f'{key}: {word}' for key, word in words.items())}}}"


@cache
def _environment() -> jinja2.Environment:
    return _templates()


@cache
def _pipelines() -> jinja2.Environment:
    """Of templates that hold `${{ }}`, which is GitHub's, and `{% %}` of nobody."""
    marks = {"variable_start_string": "<@", "variable_end_string": "@>"}
    marks |= {"block_start_string": "<%", "block_end_string": "%>"}
    return _templates(**marks, comment_start_string="<#", comment_end_string="#>")


def _templates(**marks: str) -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER),
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # noqa: S701 - YAML, Python and Markdown; the answers are names that were checked
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        **marks,  # type: ignore[arg-type] # of all its options these alone are texts
    )
    made.filters["scalar"] = scalar  # a stack may be called 1e3, and a project `no`
    return made
