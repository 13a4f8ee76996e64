"""Entries go from one YAML text to another: both say what they said but for the entry, whatever is written around."""

from collections.abc import Mapping
from itertools import product
from typing import Any

import pytest
from lightly_access.manifest.entry_move import with_entry, without
from lightly_access.manifest.yaml_edit import NotEditableError
from lightly_access.manifest.yaml_text import read

TABLE = ("config", "lightly-access:datasets")
COWS = """    # of cows
    cows: # moo
      type: images # and nothing else
      input: {store: lake, path: "a: b/", access: delegated}

      # inside
      lightly:
        store: lake
        # at its end
"""
HENS = "    # of hens\n    hens:\n      type: videos\n"
HEAD = "# top\nconfig:\n  aws:region: eu-central-1 # a region\n"
TARGETS = {
    "nothing": "",
    "no table": HEAD,
    "an empty table": f"{HEAD}  lightly-access:datasets: {{}} # none\n  other:key: 1\n",
    "a null table": f"{HEAD}  lightly-access:datasets:\n  other:key: 1\n",
    "a table": f"{HEAD}  lightly-access:datasets:\n{HENS}  other:key: 1\n",
    "a table at the end": f"{HEAD}  lightly-access:datasets:\n{HENS.rstrip()}",
    "another column": f"{HEAD}  lightly-access:datasets:\n      hens:\n        type: videos\n",
}


def value(text: str) -> Any:
    return read(text, "it").value


def datasets(text: str) -> Mapping[str, Any]:
    found = value(text)["config"]["lightly-access:datasets"]
    assert isinstance(found, Mapping)
    return found


@pytest.mark.parametrize("before", ["", HENS])
@pytest.mark.parametrize("after", ["", HENS.replace("hens", "bees"), "\n    # far\n\n    bees:\n      type: images\n"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_an_entry_comes_out_with_its_comments_and_nothing_else(before: str, after: str, newline: str) -> None:
    source = f"{HEAD}  lightly-access:datasets: # all\n{before}{COWS}{after}  other:key: 1\n".replace("\n", newline)
    left, entry = without(source, TABLE, "cows", "it")
    assert entry.replace("\r\n", "\n") == COWS
    assert value(entry) == {"cows": datasets(source)["cows"]}
    kept = [line for line in source.replace("\r\n", "\n").splitlines() if line and line not in COWS.splitlines()]
    wanted = kept if before or after else [line.replace("datasets: #", "datasets: {} #") for line in kept]
    assert [line for line in left.replace("\r\n", "\n").splitlines() if line] == wanted


@pytest.mark.parametrize(("target", "newline"), [*product(TARGETS, ("\n", "\r\n"))])
def test_an_entry_goes_into_any_text_and_every_line_of_it_stays(target: str, newline: str) -> None:
    text = TARGETS[target].replace("\n", newline)
    after = with_entry(text, TABLE, COWS, "it")
    assert datasets(after)["cows"] == value(COWS)["cows"]
    old = (value(text) or {}).get("config", {}) if text else {}
    assert {k: v for k, v in value(after)["config"].items() if k != TABLE[1]} == {
        k: v for k, v in old.items() if k != TABLE[1]
    }
    assert dict(datasets(after)) == {**(old.get(TABLE[1]) or {}), **value(COWS)}
    for comment in ("# of cows", "# moo", "# and nothing else", "# inside", "# at its end"):
        assert after.count(comment) == 1
    assert ("\r\n" in after) == ("\r\n" in text)
    assert after.count("\n") == after.count(newline if text else "\n")
    again, entry = without(after, TABLE, "cows", "it")
    assert [line.strip() for line in entry.splitlines()] == [line.strip() for line in COWS.splitlines()]
    assert dict(datasets(again)) == (old.get(TABLE[1]) or {})


@pytest.mark.parametrize(
    "text",
    [
        "config:\n  lightly-access:datasets: {cows: {type: images}}\n",
        "config: {lightly-access:datasets: {cows: {type: images}}}\n",
        "config:\n  lightly-access:datasets:\n    cows: &c\n      type: images\n    hens: *c\n",
        "config:\n  lightly-access:datasets:\n    hens:\n      type: images\n",
    ],
    ids=["in a line", "all in a line", "an anchor", "not there"],
)
def test_what_cannot_be_taken_out_alone_is_refused(text: str) -> None:
    with pytest.raises(NotEditableError, match="hint: move the entry by hand"):
        without(text, TABLE, "cows", "it")


def test_a_file_of_a_manifest_folder_is_made() -> None:
    made = with_entry("", ("datasets",), COWS, "it")
    assert made.startswith("datasets:\n  # of cows\n  cows: # moo\n    type: images")
