"""A sample of the kills: each kind of thing that a run makes, killed right after the call that makes it.

One life of a stack for each cloud: a run is killed, `recover --yes` puts it right, the next run is killed further on.
`python -m tests.lightly_sandbox.kills` kills at every call.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from lightly_cli import deployed
from lightly_sandbox.sandbox import Sandbox
from lightly_sandbox.start import start_sandbox

from tests.lightly_sandbox.kills.herd import PHRASE, Herd
from tests.lightly_sandbox.kills.kill import Point, killed
from tests.lightly_sandbox.kills.recovering import recover

CREATED = {
    "s3": {
        Point("Create", "aws:kms/key:Key", "results-key"): "after",
        Point("Create", "aws:s3/bucket:Bucket", "results-bucket"): "after",
        Point("Create", "lightly:index:Dataset", "cows-*-dataset"): "after",
        Point("Create", "aws:iam/role:Role", "cows-*-input-access-role"): "provider",
        Point("Create", "aws:iam/accessKey:AccessKey", "cows-*-lightly-access-key"): "after",
    },
    "gcs": {
        Point("Create", "gcp:storage/bucket:Bucket", "results-bucket"): "after",
        Point("Create", "gcp:serviceaccount/account:Account", "cows-*-input-access-account"): "provider",
        Point("Create", "gcp:projects/iAMCustomRole:IAMCustomRole", "results-lightly-role"): "after",
        Point("Create", "gcp:serviceaccount/key:Key", "cows-*-input-access-key"): "after",
    },
    "azure": {
        Point("Create", "azure-native:resources:ResourceGroup", "results-group"): "after",
        Point("Create", "azure-native:storage:StorageAccount", "results-account"): "after",
        Point("Create", "azure-native:storage:BlobContainer", "results-container"): "after",
        Point("Create", "azure-native:storage:Blob", "results/out/"): "after",
    },
}
"""What is made, and who dies right after that: Pulumi or the provider."""
SHAPES = {
    "s3": {"role": 1, "group": 1, "user": 1, "access-key": 1, "kms-key": 1, "bucket": 1, "dataset": 1},
    "gcs": {"account": 2, "account-key": 2, "role": 2, "bucket": 1, "binding": 2, "dataset": 1},
    "azure": {"group": 1, "account": 1, "container": 1, "blob": 1, "policy": 2, "dataset": 1},
}


@pytest.fixture(scope="module", params=CREATED)
def sandbox(request: pytest.FixtureRequest) -> Iterator[tuple[str, Sandbox]]:
    with start_sandbox(kinds=(request.param,)) as started:
        yield request.param, started


@pytest.mark.engine
def test_after_every_kill_recover_and_the_next_run_leave_nothing_twice_and_nothing_behind(
    sandbox: tuple[str, Sandbox], tmp_path: Path
) -> None:
    kind, clouds = sandbox
    herd = Herd(clouds, tmp_path, kind)
    left = dict(CREATED[kind])
    while left:
        died = killed(clouds, partial(herd.stack, parallel=1), "up", left, herd.tag)
        assert died, f"it did not come to {list(left)}"
        del left[died]
        before = herd.census()
        code, said = recover(clouds, herd.folder, PHRASE)
        assert code == 1, f"{died}: {said}"
        assert herd.census() == before, "it only reads"
        code, said = recover(clouds, herd.folder, PHRASE, "--yes")
        assert code == 0, f"{died}: {said}"
    done = herd.stack().up()
    assert done.ok, done.diagnostics
    assert not done.says("pending operations")
    counted: dict[str, int] = {}
    for each, number in herd.shape().items():
        word = each.split()[0]
        counted[word] = counted.get(word, 0) + number
    assert counted == SHAPES[kind]
    assert recover(clouds, herd.folder, PHRASE) == (
        0,
        "nothing is in flight, and no key is there that the state does not know\n",
    )
    assert herd.stack().destroy().ok
    assert herd.census() == herd.before


ALONE = {
    "s3": Point("Create", "aws:iam/role:Role", "cows-*-input-access-role"),
    "gcs": Point("Create", "gcp:serviceaccount/account:Account", "cows-*-input-access-account"),
}


@pytest.mark.engine
def test_what_a_killed_run_left_behind_goes_also_when_its_stack_was_destroyed_first(
    sandbox: tuple[str, Sandbox], tmp_path: Path
) -> None:
    kind, clouds = sandbox
    if kind not in ALONE:
        pytest.skip("Azure's way is to go back: `pulumi up`, `recover`, `pulumi destroy`")
    herd = Herd(clouds, tmp_path, kind)
    assert killed(clouds, partial(herd.stack, parallel=1), "up", {ALONE[kind]: "after"}, herd.tag)
    herd.unlock()
    assert herd.stack().destroy().ok
    assert herd.census() != herd.before
    code, said = recover(clouds, herd.folder, PHRASE, "--no-preview", "--yes")
    assert code == 0, said
    assert "its stack is not there any more" in said
    assert herd.census() == herd.before
    assert recover(clouds, herd.folder, PHRASE, "--no-preview")[0] == 0


@pytest.mark.engine
def test_a_recovery_that_is_killed_itself_is_finished_by_the_next(
    sandbox: tuple[str, Sandbox], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind, clouds = sandbox
    if kind != "s3":
        pytest.skip("it is the same for all")
    herd = Herd(clouds, tmp_path, kind)
    assert killed(clouds, partial(herd.stack, parallel=1), "up", {ALONE[kind]: "after"}, herd.tag)
    told = deployed.told

    def dies(*words: str, **options: Any) -> str:
        if words[0] == "refresh":
            raise KeyboardInterrupt
        return told(*words, **options)

    with monkeypatch.context() as dying:
        dying.setattr(deployed, "told", dies)
        assert recover(clouds, herd.folder, PHRASE, "--yes")[0] == 130
    code, said = recover(clouds, herd.folder, PHRASE, "--yes")
    assert code == 0, said
    assert "input-access-role" in said
    assert herd.stack().up().ok
    assert herd.stack().destroy().ok
    assert herd.census() == herd.before
