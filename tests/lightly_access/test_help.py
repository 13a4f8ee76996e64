"""What `help()` shows of the public names: an example that runs, and every argument with its meaning."""

import inspect
import re
from textwrap import dedent
from typing import Any, get_type_hints

import lightly_access
import pulumi
import pytest
from lightly_access.arguments.check import Component

from tests.lightly_access.recording import record

PUBLIC: dict[str, Any] = {name: getattr(lightly_access, name) for name in lightly_access.__all__}
COMPONENTS = {
    name: found
    for name, found in PUBLIC.items()
    if inspect.isclass(found) and issubclass(found, Component) and found is not lightly_access.Access
}
WITH_EXAMPLE = [*COMPONENTS, "LocalFolders", "Network", "ObsBucket"]


@pytest.mark.parametrize("name", WITH_EXAMPLE)
def test_the_example_is_one_that_runs(name: str) -> None:
    found = re.search(r"(?s)Example:\n(.*?)(?=\n\n    \S|\Z)", PUBLIC[name].__doc__)
    assert found
    assert f"{name}(" in found[1]
    recording = record()
    pulumi.runtime.set_all_config(
        {"acme:externalId": "an-external-id", "obs:keyId": "AKIDEXAMPLE", "obs:secretKey": "the-secret"}
    )
    registered: list[str] = []

    @pulumi.runtime.test  # type: ignore[untyped-decorator]  # the SDK's
    def run() -> object:
        names = {"pulumi": pulumi, **PUBLIC}
        exec(dedent(found[1]), names)  # noqa: S102 - our own words
        made = [value for value in names.values() if isinstance(value, pulumi.Resource)]
        registered.extend(type(value).__name__ for value in made)
        return pulumi.Output.all(*(value.urn for value in made)).apply(lambda urns: None)

    run()
    assert name not in COMPONENTS or name in registered
    assert bool(recording.found) == bool(registered)


@pytest.mark.parametrize("name", COMPONENTS)
def test_help_names_every_argument_and_what_it_means(name: str) -> None:
    args = get_type_hints(COMPONENTS[name].__init__)["args"]
    shown = inspect.getdoc(COMPONENTS[name]) or ""
    told = dict(re.findall(r"(?m)^    (\w+)(?: \(optional\))?: (.+)$", shown.partition("Arguments")[2]))
    assert set(told) == set(args.__annotations__)
    needed = set(re.findall(r"(?m)^    (\w+): ", shown.partition("Arguments")[2]))
    assert needed == set(args.__required_keys__)


def test_a_name_whose_extra_is_missing_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(lightly_access.__dict__, "GcsBucket", raising=False)
    missing = ModuleNotFoundError("No module named 'pulumi_gcp'", name="pulumi_gcp")

    def refuse(name: str) -> object:
        raise missing

    monkeypatch.setattr(lightly_access, "import_module", refuse)
    with pytest.raises(ModuleNotFoundError) as error:
        _ = lightly_access.GcsBucket
    words = "GcsBucket needs pulumi_gcp, which is not installed\nhint: pip install 'lightly-access[gcp]'"
    assert str(error.value) == words
