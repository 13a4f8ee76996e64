"""Nothing that a kept store needs is removed before the store: every kind, every combination of its options.

A `destroy` keeps a store that holds data: its cloud refuses, or we never ask. What the engine then does is modelled
from pulumi/pulumi (`DeleteStep.Apply` and `performPostSteps` in pkg/resource/deploy): a resource goes after everything
that depends on it; one whose delete fails keeps all that it depends on, also with `--continue-on-error`; one that is
retained, or deleted with another that the same run deletes, is only forgotten.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import pulumi
import pytest
from lightly_access.deployment import deploy
from lightly_access.kinds import registry
from lightly_access.kinds.kind import Kind
from lightly_access.manifest import Manifest
from lightly_core.resource_types import DATASET, VERIFICATION
from pulumi.runtime import mocks

from tests.lightly_access.recording import Recording

FLAGS = (False, True)
KEY = "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555"
TABLES: Mapping[str, tuple[Mapping[str, object], Mapping[str, tuple[object, ...]], str]] = {
    "s3": (
        {"bucket": "acme-results", "region": "eu-central-1"},
        {
            "create": FLAGS,
            "versioning": FLAGS,
            "force_destroy": FLAGS,
            "noncurrent_days": (None, 30),
            "kms_key": (None, "create", KEY),
            "old_kms_keys": (None, ["create"], [KEY]),
        },
        "delegated",
    ),
    "azure": (
        {"account": "acmephotos", "container": "results", "resource_group": "acme-data", "location": "westeurope"},
        {"create": FLAGS, "create_account": FLAGS, "hierarchical": FLAGS, "force_destroy": FLAGS},
        "sas",
    ),
    "gcs": (
        {"bucket": "acme-results", "project": "acme-ml", "location": "EU"},
        {"create": FLAGS, "versioning": FLAGS, "force_destroy": FLAGS, "noncurrent_days": (None, 30)},
        "service_account",
    ),
    "obs": ({"bucket": "acme-results", "endpoint": "https://obs.example.com"}, {}, "key"),
    "local": (
        {"input_mount": "/srv/in", "lightly_mount": "/srv/out", "web_server": "http://localhost:3456"},
        {},
        "mount",
    ),
}
"""Kind -> what every store says, the options and their values, and an access."""

SPARE: Mapping[str, object] = {
    "spare": {"kind": "s3", "bucket": "acme-spare", "region": "eu-central-1", "create": True},
    "hives": {"kind": "gcs", "bucket": "acme-hives", "project": "acme-ml", "location": "EU", "create": True},
}
"""Stores that no access is to, and that `destroy` may have to keep."""
REFUSES = {"lightly:index:BucketGuard", "aws:s3/bucket:Bucket", "gcp:storage/bucket:Bucket"}
"""Whose delete fails as long as there are objects."""
OPENS = {
    *("aws:iam/role:Role", "aws:iam/rolePolicy:RolePolicy", "aws:iam/user:User", "aws:iam/group:Group"),
    *("aws:iam/groupPolicy:GroupPolicy", "aws:iam/accessKey:AccessKey", "lightly:index:AzureSas"),
    *("aws:iam/userGroupMembership:UserGroupMembership", "gcp:serviceaccount/account:Account"),
    *("gcp:serviceaccount/key:Key", "gcp:storage/bucketIAMMember:BucketIAMMember"),
}
"""What Lightly has access by."""

HOLDS_DATA = {
    "aws:s3/bucket:Bucket",
    "azure-native:storage:BlobContainer",
    "azure-native:storage:StorageAccount",
    "azure-native:resources:ResourceGroup",
    "gcp:storage/bucket:Bucket",
}
NOT_NEEDED = {
    "aws:s3/bucketObjectv2:BucketObjectv2",
    "azure-native:storage:Blob",
    "gcp:storage/bucketObject:BucketObject",
    "gcp:projects/iAMCustomRole:IAMCustomRole",
    "lightly:index:BucketGuard",
}
"""Of a store's own resources: placeholders that we put there, roles, without which only Lightly's access ends, and what
makes nothing."""

LATER = {
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
}
"""Of a store's own resources: what Lightly does not wait for."""


@dataclass(frozen=True)
class Registered:
    """A resource as the engine keeps it."""

    type: str
    urn: str
    parent: str
    needs: frozenset[str]
    retained: bool
    deleted_with: str


