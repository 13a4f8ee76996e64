"""What ends a run before anything is made: Pulumi's engine shows one sentence, and no traceback of the program."""

from collections.abc import Callable

from tests.lightly_sandbox.faults.chain import Chain


def test_without_a_token_nothing_is_made_and_it_is_said_once(chain: Callable[..., Chain]) -> None:
    cows = chain()
    done = cows.stack(env={"LIGHTLY_TOKEN": ""}).up()
    assert not done.ok
    assert [each for each in cows.resources() if each.get("custom") and "providers" not in each["type"]] == []
    said = "\n".join(done.diagnostics)
    assert said.count("there is no token for Lightly") == 1
    assert "Traceback" not in said


def test_a_key_that_nobody_reads_ends_a_preview(chain: Callable[..., Chain]) -> None:
    cows = chain(more={"lightly-acces:stores": {}})
    done = cows.stack().preview()
    assert not done.ok
    said = "\n".join(done.diagnostics)
    assert said.count("did you mean 'lightly-access:stores'?") == 1
    assert "Traceback" not in said
