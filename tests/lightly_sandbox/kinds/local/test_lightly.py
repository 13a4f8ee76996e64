"""LOCAL datasources against a real `lightly-access serve`: green only when worker and browser both get there."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from lightly_sandbox.emulators.server import listening
from lightly_sandbox.kinds.local.lightly import LocalStorage
from lightly_sandbox.lightly.app import App
from lightly_sandbox.lightly.storage import Storages

from tests.lightly_access.kinds.local.serving.site import serving
from tests.lightly_sandbox.lightly.caller import NONCE, TOKEN, Api

GREEN = {"canList": True, "canRead": True, "canWrite": True, "canOverwrite": True}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for service in ("input", "lightly"):
        (tmp_path / service / "cam1").mkdir(parents=True)
    (tmp_path / "input/cam1/a b.png").write_bytes(b"an image")
    return tmp_path


@contextmanager
def worker(folder: Path, *options: str, mounted: bool = True) -> Iterator[tuple[Api, str]]:
    """A local Lightly with a worker that has mounted the folders, and their web server's URL."""
    mounts = {"input_mount": str(folder / "input"), "lightly_mount": str(folder / "lightly")} if mounted else {}
    with serving(folder, *options) as site, listening(App(NONCE, TOKEN, Storages(LocalStorage(mounts)))) as url:
        yield Api(url), f"http://localhost:{site.port}"


def verified(api: Api, web: str, *purposes: str, path: str = "cam1") -> Any:
    """The answer to verify after registering these purposes."""
    dataset = api.new_dataset()
    for purpose in purposes:
        body = {"purpose": purpose, "type": "LOCAL", "fullPath": path, "webServerLocation": web}
        assert api("PUT", f"/v1/datasets/{dataset}/datasource", body).status == 200
    return api("GET", f"/v1/datasets/{dataset}/datasource/verify").json()


def tree(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_both_sides_are_green_and_nothing_is_left_behind(folder: Path) -> None:
    before = tree(folder)
    with worker(folder) as (api, web):
        assert verified(api, web, "INPUT", "LIGHTLY") == GREEN
        assert tree(folder) == before


def test_input_alone_is_read_only_and_never_touched(folder: Path) -> None:
    with worker(folder) as (api, web):
        found = verified(api, web, "INPUT")
    assert (found["canList"], found["canRead"], found["canWrite"], found["canOverwrite"]) == (True, True, False, False)
    assert "read only" in found["errors"]["canWrite"]


def test_without_a_worker_nothing_is_taken_on_trust(folder: Path) -> None:
    with worker(folder, mounted=False) as (api, web):
        found = verified(api, web, "INPUT", "LIGHTLY")
    assert not any(found[field] for field in GREEN)
    assert "NoWorker" in found["errors"]["canList"]


def test_without_a_web_server_the_application_cannot_read(folder: Path) -> None:
    with worker(folder) as (api, _):
        found = verified(api, "http://127.0.0.1:9", "INPUT", "LIGHTLY")
    assert found["canList"]
    assert not found["canRead"]
    assert "WebServerUnreachable" in found["errors"]["canRead"]


def test_a_web_server_that_refuses_the_application_or_serves_other_files_is_red(folder: Path) -> None:
    with worker(folder, "--origin", "https://elsewhere.example") as (api, web):
        found = verified(api, web, "INPUT", "LIGHTLY")
        assert "OriginRefused" in found["errors"]["canRead"]
    with worker(folder) as (api, web):
        (folder / "lightly/cam1/a b.png").write_bytes(b"another image")  # LIGHTLY comes first
        found = verified(api, web, "INPUT", "LIGHTLY")
        assert "WebServerContent" in found["errors"]["canRead"]
        assert "local://input_mount/cam1/" in found["errors"]["canRead"]


def test_a_directory_that_is_not_there_is_red_for_everything(folder: Path) -> None:
    with worker(folder) as (api, web):
        found = verified(api, web, "INPUT", "LIGHTLY", path="cam2")
    assert not any(found[field] for field in GREEN)
    assert "NoSuchDirectory: local://lightly_mount/cam2/" in found["errors"]["canWrite"]


def test_a_mount_that_may_not_be_written_is_red_for_writing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, data: bytes) -> int:
        raise PermissionError(13, "Permission denied", str(path))

    with worker(folder) as (api, web):
        monkeypatch.setattr(Path, "write_bytes", refuse)  # not by the bits: root may write everywhere
        found = verified(api, web, "INPUT", "LIGHTLY")
    assert (found["canList"], found["canRead"], found["canWrite"], found["canOverwrite"]) == (True, True, False, False)
    assert found["errors"]["canWrite"] == "local://lightly_mount/cam1/: Permission denied"
