"""The project (`Pulumi.yaml`) and the configuration of a stack (`Pulumi.<stack>.yaml`).

Sources: `sdk/go/common/workspace/project.go` and `sdk/go/common/resource/config` of pulumi/pulumi. Secure values are
decrypted with the file's `encryptionsalt` and the passphrase; a structured value reaches programs and providers as
JSON text.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import yaml
from lightly_core.secret import Secret

from lightly_sandbox.engine.secrets import Passphrase
from lightly_sandbox.engine.values import Properties, SecretValue


class ProjectError(ValueError):
    """Pulumi.yaml or the stack's file is missing something, or asks for what this engine does not do."""

    def __init__(self, path: Path, detail: str, hint: str) -> None:
        super().__init__(f"{path}: {detail}\nhint: {hint}")


@dataclass(frozen=True)
class LocalPlugin:
    """A provider that runs from a folder: an entry of `plugins.providers`."""

    name: str
    path: Path
    version: str = ""


@dataclass(frozen=True)
class Project:
    """What Pulumi.yaml says."""

    name: str
    root: Path
    main: Path
    config_dir: Path
    plugins: tuple[LocalPlugin, ...] = ()
    config: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def load(cls, directory: Path) -> "Project":
        """Read Pulumi.yaml. Raises ProjectError."""
        path = directory / "Pulumi.yaml"
        document = _yaml(path)
        runtime = document.get("runtime")
        name = runtime.get("name") if isinstance(runtime, dict) else runtime
        if name != "python":
            raise ProjectError(
                path, f"runtime is {name!r}, expected python", "the local engine runs Python programs only"
            )
        if not document.get("name"):
            raise ProjectError(path, "it has no name", "add `name: <project>`")
        if document.get("packages"):
            raise ProjectError(
                path, "`packages` is not supported by the local engine", "use plugins.providers with a path"
            )
        root = directory.resolve()
        return cls(
            document["name"],
            root,
            root / document.get("main", "."),
            root / document.get("stackConfigDir", "."),
            tuple(_plugin(path, root, item) for item in (document.get("plugins") or {}).get("providers") or []),
            document.get("config") or {},
        )


def _plugin(file: Path, root: Path, item: dict[str, Any]) -> LocalPlugin:
    path = (root / item["path"]).resolve()
    if not path.is_dir():
        raise ProjectError(
            file, f"plugins.providers: {item['name']}: {path} is not a folder", "give the plugin's folder"
        )
    return LocalPlugin(item["name"], path, str(item.get("version", "")))


def _yaml(path: Path) -> dict[str, Any]:
    try:
        document = yaml.safe_load(path.read_text())
    except FileNotFoundError:
        raise ProjectError(path, "there is no such file", "give the project's folder and a stack that exists") from None
    except yaml.YAMLError as error:
        raise ProjectError(path, f"it is not YAML ({error})", "mend the file") from None
    return document if isinstance(document, dict) else {}


@dataclass(frozen=True)
class StackConfig:
    """The configuration of a stack: text values by their full key; `secret_keys` are those that must not be shown."""

    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    secret_keys: frozenset[str] = frozenset()
    salt: str | None = None

    def of_package(self, package: str) -> Properties:
        """The values of one namespace, as inputs of its default provider."""
        return {
            key.split(":", 1)[1]: SecretValue(value) if key in self.secret_keys else value
            for key, value in self.values.items()
            if key.split(":", 1)[0] == package
        }

    @classmethod
    def load(
        cls, project: Project, stack: str, passphrase: Secret, overrides: Mapping[str, object] | None = None
    ) -> "StackConfig":
        """Read the stack's file, if there is one, and put `overrides` over it; a Secret among them stays secret."""
        path = project.config_dir / f"Pulumi.{stack}.yaml"
        document = _yaml(path) if path.exists() else {}
        salt = document.get("encryptionsalt")
        secrets = Passphrase(passphrase, salt, str(path)) if salt else None

        def decrypt(text: str) -> str:
            if secrets is None:
                raise ProjectError(
                    path, "a secure value without encryptionsalt", "set the value again with a passphrase"
                )
            return secrets.check().decrypt(text)

        values: dict[str, str] = {}
        secret_keys: set[str] = set()
        defaults = {
            key: item.get("default") if isinstance(item, dict) else item for key, item in project.config.items()
        }
        entries = {key: value for key, value in defaults.items() if value is not None}
        for source in (entries, document.get("config") or {}, overrides or {}):
            for key, value in source.items():
                full = key if ":" in key else f"{project.name}:{key}"
                plain, secret = _plain(value, decrypt)
                values[full] = plain if isinstance(plain, str) else json.dumps(plain)
                secret_keys.discard(full)
                if secret:
                    secret_keys.add(full)
        return cls(values, frozenset(secret_keys), salt)


def _plain(value: Any, decrypt: Callable[[str], str]) -> tuple[Any, bool]:
    """A config value with its secure parts decrypted, and whether there were any."""
    if isinstance(value, Secret):
        return value.reveal(), True
    if isinstance(value, dict):
        if set(value) == {"secure"} and isinstance(value["secure"], str):
            return decrypt(value["secure"]), True
        parts = {key: _plain(item, decrypt) for key, item in value.items()}
        return {key: part for key, (part, _) in parts.items()}, any(secret for _, secret in parts.values())
    if isinstance(value, list):
        items = [_plain(item, decrypt) for item in value]
        return [part for part, _ in items], any(secret for _, secret in items)
    if isinstance(value, date):  # YAML makes one of a day that is not quoted; Pulumi hands it on as Go writes it
        moment = value if isinstance(value, datetime) else datetime.combine(value, time())
        return f"{moment:%Y-%m-%d %H:%M:%S} +0000 UTC", False
    return value, False
