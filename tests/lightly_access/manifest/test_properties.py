"""What holds for every manifest: accepted ones render, parse to themselves, and no text breaks the check."""

from collections.abc import Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from lightly_access.kinds import registry
from lightly_access.kinds.azure import names as azure_names
from lightly_access.kinds.azure.account import AzureSubscription
from lightly_access.kinds.azure.store import AzureStore
from lightly_access.kinds.gcs.account import GcpProject
from lightly_access.kinds.gcs.store import GcsStore
from lightly_access.kinds.local import names as local_names
from lightly_access.kinds.local.store import LocalStore
from lightly_access.kinds.obs.store import ObsStore
from lightly_access.kinds.s3 import rules
from lightly_access.kinds.s3.account import AwsAccount
from lightly_access.kinds.s3.store import S3Store
from lightly_access.manifest import Manifest
from lightly_access.tables.datasource import Datasource
from lightly_access.tables.problem import Problem
from lightly_access.tables.table import StoreTable as Store
from lightly_core import lightly_rules
from lightly_core.capability import Capability, Purpose, expected
from lightly_policies.evaluator.document import Document
from lightly_policies.proof_aws import prove_aws
from lightly_policies.render_aws import aws_grant, aws_key_policy, aws_trust

from tests.examples import examples
from tests.lightly_access.manifest.example import KEY, manifests, spoiled

EXTERNAL_ID = "an-external-id-of-43-characters-000000000000"


@examples(0.5)
@given(manifests())
def test_an_accepted_manifest_renders_to_documents_that_the_rules_and_the_evaluator_accept(
    config: dict[str, Any],
) -> None:
    manifest = Manifest.parse(config)
    for name, dataset in manifest.datasets.items():
        assert lightly_rules.dataset_name(name) is None
        assert lightly_rules.dataset_type(dataset.type) is None
        for purpose, source in ((Purpose.INPUT, dataset.input), (Purpose.LIGHTLY, dataset.lightly)):
            renders(purpose, source, manifest.stores[source.store])


def renders(purpose: Purpose, source: Datasource, store: Store) -> None:
    """Render and prove the documents of one datasource as a deployment would."""
    if isinstance(
        store, ObsStore
    ):  # no document of ours: what the manifest promises is that the path can be registered
        assert registry.kind_of("obs").path_fault(f"obs://{store.bucket}/{source.path}") is None
        return
    if isinstance(store, AzureStore):
        assert azure_names.azure_path(f"azure://{store.account}/{store.container}/{source.path}") is None
        assert source.sas == "stored_policy" or source.rotate_after <= 5
        return
    if isinstance(store, GcsStore):
        assert registry.kind_of("gcs").path_fault(f"gs://{store.bucket}/{source.path}") is None
        return
    if isinstance(store, LocalStore):  # likewise
        assert local_names.relative_path(source.path) is None
        return
    assert isinstance(store, S3Store)
    region, partition = store.region, rules.partition(store.region)
    key = KEY.replace("eu-central-1", region) if store.kms_key == "create" else store.kms_key
    old_keys = [key or KEY.replace("eu-central-1", region) if old == "create" else old for old in store.old_kms_keys]
    assert registry.kind_of("s3").path_fault(f"s3://{store.bucket}/{source.path}") is None
    assert rules.s3_region(region) is None
    assert rules.region_access(region, source.access) is None
    assert key is None or rules.kms_key_arn(key, region) is None
    network = source.hardened.network if source.hardened else None
    listing = source.list_prefix_condition
    grant = aws_grant(
        purpose,
        store.bucket,
        source.path,
        region=region,
        kms_key_arn=key,
        old_kms_key_arns=old_keys,
        list_prefix_condition=listing,
        partition=partition,
        holder="role" if source.access == "delegated" else "group",
        network=network,
    )
    Document.parse("grant", grant).require("identity")
    Document.parse("key", aws_key_policy("123456789012", region=region)).require("resource")
    trust = aws_trust(EXTERNAL_ID) if source.access == "delegated" else None
    proof = prove_aws(
        purpose,
        store.bucket,
        source.path,
        grant=grant,
        region=region,
        trust=trust,
        external_id=EXTERNAL_ID if trust else None,
        kms_key_arn=key,
        old_kms_key_arns=old_keys,
        list_prefix_condition=listing,
        partition=partition,
        network=network,
    )
    assert proof.unexpected == ()
    wanted = expected(purpose, hardened=network is not None)
    assert {Capability(name): value for name, value in proof.capabilities.items()} == wanted


