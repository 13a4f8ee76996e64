"""LocalAccess: what is registered, what the worker's mount permits, and that nothing is created."""

from typing import Any

import pulumi
import pytest
from lightly_access.dataset import LightlyDataset
from lightly_access.deployment import deploy
from lightly_access.kinds.local.components import LocalAccess
from lightly_access.kinds.local.folders import LocalFolders
from lightly_access.manifest import Manifest
from lightly_core.capability import Purpose

from tests.lightly_access.recording import record

DISK = LocalFolders("/data/in", "/data/lightly", "http://localhost:8080")


def ways() -> dict[str, LocalAccess]:
    sides = {"input": Purpose.INPUT, "lightly": Purpose.LIGHTLY}
    return {
        side: LocalAccess(side, {"store": DISK, "path": "cam1/", "purpose": purpose}) for side, purpose in sides.items()
    }


@pulumi.runtime.test  # type: ignore[untyped-decorator]  # the SDK's decorator has no types
def test_both_sides_are_registered_and_verified_with_what_the_mounts_permit() -> Any:
    recording = record()
    both = ways()
    dataset = LightlyDataset("cam1", {"type": "videos", "input": both["input"], "lightly": both["lightly"]})

    def look(_: object) -> None:
        sources = recording.found["lightly:index:Datasource"]
        assert sources["cam1-input"]["path"] == "local://input_mount/cam1/"
        assert sources["cam1-lightly"]["path"] == "local://lightly_mount/cam1/"
        assert {source["webServer"] for source in sources.values()} == {"http://localhost:8080"}
        watched = recording.only("lightly:index:Verification")["datasources"]
        assert {name for name, can in watched["INPUT"]["proof"].items() if can} == {"list", "read"}
        assert all(watched["LIGHTLY"]["proof"].values())
        assert not [kind for kind in recording.found if kind.startswith("aws:")]

    return dataset.lights.apply(look)


@pulumi.runtime.test  # type: ignore[untyped-decorator]  # the SDK's decorator has no types
def test_another_folder_or_web_server_makes_a_verification_out_of_date() -> Any:
    record()
    stores = [
        DISK,
        LocalFolders("/other", "/data/lightly", DISK.web_server),
        LocalFolders("/data/in", "/x", "http://b"),
    ]
    prints = [
        LocalAccess(f"a{number}", {"store": store, "path": "", "purpose": Purpose.INPUT}).fingerprint
        for number, store in enumerate(stores)
    ]
    return pulumi.Output.all(*prints).apply(_different)


def _different(found: list[str]) -> None:
    assert len(set(found)) == len(found)


@pulumi.runtime.test  # type: ignore[untyped-decorator]  # the SDK's decorator has no types
def test_a_manifest_with_a_local_store_is_deployed() -> Any:
    recording = record()
    source = {"store": "disk", "path": "cam1/", "access": "mount"}
    disk = {"kind": "local", "input_mount": "/data/in", "lightly_mount": "/data/lightly"}
    cam1 = {"type": "images", "input": source, "lightly": source}
    found = deploy(Manifest.parse({"stores": {"disk": disk}, "datasets": {"cam1": cam1}}))

    def look(made: list[Any]) -> None:  # the lights come last
        assert made[0]["INPUT"]["kind"] == "mount"
        assert len(recording.found["lightly:index:Datasource"]) == 2

    return pulumi.Output.all(found["cam1"]["credentials"], found["cam1"]["lights"]).apply(look)


def test_a_store_without_the_mount_is_refused() -> None:
    with pytest.raises(pulumi.RunError, match="lightly_mount: got nothing"):
        LocalAccess("x", {"store": LocalFolders("/data/in"), "path": "", "purpose": Purpose.LIGHTLY})
