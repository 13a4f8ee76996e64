"""A release: from one command, in a clone; refused where it would be wrong, and then nothing is changed."""

import subprocess
from datetime import date
from pathlib import Path

import pytest

from tools import release

ROOT = Path(__file__).parents[1]
DAY = date(2027, 1, 2)


def git(folder: Path, *words: str) -> str:
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
    return subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What is in this checkout, as a repository of its own."""
    for name, value in {"AUTHOR": "Ada", "COMMITTER": "Ada"}.items():
        monkeypatch.setenv(f"GIT_{name}_NAME", value)
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "ada@example.com")
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    there = [name for name in tracked.split("\0") if name and (ROOT / name).is_file() and not name.startswith("tests/")]
    subprocess.run(
        ["tar", "--create", "--null", "--files-from=-", "--file", str(tmp_path / "tree.tar")],
        cwd=ROOT,
        input="\0".join(there).encode(),
        check=True,
    )
    folder = tmp_path / "clone"
    folder.mkdir()
    subprocess.run(["tar", "--extract", "--file", str(tmp_path / "tree.tar")], cwd=folder, check=True)
    git(folder, "init", "--quiet")
    git(folder, "add", "--all", "--force")
    git(folder, "commit", "--quiet", "--message", "Begin")
    return folder


def test_one_command_makes_section_version_tag_and_artefacts(clone: Path) -> None:
    made = release.release(clone, "0.2.0", DAY)
    assert [path.name for path in made] == [
        *("lightly_access-0.2.0-py3-none-any.whl", "lightly_access-0.2.0.tar.gz", "SHA256SUMS")
    ]
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=clone / "dist", check=True)
    assert git(clone, "describe").strip() == "v0.2.0"
    assert git(clone, "status", "--porcelain") == ""
    assert 'VERSION: Final = "0.2.0"' in (clone / "components/lightly_core/version.py").read_text()
    assert "version: 0.2.0" in (clone / "policies/PulumiPolicy.yaml").read_text()
    assert "## Unreleased\n\n## 0.2.0 - 2027-01-02\n\n### " in (clone / "CHANGELOG.md").read_text()
    with pytest.raises(release.ReleaseError, match="nothing is unreleased"):
        release.release(clone, "0.3.0", DAY)


@pytest.mark.parametrize(
    ("version", "said"),
    [("0.0.9", "expected one after"), ("1.0", "three numbers"), ("v1.0.0", "three numbers"), ("1.0.0rc1", "three")],
)
def test_what_is_no_later_version_is_refused(version: str, said: str, clone: Path) -> None:
    before = git(clone, "rev-parse", "HEAD")
    with pytest.raises(release.ReleaseError, match=said):
        release.release(clone, version, DAY)
    assert git(clone, "rev-parse", "HEAD") == before
    assert git(clone, "status", "--porcelain") == ""


def test_a_checkout_with_changes_is_refused(clone: Path) -> None:
    (clone / "README.md").write_text("changed")
    with pytest.raises(release.ReleaseError, match="not committed"):
        release.release(clone, "0.2.0", DAY)


def test_the_section_ends_where_the_version_before_begins() -> None:
    text = "# Changelog\n\n## Unreleased\n\n### Added\n\n- new\n\n## 0.1.0\n\n- old\n"
    assert release.changelog(text, "0.2.0", DAY) == (
        "# Changelog\n\n## Unreleased\n\n## 0.2.0 - 2027-01-02\n\n### Added\n\n- new\n\n## 0.1.0\n\n- old\n"
    )