class Monitor(mocks.MockMonitor):
    """Keeps what was registered, options and all: mocks see only inputs."""

    def __init__(self) -> None:
        super().__init__(Recording(hierarchical=True))
        self.registered: dict[str, Registered] = {}

    def RegisterResource(self, request: Any) -> Any:
        answer = super().RegisterResource(request)  # type: ignore[no-untyped-call]  # the SDK's
        by_property = (urn for each in request.propertyDependencies.values() for urn in each.urns)
        needs = {*request.dependencies, *by_property, request.parent, request.deletedWith} - {""}
        self.registered[answer.urn] = Registered(
            request.type, answer.urn, request.parent, frozenset(needs), request.retainOnDelete, request.deletedWith
        )
        return answer

    def needed_by(self, urn: str) -> set[str]:
        """All that it depends on, however far away."""
        found: set[str] = set()
        asked = [urn]
        while asked:
            new = self.registered[asked.pop()].needs - found if urn else frozenset()
            found |= new
            asked += [each for each in new if each in self.registered]
        return found

    def removed_though_kept(self, kept: Registered) -> list[Registered]:
        """What `destroy` deletes of a store's own resources when this one stays; data inside it may go."""
        stays = {kept.urn, *self.needed_by(kept.urn)}
        return [
            each
            for each in self.registered.values()
            if each.parent == kept.parent
            and each.urn not in stays
            and not each.retained
            and each.deleted_with not in self.registered
            and not (each.type in HOLDS_DATA and kept.urn in self.needed_by(each.urn))
        ]


def manifests(kind: Kind, other_access: str | None = None) -> Iterator[Manifest]:
    base, options, access = TABLES[kind.name]
    access = other_access or access
    for values in product(*options.values()):
        said = {name: value for name, value in zip(options, values, strict=True) if value not in (None, False)}
        store = {"kind": kind.name, **base, **said}
        if not store.get("create" if kind.name == "gcs" else "create_account"):
            store.pop("location", None)
        source = {"store": "results", "access": access}
        if access == "key":
            source |= {"access_key_id": "AKIDEXAMPLEAKIDEXAMPLE", "secret": "env:OBS_SECRET"}
        config = {
            "stores": {"results": store, **SPARE},
            "datasets": {
                "cows": {
                    "type": "images",
                    "input": {**source, "path": "raw/"},
                    "lightly": {**source, "path": "cows/"},
                }
            },
        }
        checked = Manifest.check(config)
        if checked.manifest:
            yield checked.manifest


WITH_ACCESS = [("s3", "delegated"), ("s3", "user"), ("azure", "sas"), ("gcs", "service_account")]


def _used(store: Registered) -> bool:
    return store.urn.rpartition("::")[2].startswith("results-")


def registered(manifest: Manifest) -> Monitor:
    monitor = Monitor()
    mocks.set_mocks(monitor.mocks, project="acme", stack="test", preview=False, monitor=monitor)

    @pulumi.runtime.test  # type: ignore[untyped-decorator]  # the SDK's decorator has no types
    def program() -> Any:
        return pulumi.Output.from_input(deploy(manifest))

    program()
    return monitor


@pytest.mark.parametrize("kind", registry.ROWS, ids=lambda kind: kind.name)
def test_nothing_that_a_kept_store_needs_is_removed_before_the_store(
    kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OBS_SECRET", "the-secret-of-the-key")
    made = 0
    for manifest in manifests(kind):
        monitor = registered(manifest)
        for kept in [each for each in monitor.registered.values() if each.type in HOLDS_DATA and _used(each)]:
            made += 1
            removed = {each.type for each in monitor.removed_though_kept(kept)}
            assert removed <= NOT_NEEDED, (manifest.stores, kept.type)
    assert bool(made) is ("create" in kind.table().model_fields)


@pytest.mark.parametrize(("kind", "access"), WITH_ACCESS)
def test_every_access_has_ended_when_destroy_comes_to_what_may_stay(kind: str, access: str) -> None:
    """The engine goes no further than a delete that fails: what has not ended by then goes on."""
    ended = 0
    for manifest in manifests(registry.kind_of(kind), access):
        monitor = registered(manifest)
        refusing = {each.urn for each in monitor.registered.values() if each.type in REFUSES}
        for opens in [each for each in monitor.registered.values() if each.type in OPENS]:
            ended += 1
            assert refusing <= monitor.needed_by(opens.urn), (manifest.stores, opens.urn)
    assert ended


@pytest.mark.parametrize(("kind", "access"), WITH_ACCESS)
def test_a_verification_comes_after_all_that_lightly_needs_and_names_nothing_that_another_leads_to(
    kind: str, access: str
) -> None:
    """What it names stands in the state of each dataset, twice over where values of it come from there."""
    for manifest in [*manifests(registry.kind_of(kind), access)][:: -(3**3)]:  # all options first
        monitor = registered(manifest)
        (verification,) = (each for each in monitor.registered.values() if each.type == VERIFICATION.token)
        before = monitor.needed_by(verification.urn)
        missing = {
            each.type
            for each in monitor.registered.values()
            if (each.type in OPENS or (_used(each) and each.type not in LATER)) and each.urn not in before
        }
        assert not missing, manifest.stores
        named = verification.needs - {verification.parent}
        told = {urn for urn in named if any(urn in monitor.needed_by(other) for other in named)}
        assert {monitor.registered[urn].type for urn in told} == {DATASET.token}  # another one is another verification
