"""One version, from one place: lightly_core/version.py."""

import json
import re
import tomllib
from importlib.metadata import version
from pathlib import Path

import yaml
from lightly_cli.main import app
from lightly_core.version import VERSION
from lightly_provider.schema import schema
from typer.testing import CliRunner

ROOT = Path(__file__).parents[1]


def test_the_distribution_takes_its_version_from_the_code() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert "version" not in project["project"]
    source = project["tool"]["hatch"]["version"]
    found = re.search(source["pattern"], (ROOT / source["path"]).read_text("utf-8"))
    assert found
    assert found["version"] == VERSION
    assert version("lightly-access") == VERSION


def test_the_command_the_provider_and_the_policy_pack_tell_the_same() -> None:
    assert CliRunner().invoke(app, ["--version"]).output == f"lightly-access {VERSION}\n"
    assert schema()["version"] == VERSION
    written = json.loads((ROOT / "components" / "lightly_provider" / "schema.json").read_text("utf-8"))
    assert written.get("version", VERSION) == VERSION
    assert yaml.safe_load((ROOT / "policies" / "PulumiPolicy.yaml").read_text("utf-8"))["version"] == VERSION


def test_the_changelog_says_what_is_in_it() -> None:
    released = re.findall(r"(?m)^## \[?(\d+\.\d+\.\d+)", (ROOT / "CHANGELOG.md").read_text("utf-8"))
    assert released[0] == VERSION
