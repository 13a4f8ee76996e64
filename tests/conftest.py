"""What holds for all tests: what each needs, and how many examples are tried."""

import functools
import os
import signal
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import settings
from lightly_sandbox.process import Starting

# A shell starts a job in the background with SIGINT ignored, and children inherit that: no Ctrl-C could be tested.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

MARKERS = ("fast", "sandbox", "engine")
TESTS = Path(__file__).parent
SANDBOX = (
    "lightly_access/audit/test_imports.py",
    "lightly_access/handoff/test_aws_effect.py",
    "lightly_access/kinds/azure/audit/test_reading.py",
    "lightly_access/kinds/azure/storage_api",
    "lightly_access/kinds/gcs/audit/test_audit.py",
    "lightly_access/kinds/gcs/test_doctor.py",
    "lightly_access/kinds/gcs/test_probe.py",
    "lightly_access/kinds/s3/audit/test_audit.py",
    "lightly_access/kinds/s3/test_doctor.py",
    "lightly_access/kinds/gcs/test_refusals.py",
    "lightly_cli/test_no_secrets.py",
    "lightly_policies/test_documents_at_work.py",
    "lightly_provider/test_canary_clouds.py",
    "lightly_provider/verification/test_probe.py",
    "lightly_sandbox",
)
"""Where tests start emulators: a folder or a file."""
ENGINE = (
    "lightly_sandbox/faults",
    "lightly_sandbox/hygiene",
    "lightly_sandbox/kinds/azure/mock_provider/test_engine.py",
    "lightly_sandbox/kinds/gcs/mock_provider/test_engine.py",
    "lightly_sandbox/kinds/s3/mock_provider/test_engine.py",
    "lightly_sandbox/test_counted_deployer.py",
    "lightly_sandbox/test_deployer.py",
    "lightly_sandbox/test_least_deployer.py",
    "lightly_sandbox/test_rehearsal_under_test.py",
    "lightly_sandbox/test_rehearse.py",
    "lightly_package/test_engine.py",
    "lightly_package/test_examples.py",
    "lightly_policies/guardrails/test_pack_at_work.py",
    "pipelines/test_github.py",
    "stacks/test_accounts_rehearsed.py",
    "stacks/test_adopted.py",
    "stacks/test_fleet.py",
    "stacks/test_guardrails.py",
    "stacks/test_handoff.py",
    "stacks/test_hardened.py",
    "stacks/test_kept.py",
    "stacks/test_recorded.py",
    "stacks/test_released.py",
    "stacks/test_replaced.py",
)
"""Where tests deploy."""

# A busy machine is slow, and that is not what is tested: no deadline.
for name, examples in {"fast": 60, "sandbox": 30, "engine": 10, "ci": 150}.items():
    settings.register_profile(name, max_examples=examples, deadline=None)
IN_CI = os.environ.get("HYPOTHESIS_PROFILE") == "ci"


@functools.cache
def _marker(path: Path) -> str:
    """What most tests of this file need."""
    here = path.relative_to(TESTS)
    for marker, places in (("engine", ENGINE), ("sandbox", SANDBOX)):
        if any(here.is_relative_to(place) for place in places):
            return marker
    return "fast"


def pytest_collectstart(collector: pytest.Collector) -> None:
    """Settings are read when a module is imported, which comes next."""
    if isinstance(collector, pytest.Module):
        settings.load_profile("ci" if IN_CI else _marker(collector.path))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if not any(item.get_closest_marker(name) for name in MARKERS):
            item.add_marker(_marker(item.path))
    # What is cheap to prove is proved first.
    items.sort(key=lambda item: next(rank for rank, name in enumerate(MARKERS) if item.get_closest_marker(name)))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """A test that is marked `fast` starts no emulator, and no fixture does it for it."""

    def refuse(*_: object, **__: object) -> None:
        pytest.fail("a `fast` test starts no emulator: see tests/conftest.py")

    with pytest.MonkeyPatch.context() as patch:
        if item.get_closest_marker("fast"):
            patch.setattr(Starting, "configure", refuse)
        return (yield)
