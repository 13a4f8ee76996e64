"""Keys of a stack's file that nobody reads are named with what was meant; a manifest of nothing is said twice."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lightly_access.manifest import Checked, Manifest
from lightly_access.manifest.config_keys import full_key, misplaced
from lightly_access.manifest.stack_file import check_path
from lightly_access.tables.written import KEYS, NAMESPACE

GOOD = """\
config:
  aws:region: eu-central-1
  lightly-access:stores: {lake: {kind: s3, bucket: acme-datalake, region: eu-central-1}}
  lightly-access:datasets:
    cows:
      type: images
      input: {store: lake, path: cows/, access: delegated}
      lightly: {store: lake, path: lightly/cows/, access: delegated}
"""


def checked(folder: Path, text: str, project: str = "lightly-access") -> Checked:
    (folder / "Pulumi.yaml").write_text(f"name: {project}\nruntime: python\n")
    (folder / "Pulumi.prod.yaml").write_text(text)
    return check_path(folder / "Pulumi.prod.yaml")


def slips(word: str) -> st.SearchStrategy[str]:
    """The word with one letter left out, doubled, or changed with the next; or joined otherwise."""
    at = st.integers(1, len(word) - 2)
    return st.one_of(
        at.map(lambda i: word[:i] + word[i + 1 :]),
        at.map(lambda i: word[:i] + word[i] + word[i:]),
        at.map(lambda i: word[:i] + word[i + 1] + word[i] + word[i + 2 :]),
        st.sampled_from([word.replace("-", "_"), word.replace("-", ""), word.title(), word.upper()]),
    )


@given(slips(NAMESPACE), st.sampled_from(KEYS))
def test_a_slip_in_the_namespace_is_named_with_what_was_meant(namespace: str, name: str) -> None:
    found = list(misplaced([f"{namespace}:{name}"], "acme"))
    assert namespace == NAMESPACE or [problem.hint for problem in found] == [f"did you mean '{NAMESPACE}:{name}'?"]


@given(st.sampled_from([key for key in KEYS if len(key) > 3]).flatmap(lambda key: st.tuples(st.just(key), slips(key))))
def test_a_slip_in_a_key_is_named_with_what_was_meant(word: tuple[str, str]) -> None:
    meant, written = word
    found = Manifest.check({f"{NAMESPACE}:{written}": {}})
    assert written in KEYS or any(problem.hint == f"did you mean {meant!r}?" for problem in found.problems)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("lightly-access:datasets", "lightly:datasets", "did you mean 'lightly-access:datasets'?"),
        ("lightly-access:stores", "lightly-acces:stores", "did you mean 'lightly-access:stores'?"),
        ("config:", "confg:", "did you mean 'config'?"),
        ("config:\n", "", "one level down"),
        ("aws:region: eu", "lightly:tokn: eu", "did you mean 'token'?"),
        ("aws:region: eu", "'a:b:c': eu", "a key of the form namespace:name"),
    ],
)
def test_a_stack_file_that_pulumi_would_read_otherwise_is_no_good(
    tmp_path: Path, before: str, after: str, said: str
) -> None:
    assert checked(tmp_path, GOOD).manifest
    found = checked(tmp_path, GOOD.replace(before, after))
    assert found.manifest is None
    assert said in "\n".join(map(str, found.problems))
    assert all(problem.place for problem in found.problems)


def test_keys_of_others_are_left_alone(tmp_path: Path) -> None:
    others = "  acme:datasets: 1\n  gcp:project: x\n  lightsail:size: 3\n  lightly-storage:x: 1\n  mine: 2\n"
    assert checked(tmp_path, GOOD + others, project="acme").problems == ()


def test_a_bare_key_belongs_to_the_project_as_pulumi_has_it(tmp_path: Path) -> None:
    bare = GOOD.replace("lightly-access:", "")
    assert checked(tmp_path, bare).manifest
    [problem] = checked(tmp_path, bare, project="acme").problems
    assert problem.hint == "did you mean 'lightly-access:stores' by 'stores'?"
    assert checked(tmp_path, GOOD.replace("access:stores", "access:config:stores")).manifest
    assert full_key("lightly-access:config:stores", "acme") == "lightly-access:stores"


def test_what_the_project_gives_to_every_stack_counts_and_a_stack_overrides_it(tmp_path: Path) -> None:
    source = "{store: lake, path: PATH/, access: delegated}"
    cows = f"{{type: images, input: {source.replace('PATH', 'cows')}, lightly: {source.replace('PATH', 'out')}}}"
    project = f"lightly-access\nconfig:\n  lightly-access:datasets: {{value: {{cows: {cows}}}}}"
    stores = GOOD.split("  lightly-access:datasets:")[0]
    found = checked(tmp_path, stores, project=project)
    assert found.manifest
    assert list(found.manifest.datasets) == ["cows"]
    overridden = checked(tmp_path, f"{stores}  lightly-access:datasets: {{}}\n", project=project)
    assert overridden.manifest
    assert not overridden.manifest.datasets


def test_what_comes_from_an_environment_is_not_missed(tmp_path: Path) -> None:
    assert checked(tmp_path, "environment: [acme/prod]\n").problems == ()


@pytest.mark.parametrize("text", ["", "config:\n", "config: {}\n", "config:\n  lightly-access:datasets:\n"])
def test_a_manifest_of_nothing_is_refused_until_it_is_said_twice(tmp_path: Path, text: str) -> None:
    [problem] = checked(tmp_path, text).problems
    assert problem.hint
    assert "lightly-access:empty: true" in problem.hint
    said = text if text.startswith("config:\n") else "config:\n"
    found = checked(tmp_path, f"{said}  lightly-access:empty: true\n")
    assert found.manifest
    assert Manifest.parse(found.manifest.to_config()).datasets == {}
    assert not checked(tmp_path, f"{GOOD}  lightly-access:empty: true\n").manifest
