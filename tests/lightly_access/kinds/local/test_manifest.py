"""Local stores in a manifest: folders that docker can mount, paths inside them, nobody in anybody's way."""

from typing import Any

import pytest
from lightly_access.kinds.local.store import LocalStore
from lightly_access.manifest import Checked, Manifest


def config(store: dict[str, Any] | None = None, **sides: Any) -> dict[str, Any]:
    disk = {"kind": "local", "input_mount": "/data/in", "lightly_mount": "/data/lightly", **(store or {})}
    cam1 = {"type": "videos", "input": mount("cam1/"), "lightly": mount("cam1/"), **sides}
    return {"stores": {"disk": {k: v for k, v in disk.items() if v is not None}}, "datasets": {"cam1": cam1}}


def mount(path: str, **more: Any) -> dict[str, Any]:
    return {"store": "disk", "path": path, "access": "mount", **more}


def said(found: Checked) -> list[str]:
    return [str(problem) for problem in found.problems]


def test_a_local_dataset_is_accepted_without_a_warning() -> None:
    manifest = Manifest.parse(config())
    store = manifest.stores["disk"]
    assert isinstance(store, LocalStore)
    assert (store.input_mount, store.web_server) == ("/data/in", "http://localhost:3456")
    assert manifest.warnings == ()
    assert Manifest.parse(manifest.to_config()) == manifest


def test_the_mounts_themselves_may_be_the_datasources() -> None:
    manifest = Manifest.parse(config(input=mount(""), lightly=mount("")))
    assert manifest.warnings == ()


@pytest.mark.parametrize("folder", ["/data/in", "/data", "env:FOLDER"])
def test_raw_data_in_a_folder_that_is_mounted_for_writing_is_said_once(folder: str) -> None:
    below = "in/" if folder == "/data" else ""
    disk = {"lightly_mount": folder, "input_mount": "env:FOLDER" if folder.startswith("env:") else "/data/in"}
    sides = {"input": mount("raw/"), "lightly": mount(f"{below}out/")}
    (warning,) = map(str, Manifest.parse(config(disk, **sides)).warnings)
    assert warning.startswith(f"stores.disk.lightly_mount: got {folder!r}, expected a folder without raw data")
    assert warning.endswith("and so overwrite and delete datasets.cam1.input.path ('raw/')")


@pytest.mark.parametrize(
    ("store", "sentence"),
    [
        ({"input_mount": "data/in"}, "hint: docker requires mount paths to be absolute"),
        ({"input_mount": "~/in"}, "hint: docker requires mount paths to be absolute"),
        ({"lightly_mount": "/"}, "hint: the whole disk would be mounted and served"),
        ({"lightly_mount": "/data/../etc"}, "hint: no . or .. in it"),
        ({"lightly_mount": "/data:ro"}, "hint: docker's -v separates its parts with :"),
        ({"lightly_mount": "/data\n"}, "hint: it has control"),
        ({"web_server": "localhost:3456"}, "hint: with http:// or https://"),
        ({"web_server": "http://"}, "expected the URL where the mounts are served"),
        ({"web_server": "http://user:pw@box"}, "hint: without user, password"),
        ({"web_server": "http://box/images"}, "hint: without a path"),
        ({"web_server": "http://box/"}, "hint: without a path and without / at its end"),
        ({"web_server": "http://box:99999"}, "expected the URL"),
        ({"bucket": "x"}, "got 'bucket', expected one of the keys kind, input_mount, lightly_mount, web_server"),
        ({"input_mount": None}, "expected a store with input_mount\nhint: give stores.disk a input_mount"),
    ],
)
def test_a_wrong_store_is_refused(store: dict[str, Any], sentence: str) -> None:
    found = Manifest.check(config(store))
    assert [line for line in said(found) if sentence in line], said(found)


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/cam1/", "hint: no / at the start"),
        ("../cam1/", "hint: no . or .. as a directory"),
        ("./cam1/", "hint: no . or .. as a directory"),
        ("s3://b/cam1/", "hint: the path alone"),
    ],
)
def test_lightlys_path_rules_hold(path: str, sentence: str) -> None:
    found = Manifest.check(config(input=mount(path)))
    assert [line for line in said(found) if sentence in line], said(found)


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ({**mount("a/"), "access": "user"}, "got 'user', expected mount for a store of kind local"),
        (mount("a/", permissions_boundary="arn:aws:iam::123456789012:policy/x"), "hint: a mount has no policy"),
        (mount("a/", rotate_after=30), "expected it only with access: user"),
    ],
)
def test_what_belongs_to_a_cloud_has_no_place_here(source: dict[str, Any], sentence: str) -> None:
    found = Manifest.check(config(input=source))
    assert [line for line in said(found) if sentence in line], said(found)


def test_two_mounts_inside_each_other_are_seen() -> None:
    nested = config({"lightly_mount": "/data/in/cam1"}, lightly=mount(""))
    (warning,) = Manifest.check(nested).warnings
    assert "what Lightly writes lies among the data" not in str(warning)
    assert "it is the same as datasets.cam1.input.path" in str(warning)
    apart = config({"lightly_mount": "/data/in"}, lightly=mount("cam10/"))
    assert [each.path for each in Manifest.check(apart).warnings] == [("stores", "disk", "lightly_mount")]


def test_nobody_writes_where_another_dataset_reads_even_through_another_store() -> None:
    both = config()
    both["stores"]["other"] = {"kind": "local", "input_mount": "/data/lightly", "lightly_mount": "/elsewhere"}
    other = {"store": "other", "access": "mount"}
    both["datasets"]["cam2"] = {"type": "images", "input": {**other, "path": ""}, "lightly": {**other, "path": "x/"}}
    (problem,) = Manifest.check(both).problems
    assert problem.where == "datasets.cam1.lightly.path"
    assert "expected a directory of its own" in str(problem)


def test_one_side_may_be_local_and_the_other_in_a_cloud() -> None:
    mixed = config({"input_mount": None})
    mixed["stores"]["lake"] = {"kind": "s3", "bucket": "acme-lake", "region": "eu-central-1"}
    mixed["datasets"]["cam1"]["input"] = {"store": "lake", "path": "cam1/", "access": "delegated"}
    assert said(Manifest.check(mixed)) == []


def test_folders_may_come_from_the_environment() -> None:
    store = Manifest.parse(config({"input_mount": "env:DATA", "web_server": "env:WEB"})).stores["disk"]
    assert isinstance(store, LocalStore)
    assert store.input_mount == "env:DATA"
