"""Pulumi's command line, what it needs beside it, and where it finds the provider of Lightly's resources."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from lightly_core.pulumi_version import OLDEST, Version, first

from lightly_access.doctor.finding import Finding, State

LANGUAGE_HOST = "pulumi-language-python"
PROVIDER = "pulumi-resource-lightly"
_INSTALL = "https://www.pulumi.com/docs/install/"


def pulumi(said: str | None, path: str, host: str | None, sdk: Version | None) -> Finding:
    """The command line: what `pulumi version` said, None where there is none.

    `host` is where its Python language host was found, `sdk` the version of the Python package, which speaks to it.
    """
    if said is None:
        return Finding("pulumi", State.BAD, "it is not on PATH", f"install it: {_INSTALL}")
    version = first(said) if said.startswith("v") else None
    if version is None:
        return Finding("pulumi", State.BAD, f"{path} does not say its version", f"install it anew: {_INSTALL}")
    shown = f"{version}, {path}"
    if version < OLDEST:
        return Finding("pulumi", State.BAD, f"{shown}: older than {OLDEST}", f"install a newer one: {_INSTALL}")
    if host is None:
        fix = f"it comes with Pulumi: put the whole of its folder on PATH ({_INSTALL})"
        return Finding("pulumi", State.BAD, f"{shown}, without {LANGUAGE_HOST}", fix)
    if sdk and (version.major, version.minor) < (sdk.major, sdk.minor):
        said = f"{shown}, older than its Python package {sdk}"
        return Finding("pulumi", State.WARNING, said, f"install {sdk} or newer: {_INSTALL}")
    return Finding("pulumi", State.OK, shown)


def plugins(
    wanted: Mapping[str, str], installed: Mapping[str, Iterable[str]], *, ambient: Iterable[str] = ()
) -> Finding:
    """The provider plugins of clouds, by name and version.

    One on PATH, or that runs already (`ambient`), is taken whatever its version.
    """
    names = frozenset(ambient)
    lost = {
        name: version
        for name, version in wanted.items()
        if name not in names and version not in installed.get(name, ())
    }
    if not wanted:
        return Finding("plugins", State.OK, "the manifest needs none of a cloud")
    shown = ", ".join(f"{name} {version}" for name, version in wanted.items() if name not in lost)
    if lost:
        fix = "; ".join(f"pulumi plugin install resource {name} {version}" for name, version in lost.items())
        said = "; ".join(
            f"{name} {version} is not there{_others(installed.get(name, ()))}" for name, version in lost.items()
        )
        return Finding("plugins", State.WARNING, f"{said}: the next deployment downloads it", fix)
    taken = [name for name in wanted if name in names]
    return Finding("plugins", State.OK, shown + (f" ({', '.join(taken)} from PATH, or attached)" if taken else ""))


def _others(versions: Iterable[str]) -> str:
    found = ", ".join(sorted(versions))
    return f" ({found} is)" if found else ""


def installed_plugins(home: Path) -> dict[str, set[str]]:
    """The resource plugins in Pulumi's folder: `plugins/resource-<name>-v<version>`."""
    found: dict[str, set[str]] = {}
    for folder in (home / "plugins").glob("resource-*-v*"):
        match = re.fullmatch(r"resource-(.+)-v(\d.*)", folder.name)
        if match and folder.is_dir() and not folder.with_name(f"{folder.name}.partial").exists():
            found.setdefault(match[1], set()).add(match[2])
    return found


def wanted_plugin(text: str) -> tuple[str, str] | None:
    """Name and version in the `pulumi-plugin.json` of a package."""
    try:
        said = json.loads(text)
    except ValueError:
        return None
    if not isinstance(said, dict) or not isinstance(said.get("version"), str):
        return None
    return str(said.get("name", "")), said["version"]


def provider(settings: Mapping[str, object], root: Path, executable: str | None, installed: str | None) -> Finding:
    """Where Pulumi finds the provider `lightly`: a folder that Pulumi.yaml names, else an executable on PATH.

    `installed` is the folder of the installed package, for the way out.
    """
    named = _named(settings)
    fix = "in Pulumi.yaml: plugins: {providers: [{name: lightly, path: " + (installed or "FOLDER") + "}]}"
    if named is None:
        if executable:
            return Finding("provider", State.OK, executable)
        said = f"neither does Pulumi.yaml name it nor is {PROVIDER} on PATH"
        return Finding("provider", State.BAD, said, fix)
    folder = root / named
    if any((folder / name).is_file() and name != "PulumiPlugin.yaml" for name in (PROVIDER, f"{PROVIDER}.exe")):
        return Finding("provider", State.OK, str(folder))
    if not (folder / "PulumiPlugin.yaml").is_file():
        return Finding(
            "provider", State.BAD, f"there is no PulumiPlugin.yaml in {folder}, which Pulumi.yaml names", fix
        )
    environment = _environment((folder / "PulumiPlugin.yaml").read_text(encoding="utf-8"))
    if environment and not (folder / environment).is_dir():
        said = f"{folder}: its environment {environment} is not there"
        return Finding("provider", State.BAD, said, "`pulumi install` makes it")
    return Finding("provider", State.OK, str(folder))


def _named(settings: Mapping[str, object]) -> str | None:
    """The `path` of the provider `lightly` in Pulumi.yaml.

    https://www.pulumi.com/docs/iac/concepts/projects/project-file/#plugins-options
    """
    plugins = settings.get("plugins")
    listed = plugins.get("providers") if isinstance(plugins, Mapping) else None
    for each in listed if isinstance(listed, Sequence) and not isinstance(listed, str) else ():
        if isinstance(each, Mapping) and each.get("name") == "lightly" and isinstance(each.get("path"), str):
            return str(each["path"])
    return None


def _environment(text: str) -> str | None:
    found = re.search(r"^\s*virtualenv:\s*(\S+)\s*$", text, re.MULTILINE)
    return found[1] if found else None