@given(manifests())
def test_a_normalised_manifest_checks_to_itself(config: dict[str, Any]) -> None:
    manifest = Manifest.parse(config)
    normal = manifest.to_config()
    assert Manifest.parse(normal) == manifest
    assert Manifest.parse(normal).to_config() == normal


PHOTOS = {"kind": "azure", "account": "acmephotos", "container": "datalake", "resource_group": "acme-data"}
FRAMES = {"kind": "gcs", "bucket": "acme-frames", "project": "acme-ml"}
PLACES = [
    *("stores", "datasets", "verify", "tags", "manifest", "stores.lake", "datasets.farm-animals", "verify.deadline"),
    *(f"stores.results.{key}" for key in S3Store.model_fields),
    "accounts",
    *(f"accounts.data.{key}" for key in (*AwsAccount.model_fields, *AzureSubscription.model_fields)),
    *(f"accounts.ml.{key}" for key in GcpProject.model_fields),
    *(f"stores.photos.{key}" for key in AzureStore.model_fields),
    *(f"stores.frames.{key}" for key in GcsStore.model_fields),
    *("datasets.dashcam.type", "datasets.dashcam.adopt", "datasets.dashcam.input", "datasets.dashcam.lightly"),
    *(f"datasets.dashcam.input.{key}" for key in Datasource.model_fields),
    "stores.results.tags.team",
    "datasets.dashcam.input.something",
]
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates() | st.binary(max_size=3),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text() | st.integers(), children, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(PLACES), values, min_size=1, max_size=3))
def test_no_value_in_any_place_breaks_the_check_and_every_problem_names_an_existing_place(
    changes: dict[str, object],
) -> None:
    config: dict[str, Any] = spoiled({})
    config["lightly-access:stores"] |= {"photos": dict(PHOTOS), "frames": dict(FRAMES) | {"owner": "ml"}}
    config["lightly-access:accounts"] = {"data": {"cloud": "aws"}, "ml": {"cloud": "gcp", "project": "acme-ml"}}
    for where in sorted(changes):  # outer places first
        _put(config, where.split("."), changes[where])
    found = Manifest.check(config)
    assert (found.manifest is None) is bool(found.problems)
    for problem in (*found.problems, *found.warnings):
        assert len(str(problem).splitlines()) == 1 + (problem.hint is not None)
        assert _exists(config, problem), problem
        assert problem.as_json()["where"] == problem.where


def _put(config: dict[str, Any], where: list[str], value: object) -> None:
    table: Any = config
    for key in [f"lightly-access:{where[0]}", *where[1:]][: len(where) - 1]:
        table = table.setdefault(key, {}) if isinstance(table, dict) else {}
    if isinstance(table, dict):
        table[where[-1] if len(where) > 1 else f"lightly-access:{where[0]}"] = value


def _exists(config: Mapping[str, Any], problem: Problem) -> bool:
    """The value is there, or the table is that misses it."""
    value: Any = config
    for depth, key in enumerate(problem.path):
        names = {str(name): name for name in value} if isinstance(value, dict) else {}
        wanted = f"lightly-access:{key}" if depth == 0 else key
        if wanted not in names:
            return depth == len(problem.path) - 1
        value = value[names[wanted]]
    return True


@given(st.dictionaries(st.text(max_size=12), values, max_size=3))
def test_no_configuration_at_all_breaks_the_check(config: dict[str, object]) -> None:
    Manifest.check(config)
