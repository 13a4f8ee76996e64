"""A cloud that takes its time, one that never gets there, and one whose clock is off."""

from collections.abc import Callable

from tests.lightly_sandbox.faults.chain import Chain


def test_new_identities_that_are_unknown_then_denied_are_waited_for(chain: Callable[..., Chain]) -> None:
    cows = chain(retry_policy={"deadline": 20, "confirmations": 2})
    fault = {"propagation": {"invalid_seconds": 1.0, "denied_seconds": 0.6}}
    with cows.sandbox.faults(cows.sandbox.aws, fault):
        done = cows.must(cows.up())
    assert not cows.red()
    said = [event.message for event in cows.events if event.kind == "status" and " red: " in event.message]
    assert said, "the wait is shown while it lasts"
    assert done.changes["create"] == len(cows.resources()) - cows.providers(), "nothing was made twice"


def test_a_principal_that_iam_does_not_know_yet_is_waited_for(chain: Callable[..., Chain]) -> None:
    cows = chain()
    words = "Invalid principal in policy"
    fault = {"action": "iam:CreateRole", "status": 400, "code": "MalformedPolicyDocument", "message": words, "times": 2}
    before = cows.calls("aws").get("iam:CreateRole", 0)
    with cows.sandbox.faults(cows.sandbox.aws, fault):
        cows.must(cows.up())
    assert cows.calls("aws")["iam:CreateRole"] == before + 3


def test_a_permission_that_never_comes_ends_at_the_deadline_with_its_name(chain: Callable[..., Chain]) -> None:
    cows = chain(retry_policy={"deadline": 2, "confirmations": 1})
    with cows.sandbox.faults(cows.sandbox.aws, {"propagation": {"denied_seconds": 9999}}):
        refused = cows.up()
    assert not refused.ok
    assert any("s3:PutObject" in text and cows.name in text for text in refused.diagnostics), refused.diagnostics
    red = {(str(red_light.purpose), str(red_light.capability)) for red_light in cows.red()}
    assert ("LIGHTLY", "write") in red
    assert len(cows.at_lightly()) == 1
    cows.must(cows.up())
    assert not cows.red()


def test_a_clock_that_is_off_is_called_by_its_name(chain: Callable[..., Chain]) -> None:
    cows = chain()
    cows.must(cows.up())
    cows.retry_policy["deadline"] = 6  # only the verification has something to do
    with cows.sandbox.faults(cows.sandbox.aws, {"clock_offset_seconds": 1800}):
        refused = cows.up()
    assert not refused.ok
    assert any("clock" in text for text in refused.diagnostics), refused.diagnostics
