"""SIGKILL at the worst moments of a run: the next one finishes, or names what stands in its way and how to go on."""

from collections.abc import Callable

import pytest
from pulumi.automation._stack import ImportResource

from tests.lightly_sandbox.faults.chain import Chain


def test_a_killed_run_holds_the_stack_until_somebody_says_that_it_is_over(chain: Callable[..., Chain]) -> None:
    cows = chain()
    cows.killed("up", "create", f"::{cows.name}-lightly", "after", cancelled=False)
    assert cows.up().says("currently locked", "pulumi cancel")
    cows.stack().cancel()
    said = cows.must(cows.up()).diagnostics
    assert any("pending operations" in text and f"{cows.name}-lightly" in text for text in said), said


@pytest.mark.parametrize("urn", ["-lightly", "-verification"])
def test_what_may_be_done_twice_is_finished_by_the_next_run(chain: Callable[..., Chain], urn: str) -> None:
    cows = chain()
    cows.killed("up", "create", f"::{cows.name}{urn}", "after")
    cows.must(cows.up())
    assert cows.must(cows.up()).changes["same"] == len(cows.resources()) - cows.providers()
    assert len(cows.at_lightly()) == 1
    assert all(cows.verify().values())
    cows.must(cows.stack().destroy())
    assert cows.nothing_is_left()


@pytest.mark.parametrize("urn", ["-input-access-role", "-dataset"])
def test_what_was_made_and_not_recorded_is_named_and_can_be_imported(chain: Callable[..., Chain], urn: str) -> None:
    cows = chain()
    cows.killed("up", "create", f"::{cows.name}{urn}", "after")
    (pending,) = cows.stack().state()["deployment"]["pending_operations"]
    lost = pending["resource"]
    refused = cows.up()
    assert not refused.ok
    assert any(lost["inputs"]["name"] in text and "exists" in text for text in refused.diagnostics), refused.diagnostics
    assert len(cows.at_lightly()) <= 1, "never two datasets of one name"
    dataset = urn == "-dataset"
    known = cows.at_lightly()[0]["id"] if dataset else lost["inputs"]["name"]
    found: ImportResource = {
        "type": lost["type"],
        "name": lost["urn"].rsplit("::", 1)[-1],
        "id": known,
        "parent": "parent",
    }
    cows.must(cows.stack().adopt([found], {"parent": lost["parent"]}))
    cows.must(cows.up())
    assert all(cows.verify().values())
    cows.must(cows.stack().destroy())
    assert cows.nothing_is_left(but_the_dataset=dataset), "an imported dataset is kept, as an adopted one is"


def test_a_key_that_was_made_and_not_recorded_ends_with_its_user(chain: Callable[..., Chain]) -> None:
    cows = chain()
    cows.killed("up", "create", f"::{cows.name}-lightly-access-key", "after")
    cows.must(cows.up())
    keys = {identity for identity in cows.identities() if identity.startswith("key ")}
    assert len(keys) == 2, "nobody knows the secret of the first"
    cows.must(cows.stack().destroy())
    assert cows.nothing_is_left()


def test_a_destroy_that_was_killed_is_finished(chain: Callable[..., Chain]) -> None:
    cows = chain()
    cows.must(cows.up())
    cows.killed("destroy", "delete", f"::{cows.name}-lightly-access-key", "after")
    cows.must(cows.stack().destroy())
    assert cows.nothing_is_left()


def test_credentials_of_the_deployer_that_expire_in_the_middle_are_named(chain: Callable[..., Chain]) -> None:
    cows = chain()
    message = "The security token included in the request is expired"
    fault = {"action": "iam:PutGroupPolicy", "status": 403, "code": "ExpiredToken", "message": message}
    with cows.sandbox.faults(cows.sandbox.aws, fault):
        refused = cows.up()
    assert not refused.ok
    assert any("ExpiredToken" in text and "lightly-access-policy" in text for text in refused.diagnostics)
    cows.must(cows.up())
    assert len(cows.at_lightly()) == 1
