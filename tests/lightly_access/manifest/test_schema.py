"""The JSON Schema: up to date, and of one mind with the check."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft7Validator
from lightly_access.kinds import registry
from lightly_access.kinds.azure.store import AzureStore
from lightly_access.kinds.gcs.store import GcsStore
from lightly_access.kinds.obs.store import ObsStore
from lightly_access.kinds.s3.store import S3Store
from lightly_access.manifest import Manifest
from lightly_access.manifest.models import Dataset, Verify
from lightly_access.manifest.schema import manifest_schema, schema_text
from lightly_access.tables.datasource import Datasource
from lightly_access.tables.table import Table

from tests.examples import examples
from tests.lightly_access.manifest.example import GOOD, manifests, spoiled
from tests.lightly_access.manifest.test_manifest import RULES

CHECKED_IN = Path(__file__).parents[3] / "stacks" / "schema.json"


def test_the_checked_in_schema_is_up_to_date() -> None:
    assert CHECKED_IN.read_text(encoding="utf-8") == schema_text(), (
        "hint: lightly-access schema --out stacks/schema.json"
    )


@pytest.mark.parametrize(
    "table", [S3Store, AzureStore, GcsStore, ObsStore, *registry.accounts().values(), Datasource, Dataset, Verify]
)
def test_every_key_is_described_and_no_other_key_is_allowed(table: type[Table]) -> None:
    definition = manifest_schema()["definitions"][table.__name__]
    assert definition["additionalProperties"] is False
    assert set(definition["properties"]) == set(table.model_fields)
    for name, key in definition["properties"].items():
        assert key.get("description"), name


def _validator() -> Draft7Validator:
    return Draft7Validator(manifest_schema())


def test_it_is_a_schema_and_takes_the_good_manifest() -> None:
    validator = _validator()
    validator.check_schema(manifest_schema())
    assert validator.is_valid({"config": GOOD, "encryptionsalt": "v1:x"})
    assert validator.is_valid({key.removeprefix("lightly-access:"): value for key, value in GOOD.items()})


@examples(0.3)
@given(manifests())
def test_what_the_check_accepts_the_schema_accepts(config: dict[str, Any]) -> None:
    validator = _validator()
    for accepted in (config, Manifest.parse(config).to_config()):
        assert [error.message for error in validator.iter_errors({"config": accepted})] == []


def test_the_schema_refuses_what_it_can_see() -> None:
    validator = _validator()
    missed = [rule[0] for rule in RULES if validator.is_valid({"config": spoiled({rule[0]: rule[1]})})]
    seen = [rule[0] for rule in RULES if rule[0] not in missed]
    assert {"stores.lake.kind", "stores.lake.region", "datasets.farm-animals.type", "verify.dedline", "dataset"} <= set(
        seen
    )
