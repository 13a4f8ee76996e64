"""One rehearsal, whole and with an echo, that everything here is about."""

import contextlib
import fcntl
import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import another_user
from tests.lightly_sandbox.hygiene.secret_search import SecretSearch
from tests.lightly_sandbox.hygiene.watch import Seen, Watch
from tests.lightly_sandbox.reporter import ROOT

OF_THE_USER = {
    name: hashlib.sha256(name.encode()).hexdigest()[:32]
    for name in (
        "LIGHTLY_TOKEN", "PULUMI_CONFIG_PASSPHRASE", "PULUMI_ACCESS_TOKEN",
        "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
        "AZURE_CLIENT_SECRET", "AZURE_STORAGE_KEY", "ARM_CLIENT_SECRET",
        "GOOGLE_CREDENTIALS", "GOOGLE_OAUTH_ACCESS_TOKEN", "CLOUDSDK_AUTH_ACCESS_TOKEN",
    )
}  # fmt: skip
"""What the user has in the environment: nothing of it is needed on this machine."""


@dataclass(frozen=True)
class Played:
    """What the rehearsal left: its files below `folder`, the secrets that there were, and what was seen of it."""

    folder: Path
    code: int
    search: SecretSearch
    processes: tuple[Seen, ...]

    def text(self, place: str) -> str:
        """What was heard at a place."""
        return (self.folder / place).read_text(errors="replace")

    def found(self, place: str) -> list[str]:
        """What of the secrets was heard there."""
        assert self.text(place), f"{place}: nothing was heard there"
        return self.search.found(self.text(place))


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Played:
    """It is played once, by whoever of pytest's workers comes first."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "hygiene"
    folder.mkdir(exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "code").exists():
            _play(folder)
    seen = json.loads((folder / "processes").read_text())
    processes = tuple(Seen(tuple(arguments), tuple(environment)) for arguments, environment in seen)
    return Played(folder, int((folder / "code").read_text()), secrets_of(folder), processes)


def _play(folder: Path) -> None:
    with started(folder, "--json", "-") as run:
        watch = Watch(run.pid)
        watch.start()
        code = run.wait(600)
        seen = watch.stop()
    (folder / "processes").write_text(json.dumps([[item.arguments, item.environment] for item in seen]))
    (folder / "code").write_text(str(code))


@contextlib.contextmanager
def started(folder: Path, *options: str) -> Iterator["subprocess.Popen[bytes]"]:
    """The rehearsal of a project of its own, below the folder, with temporary files of its own there."""
    (temporary := folder / "temporary").mkdir()
    command = [sys.executable, "-m", "tests.lightly_sandbox.hygiene.verb", str(folder)]
    with (
        (folder / "stdout").open("w") as out,
        (folder / "stderr").open("w") as err,
        subprocess.Popen(
            [*command, "rehearse", *options],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            cwd=ROOT,
            env=environment(project(folder), temporary),
        ) as run,
    ):
        yield run


def secrets_of(folder: Path) -> SecretSearch:
    """Of the rehearsal and of the user."""
    return SecretSearch({**OF_THE_USER, **json.loads((folder / "secrets.json").read_text())})


def project(folder: Path) -> Path:
    """A project of its own, so that its files are its own; returns the folder."""
    (made := folder / "project").mkdir()
    shutil.copy(ROOT / "Pulumi.yaml", made)
    for name in ("components", "policies"):
        (made / name).symlink_to(ROOT / name)
    shutil.copytree(ROOT / "stacks", made / "stacks", ignore=shutil.ignore_patterns("__pycache__"))
    return made


def environment(home: Path, temporary: Path) -> dict[str, str]:
    """Of a user who has much in it."""
    return another_user.environment(home, **OF_THE_USER, TMPDIR=str(temporary))
