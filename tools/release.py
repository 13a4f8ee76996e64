"""`make release VERSION=1.2.3`: a section of the changelog, the version, a commit, a tag, and what is published.

Everything is done in the checkout and nothing is sent anywhere: what is in dist/ is uploaded, and the tag pushed, by
whoever released, after a look.
"""

import hashlib
import re
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

UNRELEASED = "## Unreleased\n"
PLACES = {
    "components/lightly_core/version.py": r'(?m)^(VERSION: Final = ")[^"]+(")$',
    "policies/PulumiPolicy.yaml": r"(?m)^(version: )\S+()$",
}
"""Where the version stands, and how."""


class ReleaseError(Exception):
    """A release that cannot be made from this checkout."""


def changelog(text: str, version: str, day: date) -> str:
    """The changelog with what is unreleased below the version's own heading. Raises ReleaseError if that is nothing."""
    before, found, after = text.partition(UNRELEASED)
    entries, following = re.split(r"(?m)^(?=## )", after, maxsplit=1) if "\n## " in after else (after, "")
    if not found or not re.search(r"(?m)^- ", entries):
        raise ReleaseError(
            f"CHANGELOG.md: nothing is unreleased\nhint: write what changes for users below {UNRELEASED}"
        )
    return f"{before}{UNRELEASED}\n## {version} - {day}\n{entries}{following}"


def newer(version: str, than: str) -> bool:
    """Whether a version comes after another one. Raises ReleaseError for what is not three numbers."""
    if not re.fullmatch(r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}", version):
        raise ReleaseError(f"version: got {version!r}, expected three numbers, such as 1.2.3")
    return tuple(map(int, version.split("."))) > tuple(map(int, than.split(".")))


def release(root: Path, version: str, day: date) -> list[Path]:
    """Make it; returns the artefacts. Nothing is changed if it cannot be made."""
    if _git(root, "status", "--porcelain"):
        raise ReleaseError("the checkout has changes that are not committed\nhint: commit or stash them")
    source = (root / "components/lightly_core/version.py").read_text("utf-8")
    old = (re.search(r'"([\d.]+)"', source) or [""])[1]
    tagged = _git(root, "tag", "--list", f"v{version}")
    if tagged or not (newer(version, old) or (version == old and not _git(root, "tag", "--list", f"v{old}"))):
        raise ReleaseError(f"version: got {version}, expected one after {old}, which is in the code")
    written = {"CHANGELOG.md": changelog((root / "CHANGELOG.md").read_text("utf-8"), version, day)}
    for name, pattern in PLACES.items():
        written[name] = re.sub(pattern, rf"\g<1>{version}\g<2>", (root / name).read_text("utf-8"))
    for name, text in written.items():
        (root / name).write_text(text, encoding="utf-8")
    _git(root, "commit", "--quiet", "--all", "--message", f"Release {version}")
    _git(root, "tag", "--annotate", f"v{version}", "--message", f"Release {version}")
    return artefacts(root)


def artefacts(root: Path) -> list[Path]:
    """Wheel and sdist in dist/, with a file of their checksums. The same tree makes the same bytes."""
    folder = root / "dist"
    for old in folder.glob("*"):
        old.unlink()
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-d", str(folder)], cwd=root, check=True, stdout=2)
    made = sorted(folder.iterdir())
    sums = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in made]
    (folder / "SHA256SUMS").write_text("".join(sums))
    return [*made, folder / "SHA256SUMS"]


def _git(root: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=root, check=True, capture_output=True, text=True).stdout.strip()


def main(arguments: list[str]) -> int:
    """Without a version only what would be published is built."""
    root = Path(__file__).resolve().parents[1]
    try:
        made = release(root, arguments[0], datetime.now(UTC).date()) if arguments else artefacts(root)
    except ReleaseError as error:
        print(f"release: {error}", file=sys.stderr)
        return 1
    for path in made:
        print(path.relative_to(root))
    if arguments:
        print(f"committed and tagged v{arguments[0]}; look at it, then: git push --follow-tags", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
