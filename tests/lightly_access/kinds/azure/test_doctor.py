"""Whoever deploys to Azure: what is said of the answers that Azure gives."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from lightly_access.doctor.finding import Finding, State
from lightly_access.doctor.stack import ClosedSecretError, Stack
from lightly_access.kinds.azure import doctor
from lightly_access.manifest import Manifest
from lightly_core.secret import Secret

SUBSCRIPTION = "0b1f6471-1bf0-4dda-aec3-cb9272f09590"
ADOPTED = {"kind": "azure", "account": "acme01", "container": "raw", "resource_group": "data"}
MADE = {**ADOPTED, "account": "acme02", "container": "out", "create": True}
DATASET = {
    "type": "images",
    "input": {"store": "raw", "path": "cows/", "access": "sas"},
    "lightly": {"store": "out", "path": "cows/", "access": "sas"},
}


def stack(**more: Any) -> Stack:
    manifest = Manifest.parse({"stores": {"raw": ADOPTED, "out": MADE}, "datasets": {"cows": DATASET}, **more})

    def closed(key: str) -> Secret:
        raise ClosedSecretError(key)

    return Stack("prod", "farm", Path(), manifest, {}, {}, closed)


def token(**claims: str) -> Secret:
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return Secret(f"e30.{body}.canary")


def found(answers: dict[str, tuple[int, dict[str, Any]]], subscription: str | None = SUBSCRIPTION) -> list[Finding]:
    def get(path: str, version: str) -> tuple[int, dict[str, Any]]:
        return next(answer for part, answer in reversed(answers.items()) if part in path)

    return list(doctor.findings("azure", stack(), None, subscription, token(upn="ada@acme.com", tid="t"), get))


def permissions(*actions: str, but: tuple[str, ...] = ()) -> tuple[int, dict[str, Any]]:
    return 200, {"value": [{"actions": [*actions], "notActions": [*but]}]}


SEEN = {SUBSCRIPTION: (200, {"displayName": "Farm", "state": "Enabled"})}


def test_a_login_is_named_with_its_tenant_and_subscription() -> None:
    login, *may = found({**SEEN, "/permissions": permissions("*")})
    assert login == Finding("azure login", State.OK, "ada@acme.com of tenant t, subscription Farm")
    assert [each.state for each in may] == [State.OK, State.OK]
    assert doctor.identity("opaque") == "a login whose token names nobody"
    assert doctor.identity("a.b.c") == "a login whose token names nobody"


@pytest.mark.parametrize(
    ("granted", "lost"),
    [
        (permissions("Microsoft.Storage/*"), ()),
        (permissions("Microsoft.Storage/*/read", "Microsoft.Storage/storageAccounts/blobServices/*"), ("listKeys",)),
        (permissions("*", but=("Microsoft.Storage/*/write",)), ("containers/write",)),
        ((200, {}), ("storageAccounts/read", "containers/delete", "listKeys")),
    ],
)
def test_what_it_may_not_do_is_named(granted: tuple[int, dict[str, Any]], lost: tuple[str, ...]) -> None:
    *_, may = found({**SEEN, "/permissions": granted})
    assert may.state is (State.BAD if lost else State.OK)
    assert all(action in may.said for action in lost)


def test_it_asks_of_each_account_where_a_role_may_have_been_granted() -> None:
    one = {**SEEN, "acme02/providers/": permissions("*"), "acme01/providers/": (200, {})}
    _, raw, out = found(one)
    assert (raw.state, out.state) == (State.BAD, State.OK)
    assert raw.said.startswith("in account acme01 it may not ")


@pytest.mark.parametrize(
    ("answer", "state", "said"),
    [
        ((404, {}), State.BAD, "does not see subscription"),
        ((401, {}), State.BAD, "HTTP 401"),
        ((200, {"displayName": "Farm", "state": "Disabled"}), State.BAD, "is Disabled"),
    ],
)
def test_a_subscription_that_cannot_be_used_is_bad(answer: tuple[int, dict[str, Any]], state: State, said: str) -> None:
    (login,) = found({SUBSCRIPTION: answer})
    assert login.state is state
    assert said in login.said
    assert login.fix


def test_what_cannot_be_asked_is_a_warning() -> None:
    assert found({**SEEN, "/permissions": (403, {})})[1].state is State.WARNING
    assert [each.state for each in found({}, subscription=None)] == [State.WARNING]


def test_only_a_deployment_that_asks_azure_has_a_question() -> None:
    assert [each.name for each in doctor.questions(stack())] == ["azure login"]
    account = {"accounts": {"archive": {"cloud": "azure", "subscription": SUBSCRIPTION}}}
    assert [each.name for each in doctor.questions(stack(**account))] == ["azure login", "accounts.archive login"]
    assert list(doctor.needed(stack(), None)) == [("data", "acme01"), ("data", "acme02")]
