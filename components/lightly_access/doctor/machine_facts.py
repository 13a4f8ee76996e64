"""Looks at this machine for what `machine` and `pulumi_tools` decide on. Nothing is written."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from importlib import metadata, util
from pathlib import Path
from urllib.request import getproxies

from lightly_core.pulumi_version import OLDEST, first

from lightly_access.doctor import machine, pulumi_tools
from lightly_access.doctor.finding import Answer, Finding
from lightly_access.doctor.question import Question
from lightly_access.doctor.stack import Stack
from lightly_access.kinds import registry
from lightly_access.kinds.kind import Kind
from lightly_access.manifest.stack_file import project_settings

_SECONDS = 10


def questions(stack: Stack) -> Iterator[Question]:
    """About Python, its packages, Pulumi with its plugins, the provider, the proxy and certificates."""
    kinds = [kind for kind in registry.ROWS if any(each.kind == kind.name for each in stack.manifest.stores.values())]
    looks: dict[str, Callable[[], Finding]] = {
        "python": _python,
        "packages": partial(_packages, stack.root, kinds),
        "pulumi": _pulumi,
        "plugins": partial(_plugins, kinds),
        "provider": partial(_provider, stack.root),
        "proxy": _proxy,
        "TLS": partial(machine.certificates, stack.environ),
    }
    for name, look in looks.items():
        yield Question(name, partial(_answer, look))


def _answer(look: Callable[[], Finding]) -> Answer:
    return Answer((look(),))


def _python() -> Finding:
    return machine.python(sys.version_info[:3], sys.executable, sys.prefix != sys.base_prefix)


def _packages(root: Path, kinds: Iterable[Kind]) -> Finding:
    lock = root / machine.LOCK
    wanted = machine.locked(lock.read_text(encoding="utf-8")) if lock.is_file() else {}
    installed = {each.name: each.version for each in metadata.distributions()}
    needed = {kind.sdk: kind.extra for kind in kinds if kind.sdk and kind.extra}
    return machine.packages(wanted, installed, needed)


def _pulumi() -> Finding:
    path = shutil.which("pulumi")
    host = shutil.which(pulumi_tools.LANGUAGE_HOST)
    if path and not host:  # Pulumi looks beside itself too
        host = shutil.which(pulumi_tools.LANGUAGE_HOST, path=str(Path(path).resolve().parent))
    return pulumi_tools.pulumi(_version(path) if path else None, path or "", host, first(_installed("pulumi") or ""))


def pulumi_works() -> bool:
    """Whether there is a Pulumi that can be asked; one that is too old has a line of its own."""
    path = shutil.which("pulumi")
    said = _version(path) if path else ""
    version = first(said) if said.startswith("v") else None
    return version is not None and version >= OLDEST


def _version(path: str) -> str:
    env = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"}
    try:
        ended = subprocess.run([path, "version"], env=env, capture_output=True, text=True, timeout=_SECONDS)  # noqa: S603 - the user's own
    except (OSError, subprocess.SubprocessError):
        return ""
    return ended.stdout.strip()


def _plugins(kinds: Iterable[Kind]) -> Finding:
    texts = [_beside(kind.sdk, "pulumi-plugin.json") for kind in kinds if kind.sdk]
    wanted = dict(found for text in texts if text and (found := pulumi_tools.wanted_plugin(text)))
    home = Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi")
    attached = {each.partition(":")[0] for each in os.environ.get("PULUMI_DEBUG_PROVIDERS", "").split(",")}
    ambient = [name for name in wanted if name in attached or shutil.which(f"pulumi-resource-{name}")]
    return pulumi_tools.plugins(wanted, pulumi_tools.installed_plugins(home), ambient=ambient)


def _provider(root: Path) -> Finding:
    spec = util.find_spec("lightly_provider")  # found, and not imported
    folder = str(Path(spec.origin).parent) if spec and spec.origin else None
    return pulumi_tools.provider(project_settings(root), root, shutil.which(pulumi_tools.PROVIDER), folder)


def _proxy() -> Finding:
    found = getproxies()
    return machine.proxy(found, found.get("no", ""))


def _installed(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _beside(package: str, file: str) -> str | None:
    spec = util.find_spec(package)
    path = Path(spec.origin).with_name(file) if spec and spec.origin else None
    return path.read_text(encoding="utf-8") if path and path.is_file() else None
