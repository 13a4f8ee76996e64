"""Causes of red lights of local datasources: no word of buckets, roles or S3."""

import pytest
from lightly_access.kinds.cause import RedLight
from lightly_access.kinds.registry import verified_access
from lightly_api.datasources import Permissions
from lightly_core.capability import Capability, Purpose, expected
from lightly_provider.verification.diagnose import diagnose
from lightly_provider.verification.lights import Datasource, evaluate

INPUT = verified_access("local", "mount", "local://input_mount/cam1/", "the worker's /input_mount")
LIGHTLY = verified_access("local", "mount", "local://lightly_mount/cam1/", "the worker's /lightly_mount")


@pytest.mark.parametrize(
    ("error", "text", "fix", "waits"),
    [
        ("NoWorker: nobody", "no worker has the mount", "lightly-access worker-command", True),
        ("NoSuchDirectory: x", "not in what the worker has mounted", "mkdir -p <input_mount>/cam1", False),
        ("WebServerUnreachable: x", "nothing answers", "run `lightly-access serve`", True),
        ("OriginRefused: x", "does not let pages", "--origin", True),
        ("WebServerContent: x", "LIGHTLY comes first", "different directories", False),
        ("WebServerStatus: 404", "does not hand out", "serve the same folders", True),
        ("local://input_mount/cam1/: Permission denied", "may not be used so", "lightly-access check", False),
        ("something else", "Lightly refuses it", "lightly-access worker-command", True),
    ],
)
def test_the_words_lead_to_a_cause_and_a_fix_for_folders(error: str, text: str, fix: str, waits: bool) -> None:
    cause = diagnose(RedLight(Purpose.INPUT, Capability.READ, True, False, INPUT, True, error))
    assert text in cause.text
    assert error in cause.text
    assert fix in cause.fix
    assert cause.mendable_by_waiting is waits
    assert not [word for word in ("s3", "bucket", "policy", "role") if word in f"{cause.text} {cause.fix}".lower()]


def test_a_mount_that_somebody_made_writable_is_too_much() -> None:
    cause = diagnose(RedLight(Purpose.INPUT, Capability.WRITE, False, True, INPUT, True))
    assert ":ro" in cause.fix


def test_an_error_is_laid_at_the_side_whose_path_it_names() -> None:
    can = dict.fromkeys((Capability.LIST, Capability.READ, Capability.WRITE, Capability.OVERWRITE), True)
    said = {Capability.READ: "WebServerUnreachable: x (local://lightly_mount/cam1/ at http://localhost:3456/cam1/)"}
    sources = {
        purpose: Datasource(access, expected(purpose))
        for purpose, access in ((Purpose.INPUT, INPUT), (Purpose.LIGHTLY, LIGHTLY))
    }
    found = evaluate("cam1", Permissions({**can, Capability.READ: False}, said), sources)
    assert found.lights[Purpose.INPUT][Capability.READ].ok
    assert not found.lights[Purpose.LIGHTLY][Capability.READ].ok
    assert evaluate("cam1", Permissions(can), sources).verified
