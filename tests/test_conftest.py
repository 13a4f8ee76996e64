"""The markers are right: what is called fast is."""

from typing import Any

import pytest
from lightly_sandbox.process import Starting

from tests.conftest import ENGINE, IN_CI, SANDBOX, TESTS
from tests.examples import examples

NO_PROCESS: Any = None
TWICE = examples(2)  # settings are read when a module is imported


def test_a_fast_test_starts_no_emulator() -> None:
    with pytest.raises(pytest.fail.Exception, match="starts no emulator"):
        Starting.configure(NO_PROCESS, {})


def test_what_needs_more_exists() -> None:
    assert [place for place in (*SANDBOX, *ENGINE) if not (TESTS / place).exists()] == []


def test_a_share_is_one_of_the_profile_of_this_module() -> None:
    assert TWICE.max_examples == 2 * (150 if IN_CI else 60)
