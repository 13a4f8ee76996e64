"""The rows of the registry: cheap to look at, and no word in them is said twice."""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterable

import pytest
from lightly_access.kinds import registry
from lightly_access.kinds.kind import Kind
from lightly_core.capability import Purpose

HEAVY = ("pydantic", "pulumi", "obstore", "jinja2", "lightly_policies", "boto3")


def test_looking_at_the_rows_imports_nothing_that_is_slow() -> None:
    asked = f"import sys, lightly_access.kinds.registry; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def twice(words: Iterable[str]) -> list[str]:
    return [word for word, count in Counter(words).items() if count > 1]


def test_every_word_means_one_thing() -> None:
    assert not twice(word for kind in registry.ROWS for word in (kind.name, *kind.other_names))
    accesses = [access for kind in registry.ROWS for access in kind.accesses]
    assert not twice(access.name for access in accesses)
    assert not twice(access.registration.type for access in accesses)
    assert set(registry.accesses()) == {access.name for access in accesses}


@pytest.mark.parametrize("kind", registry.ROWS, ids=lambda kind: kind.name)
def test_a_row_is_whole(kind: Kind) -> None:
    assert kind.accesses
    assert "kind" in kind.table().model_fields
    assert kind.account() is None or kind.cloud
    for access in kind.accesses:
        assert registry.registered_as(access.registration.type) == (kind, access)
        assert registry.access_fault(kind.name, access.name) is None
        assert access.options <= set(registry_options()), "an option is a key of the datasource's table"
        assert access.needed <= access.options
        assert access.name in kind.handoff().terms
        assert (access.config_entry is None) is (not access.registration.secrets)
        assert access.external is None or access.described
    for other in registry.ROWS:
        for access in other.accesses:
            fault = registry.access_fault(kind.name, access.name)
            assert (fault is None) is (other is kind)


def registry_options() -> Iterable[str]:
    from lightly_access.tables.datasource import Datasource

    return Datasource.model_fields


@pytest.mark.parametrize("kind", registry.ROWS, ids=lambda kind: kind.name)
def test_a_path_that_is_of_one_kind_is_of_no_other(kind: Kind) -> None:
    path = {
        "s3": "s3://lake-one/cows/", "azure": "azure://acmephotos/lake/cows/", "gcs": "gs://lake-one/cows/",
        "obs": "obs://lake-one/cows/", "local": "local://input_mount/cows/",
    }[kind.name]  # fmt: skip
    assert [other.name for other in registry.ROWS if other.path_fault(path, Purpose.INPUT) is None] == [kind.name]
    assert kind.location(path).directory == "cows/"
