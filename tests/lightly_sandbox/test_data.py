import io
from pathlib import Path

import pytest
from lightly_sandbox.data import NoDataError, files, png
from PIL import Image


def test_the_made_images_are_valid_png() -> None:
    with Image.open(io.BytesIO(png(16, 40))) as image:
        image.load()
        assert image.size == (16, 16)


def test_without_a_folder_a_handful_of_different_images_is_made() -> None:
    made = dict(files(None))
    assert len(set(made.values())) == len(made) == 5


def test_the_users_own_images_and_videos_are_taken_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.JPG").write_bytes(b"jpg")
    (tmp_path / "b.mp4").write_bytes(b"mp4")
    (tmp_path / "notes.txt").write_bytes(b"private")
    assert dict(files(tmp_path)) == {"b.mp4": b"mp4", "sub/a.JPG": b"jpg"}


def test_a_folder_without_data_is_refused_before_anything_starts(tmp_path: Path) -> None:
    with pytest.raises(NoDataError, match="expected a folder with images or videos"):
        list(files(tmp_path))
