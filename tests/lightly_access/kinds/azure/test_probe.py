"""What a SAS target is made from, and what it never shows; what it finds out is in `azure/test_at_work.py`."""

from typing import Any

import pytest
from lightly_access.kinds.azure.probe import AZURE, SasTarget
from lightly_access.kinds.probe import understood
from lightly_access.kinds.registry import verified_access
from lightly_core.resource_types import VERIFICATION
from lightly_core.secret import Secret
from lightly_provider.handlers.inputs import Inputs
from lightly_provider.handlers.probing import check_credentials
from lightly_provider.verification.probe import run

TOKEN = "sv=2022-11-02&spr=https&si=cows-1&sr=c&sig=dGhlLXNpZ25hdHVyZQ%3D%3D"
GOOD = {"sasToken": TOKEN, "endpoint": "https://acmephotos.blob.core.windows.net/"}
ACCESS = verified_access("azure", "sas", "azure://acmephotos/lake/herd/cows/", "acmephotos/lake/cows-1")


def test_a_target_is_made_from_the_registered_path() -> None:
    target: Any = AZURE.target(ACCESS, {**GOOD, "sasToken": f"?{TOKEN}"})
    assert (target.account, target.container, target.directory) == ("acmephotos", "lake", "herd/cows/")
    assert (target.place, target.token.reveal()) == ("azure://acmephotos/lake/", TOKEN)


@pytest.mark.parametrize(("kind", "whole"), [("c", True), ("d", False)])
def test_a_container_token_covers_the_container_and_a_directory_token_must_not(kind: str, whole: bool) -> None:
    token = TOKEN.replace("sr=c", f"sr={kind}")
    assert AZURE.target(ACCESS, {**GOOD, "sasToken": token}).whole_store is whole


def test_no_token_is_shown() -> None:
    target = AZURE.target(ACCESS, GOOD)
    assert "sig" not in repr(target)
    assert "dGhlLXNpZ25hdHVyZQ" not in repr(target.client())


def test_an_endpoint_that_does_not_answer_is_unreachable_and_its_address_not_shown_with_the_token() -> None:
    target = SasTarget("acmephotos", "lake", "", Secret(TOKEN), "http://127.0.0.1:9/acmephotos")
    client = target.client()
    for attempt in (client.list(""), client.read("a"), client.write("a"), client.delete("a")):
        with pytest.raises(Exception, match=r".*") as failed:
            run(attempt)
        assert "dGhlLXNpZ25hdHVyZQ" not in understood(str(failed.value)).words
        assert understood(str(failed.value)).code == "Unreachable"


@pytest.mark.parametrize(
    ("spoiled", "where"),
    [
        ({**GOOD, "sasToken": "sv=1"}, "credentials.INPUT.sasToken"),
        ({**GOOD, "sasToken": f"{TOKEN}&ss=b&srt=sco"}, "credentials.INPUT.sasToken"),
        ({**GOOD, "endpoint": "http://acmephotos.blob.core.windows.net"}, "credentials.INPUT.endpoint"),
        ({"sasToken": TOKEN}, "credentials.INPUT.endpoint"),
        ({**GOOD, "accessKeyId": "x"}, "credentials.INPUT.accessKeyId"),
    ],
)
def test_every_fault_is_said_by_its_place_and_without_the_token(spoiled: dict[str, str], where: str) -> None:
    news: Any = {"credentials": {"INPUT": spoiled}, "datasources": {"INPUT": {"kind": "azure"}}}
    inputs = Inputs(news, VERIFICATION.inputs)
    check_credentials(inputs, news)
    failures = inputs.checked().failures
    assert [failure.property for failure in failures] == [where]
    assert TOKEN not in repr(failures)
