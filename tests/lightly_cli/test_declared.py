"""What only an example declares: whoever asks for it is told where it is and how to name it."""

from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from lightly_access.manifest.stack_file import EXAMPLE
from lightly_cli import declared

STACK = """config:
  lightly-access:stores:
    {store}: {{kind: local, input_mount: /srv/in, lightly_mount: /srv/out}}
  lightly-access:datasets:
    {name}:
      type: images
      input: {{store: {store}, path: in/, access: mount}}
      lightly: {{store: {store}, path: out/, access: mount}}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Pulumi.yaml").write_text("name: acme\nruntime: python\n")
    (tmp_path / "Pulumi.shown.yaml").write_text(f"{EXAMPLE}\n{STACK.format(name='cows', store='disks')}")
    return tmp_path


ASKED: dict[str, Callable[[str | None], object]] = {
    "dataset": lambda stack: declared.dataset("cows", stack),
    "local store": lambda stack: declared.local_store(stack, "disks"),
    "any local store": lambda stack: declared.local_store(stack, None),
    "stack": declared.stack_manifest,
}


@pytest.mark.parametrize("what", ASKED)
def test_what_only_an_example_declares_is_refused_with_the_way_to_name_it(project: Path, what: str) -> None:
    with pytest.raises(typer.BadParameter, match=r"examples do.*: shown\nhint: (--stack shown|name the stack)"):
        ASKED[what](None)
    assert ASKED[what]("shown")


def test_a_name_that_nobody_declares_is_not_looked_for_in_the_example_that_is_named(project: Path) -> None:
    (project / "Pulumi.mine.yaml").write_text(STACK.format(name="hens", store="mine"))
    with pytest.raises(typer.BadParameter, match="did you mean 'hens'"):
        declared.dataset("hen", None)
    with pytest.raises(typer.BadParameter, match="one of the datasets: cows"):
        declared.dataset("hens", "shown")
