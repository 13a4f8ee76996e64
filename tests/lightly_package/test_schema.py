"""The schema that is checked in is of the classes as they are, and Pulumi reads it from the plugin's process."""

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import lightly_access
import pytest
from lightly_access.arguments.check import Component
from lightly_core.version import VERSION
from lightly_package.schema import checked_in, generated, schema
from lightly_package.tokens import TOKENS, class_name
from lightly_sandbox.pulumi_cli import find

ROOT = Path(__file__).parents[2]
SCHEMA: dict[str, Any] = json.loads(checked_in())
LANGUAGES = {"nodejs": "ts", "python": "py", "go": "go", "dotnet": "cs", "java": "java"}


def test_the_schema_that_is_checked_in_is_current() -> None:
    assert checked_in() == generated(), "python -m lightly_package.schema"


def test_every_component_of_the_library_is_in_the_package() -> None:
    public = {name: getattr(lightly_access, name) for name in lightly_access.__all__}
    components = {name for name, each in public.items() if isinstance(each, type) and issubclass(each, Component)}
    assert components - {"Access"} == set(map(class_name, TOKENS))  # what the accesses have in common is none


def test_arguments_that_documents_are_rendered_from_take_no_output_and_secrets_are_secret() -> None:
    bucket = SCHEMA["resources"]["lightly-access:aws:S3Bucket"]["inputProperties"]
    assert {name for name, each in bucket.items() if not each.get("plain")} == {"kmsKey"}
    assert "plain" not in bucket["tags"]["additionalProperties"]
    secrets = {
        (class_name(token), name)
        for token, each in SCHEMA["resources"].items()
        for name, written in each["inputProperties"].items()
        if written.get("secret")
    }
    assert secrets == {("ObsAccess", "secretAccessKey"), ("AdoptedAccess", "externalId"), ("AdoptedAccess", "secret")}


def test_an_argument_that_takes_one_of_several_components_names_them_all() -> None:
    """Its type is any: see `lightly_package.schema_types`."""
    accesses = {name for name in map(class_name, TOKENS) if name.endswith("Access")}
    stores = {"S3Bucket", "AzureContainer", "GcsBucket"}
    named = {
        (class_name(token), name): set(
            written["description"].rpartition(" One of ")[2].rstrip(".").replace(" or ", ", ").split(", ")
        )
        for token, each in SCHEMA["resources"].items()
        for name, written in each["inputProperties"].items()
        if written.get("$ref") == "pulumi.json#/Any"
    }
    assert named == {
        ("AdoptedAccess", "store"): stores,
        ("LightlyDataset", "input"): accesses,
        ("LightlyDataset", "lightly"): accesses,
    }


def test_what_is_said_of_an_argument_calls_the_others_as_the_languages_do() -> None:
    words = json.dumps(SCHEMA["resources"])
    assert "noncurrentDays" in words
    assert "needs `versioning`" in words
    assert "old_kms_keys" not in words


@pytest.fixture
def plugin(tmp_path: Path) -> Path:
    """The plugin as it is installed: an executable."""
    program = tmp_path / "pulumi-resource-lightly-access"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} {ROOT / "components" / "lightly_package"} "$@"\n')
    program.chmod(0o755)
    return program


def pulumi(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    settings = {"PULUMI_HOME": str(folder / "home"), "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true"}
    environment = {**os.environ, **settings, "PULUMI_SKIP_UPDATE_CHECK": "true"}
    return subprocess.run([str(find().path), *words], cwd=folder, env=environment, capture_output=True, text=True)


@pytest.mark.engine
def test_pulumi_reads_the_schema_from_the_plugins_process(plugin: Path, tmp_path: Path) -> None:
    done = pulumi(tmp_path, "package", "get-schema", str(plugin))
    assert done.returncode == 0, done.stderr
    read = json.loads(done.stdout)
    assert read["version"] == VERSION
    assert read["resources"].keys() == SCHEMA["resources"].keys()
    types = {token: each.get("enum") or each["properties"].keys() for token, each in SCHEMA["types"].items()}
    assert {token: each.get("enum") or each["properties"].keys() for token, each in read["types"].items()} == types


@pytest.fixture
def schema_with_logo(tmp_path: Path) -> Iterator[Path]:
    """The writer of C# classes fetches a logo, Pulumi's own where none is named: here is one."""
    (tmp_path / "logo.png").write_bytes(b"a picture")
    serving = ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=str(tmp_path)))
    threading.Thread(target=serving.serve_forever).start()
    written = tmp_path / "schema.json"
    written.write_text(json.dumps({**schema(), "logoUrl": f"http://127.0.0.1:{serving.server_port}/logo.png"}))
    yield written
    serving.shutdown()
    serving.server_close()


@pytest.mark.engine
@pytest.mark.parametrize("language", LANGUAGES)
def test_pulumi_writes_the_classes_of_a_language(language: str, schema_with_logo: Path, tmp_path: Path) -> None:
    if not shutil.which(f"pulumi-language-{language}"):
        pytest.skip(f"pulumi-language-{language}, which writes them, is not on PATH: it comes with Pulumi's releases")
    sdk = tmp_path / "sdk"
    done = pulumi(tmp_path, "package", "gen-sdk", str(schema_with_logo), "--language", language, "--out", str(sdk))
    assert done.returncode == 0, done.stdout + done.stderr
    written = {path.stem.replace("_", "").lower() for path in sdk.rglob(f"*.{LANGUAGES[language]}")}
    assert written >= {class_name(token).lower() for token in TOKENS}
