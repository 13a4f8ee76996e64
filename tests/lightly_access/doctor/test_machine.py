"""This machine and Pulumi's tools: what is decided of facts."""

from pathlib import Path

import pytest
from lightly_access.doctor import machine, pulumi_tools
from lightly_access.doctor.finding import Finding, State
from lightly_core.pulumi_version import OLDEST, Version

ROOT = Path(__file__).parents[3]


def is_(found: Finding, state: State, *words: str) -> None:
    assert found.state is state, found
    assert all(word in f"{found.said} {found.fix}" for word in words), found
    assert (found.fix is None) == (state is State.OK)


def test_python_is_new_enough_and_has_an_environment_of_its_own() -> None:
    is_(machine.python((3, 11, 7), "/p", True), State.OK, "3.11.7", "/p")
    is_(machine.python((3, 10, 1), "/p", True), State.BAD, "too old")
    is_(machine.python((3, 12, 0), "/p", False), State.WARNING, "pulumi install")
    assert f'requires-python = ">={".".join(map(str, machine._OLDEST))}"' in (ROOT / "pyproject.toml").read_text()


def test_packages_are_compared_with_the_lock_and_the_kinds_of_store() -> None:
    wanted = machine.locked((ROOT / machine.LOCK).read_text())
    assert {"pulumi", "pulumi-aws", "typing-extensions"} <= wanted.keys()
    is_(machine.packages(wanted, wanted, {"pulumi_aws": "aws"}), State.OK, str(len(wanted)))
    is_(machine.packages(wanted, wanted | {"pulumi": "3.0.0"}, {}), State.WARNING, f"wanted {wanted['pulumi']}")
    is_(machine.packages(wanted, {}, {}), State.WARNING, "and ", "more")
    is_(machine.packages({}, {"pulumi": "3.1"}, {"pulumi_gcp": "gcp"}), State.BAD, "lightly-access[gcp]")
    is_(machine.packages({}, {"Pulumi_AWS": "7", "pulumi": "3"}, {"pulumi_aws": "aws"}), State.OK, "pulumi 3")


@pytest.mark.parametrize(
    ("proxies", "state", "said"),
    [
        ({}, State.OK, "none"),
        ({"https": "http://user:canary@proxy.acme.com:3128"}, State.OK, "proxy.acme.com:3128 for https"),
        ({"http": "http://proxy:3128"}, State.WARNING, "none for https"),
        ({"https": "http://[proxy"}, State.BAD, "cannot be read"),
    ],
)
def test_a_proxy_is_named_without_its_login(proxies: dict[str, str], state: State, said: str) -> None:
    found = machine.proxy(proxies, "localhost")
    is_(found, state, said)
    assert "canary" not in found.said


def test_files_of_certificates_are_there_and_hold_some(tmp_path: Path) -> None:
    (empty := tmp_path / "ca.pem").write_text("nothing\n")
    is_(machine.certificates({}), State.OK, "OpenSSL")
    is_(machine.certificates({"LIGHTLY_CA_CERTS": str(empty)}), State.BAD, "LIGHTLY_CA_CERTS", "no certificates")
    is_(machine.certificates({"AWS_CA_BUNDLE": str(tmp_path / "none")}), State.BAD, "No such file")
    is_(machine.certificates({"AWS_CA_BUNDLE": str(tmp_path)}), State.OK, str(tmp_path))


def test_pulumi_is_there_and_new_enough_with_its_language_host() -> None:
    newer, sdk = f"v{OLDEST.major}.{OLDEST.minor + 50}.0", Version(3, OLDEST.minor + 1, 0)
    is_(pulumi_tools.pulumi(None, "", None, sdk), State.BAD, "not on PATH", "install")
    is_(pulumi_tools.pulumi("", "/p", "/h", sdk), State.BAD, "does not say its version")
    is_(pulumi_tools.pulumi("v3.100.2", "/p", "/h", sdk), State.BAD, f"older than {OLDEST}")
    is_(pulumi_tools.pulumi(newer, "/p", None, sdk), State.BAD, "pulumi-language-python")
    is_(pulumi_tools.pulumi(f"v{OLDEST}", "/p", "/h", sdk), State.WARNING, "older than its Python package")
    is_(pulumi_tools.pulumi(newer, "/p", "/h", sdk), State.OK, "/p")


def test_plugins_are_those_that_the_packages_want(tmp_path: Path) -> None:
    for name in ("resource-aws-v7.51.1", "resource-azure-native-v3.0.0", "language-go-v1", "resource-aws-v7.52.0"):
        (tmp_path / "plugins" / name).mkdir(parents=True)
    (tmp_path / "plugins/resource-aws-v7.52.0.partial").touch()  # a download that was cut off
    installed = pulumi_tools.installed_plugins(tmp_path)
    assert installed == {"aws": {"7.51.1"}, "azure-native": {"3.0.0"}}
    is_(pulumi_tools.plugins({"aws": "7.51.1"}, installed), State.OK, "aws 7.51.1")
    said = "pulumi plugin install resource azure-native 3.29.0"
    is_(pulumi_tools.plugins({"azure-native": "3.29.0"}, installed), State.WARNING, "(3.0.0 is)", said)
    is_(pulumi_tools.plugins({"gcp": "10.2.0"}, {}, ambient=["gcp"]), State.OK, "from PATH")
    is_(pulumi_tools.plugins({}, {}), State.OK)
    text = '{"resource": true, "name": "aws", "version": "7.51.1"}'
    assert pulumi_tools.wanted_plugin(text) == ("aws", "7.51.1")
    assert pulumi_tools.wanted_plugin("{}") is pulumi_tools.wanted_plugin("no JSON") is None


def test_the_provider_is_where_pulumi_looks_for_it(tmp_path: Path) -> None:
    settings = {"plugins": {"providers": [{"name": "other", "path": "x"}, {"name": "lightly", "path": "here"}]}}
    is_(pulumi_tools.provider({}, tmp_path, None, "/installed"), State.BAD, "path: /installed")
    is_(pulumi_tools.provider({}, tmp_path, "/bin/pulumi-resource-lightly", None), State.OK, "/bin/")
    is_(pulumi_tools.provider(settings, tmp_path, "/bin/x", None), State.BAD, "no PulumiPlugin.yaml")
    (tmp_path / "here").mkdir()
    (tmp_path / "here/PulumiPlugin.yaml").write_text("runtime:\n  options:\n    virtualenv: ../.venv\n")
    is_(pulumi_tools.provider(settings, tmp_path, None, None), State.BAD, "../.venv", "pulumi install")
    (tmp_path / ".venv").mkdir()
    is_(pulumi_tools.provider(settings, tmp_path, None, None), State.OK, "here")
