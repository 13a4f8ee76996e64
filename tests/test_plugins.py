"""The processes that Pulumi's engine starts."""

import signal
import subprocess
import sys

import pytest


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("module", ["lightly_provider", "lightly_package", "lightly_policies.guardrails"])
def test_a_plugin_ends_when_the_engine_asks_it_to_and_is_not_waited_for(module: str, how: signal.Signals) -> None:
    """The engine sends SIGINT at the end of each run, and waits for five seconds before it kills."""
    with subprocess.Popen(
        [sys.executable, "-m", module, "127.0.0.1:9"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as plugin:
        try:
            assert plugin.stdout is not None
            assert plugin.stdout.readline().strip().isdigit()
            plugin.send_signal(how)
            out, err = plugin.communicate(timeout=60)
        finally:
            plugin.kill()
    assert (plugin.returncode, out, err) == (0, "", "")
