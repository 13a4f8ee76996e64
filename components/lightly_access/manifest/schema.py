"""The JSON Schema of the manifest, generated from its tables, for completion and descriptions in editors.

It fits a stack file (`config:` with `lightly-access:...` keys) and a file of a manifest folder (`stores:`,
`datasets:`). Draft 7, because that is what editors know (https://github.com/redhat-developer/yaml-language-server). It
tells less than `lightly-access check`, which also compares entries with each other.
"""

import json
from collections.abc import Mapping
from typing import Any

from pydantic.json_schema import models_json_schema

from lightly_access.kinds import registry
from lightly_access.manifest.models import Dataset, TagTable, Verify
from lightly_access.tables.names import DATASET_NAME_PATTERN, STORE_NAME_PATTERN
from lightly_access.tables.shard import SHARD_PATTERN
from lightly_access.tables.table import Table
from lightly_access.tables.written import KEYS, NAMESPACE


def manifest_schema() -> dict[str, Any]:
    """The schema as a value."""
    stores, accounts = {kind.name: kind.table() for kind in registry.ROWS}, registry.accounts()
    models = [(each, "validation") for each in (*stores.values(), *accounts.values(), Dataset, Verify, TagTable)]
    _, schema = models_json_schema(models, ref_template="#/definitions/{model}")  # type: ignore[arg-type]  # Literal lost
    access = schema["$defs"]["Datasource"]["properties"]["access"]
    access.update(enum=list(registry.accesses()), description=registry.access_description())
    tables = {
        "stores": _table("Where data lies, declared once and shared by datasets", "Store", STORE_NAME_PATTERN),
        "datasets": _table("Datasets at Lightly, by name", "Dataset", DATASET_NAME_PATTERN),
    }
    settings = {
        **tables,
        "accounts": _table("Whose the stores are, and how to get in", "Account", STORE_NAME_PATTERN),
        "manifest": {"type": "string", "description": "A folder of YAML files with more stores and datasets"},
        "verify": {"$ref": "#/definitions/Verify"},
        "tags": {"$ref": "#/definitions/TagTable"},
        "shard": {
            "type": "string",
            "pattern": SHARD_PATTERN,
            "description": "Which part this stack deploys, such as 3/8: the datasets whose hash falls to it",
        },
        "empty": {"type": "boolean", "description": "Whether this stack shall have neither stores nor datasets"},
    }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Manifest of lightly-access",
        "type": "object",
        "properties": {
            "config": {
                "type": "object",
                "properties": {f"{NAMESPACE}:{key}": settings[key] for key in KEYS},
                "propertyNames": {"not": {"pattern": f"^{NAMESPACE}:(?!({'|'.join(KEYS)})$)"}},
            },
            **tables,
        },
        "definitions": {
            "Store": _by_word("kind", "What kind of storage this is", stores),
            "Account": _by_word("cloud", "What kind of account this is", accounts),
            **{name: _tidy(model) for name, model in schema["$defs"].items()},
        },
    }


def schema_text() -> str:
    """The schema as it is checked in at stacks/schema.json."""
    return json.dumps(manifest_schema(), indent=2) + "\n"


def _table(description: str, model: str, names: str) -> dict[str, Any]:
    return {
        "type": "object",
        "description": description,
        "propertyNames": {"pattern": names},
        "additionalProperties": {"$ref": f"#/definitions/{model}"},
    }


def _by_word(key: str, description: str, known: Mapping[str, type[Table]]) -> dict[str, Any]:
    """The table that one word chooses; with `if` an editor tells what is wrong with that one table only."""
    cases: list[dict[str, Any]] = [
        {
            "if": {"properties": {key: {"const": word}}, "required": [key]},
            "then": {"$ref": f"#/definitions/{table.__name__}"},
        }
        for word, table in known.items()
    ]
    words = {"enum": list(known), "description": description}
    return {"type": "object", "required": [key], "properties": {key: words}, "allOf": cases}


def _tidy(node: Any, *, names: bool = False) -> Any:
    """Drop pydantic's titles, and give a `$ref` with companions the form that draft 7 does not ignore."""
    if isinstance(node, list):
        return [_tidy(item) for item in node]
    if not isinstance(node, dict):
        return node
    tidy = {key: _tidy(value, names=key == "properties") for key, value in node.items() if names or key != "title"}
    if "$ref" in tidy and len(tidy) > 1:
        tidy["allOf"] = [{"$ref": tidy.pop("$ref")}]
    return tidy
