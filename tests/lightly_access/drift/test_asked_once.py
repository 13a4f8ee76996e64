"""What is the same for all accesses of a round, its login and its stores, is asked once, whatever the kind of store."""

from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lightly_access.doctor.stack import Stack
from lightly_access.drift.deployed import DeployedAccess, Resource, Resources
from lightly_access.drift.survey import drift
from lightly_access.kinds import registry
from lightly_access.kinds.azure.drift import look as azure
from lightly_access.kinds.azure.storage_api.policies import Container
from lightly_access.kinds.gcs.rest import Rest
from lightly_access.kinds.kind import Kind
from lightly_access.kinds.s3 import clients
from lightly_access.kinds.s3.drift import look as s3
from lightly_access.kinds.verified import Location
from lightly_access.manifest import Manifest
from lightly_access.once import Once
from lightly_core.capability import Purpose
from lightly_core.secret import Secret

ROLE = {"name": "role", "arn": "arn:aws:iam::123456789012:role/role"}
VAULT = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/acme"
OWN = {
    "s3": ("aws:iam/role:Role", ROLE),
    "gcs": ("gcp:serviceaccount/account:Account", {"email": "a@p.iam.gserviceaccount.com", "project": "p"}),
    "azure": ("azure-native:storage:StorageAccount", {}),
}


def accesses(kind: str) -> list[DeployedAccess]:
    """Both of a dataset, in one store."""
    type_, outputs = OWN[kind]
    found = Resources(Resource(type_, str(purpose), VAULT, str(purpose), outputs) for purpose in Purpose)
    where = Location("bucket", "cows/", "acme", ("bucket",))
    return [
        DeployedAccess("cows", purpose, kind, "access", "x://bucket/cows/", where, purpose, found)
        for purpose in Purpose
    ]


def of_aws(asked: "Counter[str]", patch: pytest.MonkeyPatch) -> None:
    answers: dict[str, Any] = {
        "get_caller_identity": {"Account": "123456789012"},
        "get_role": {"Role": {"AssumeRolePolicyDocument": {}}},
        "get_bucket_policy": {"Policy": "{}"},
        "get_public_access_block": {"PublicAccessBlockConfiguration": {"all": True}},
    }

    class Client:
        def __getattr__(self, operation: str) -> Callable[..., Any]:
            def call(**values: str) -> Any:
                asked[operation] += 1
                return answers.get(operation, {})

            return call

        def get_paginator(self, operation: str) -> Any:
            return type("", (), {"paginate": lambda self, **_: (asked.update((operation,)), [defaultdict(list)])[1]})()

    class Session:
        region_name = "eu-central-1"

    def logged_in(*_: object) -> Session:
        asked["login"] += 1
        return Session()

    patch.setattr(s3, "logged_in", logged_in)
    patch.setattr(clients, "aws_client", lambda _, service, region: (asked.update((f"client {service}",)), Client())[1])


def of_google(asked: "Counter[str]", patch: pytest.MonkeyPatch) -> None:
    def ask(self: Rest, method: str, base: str, path: str, query: object = None) -> tuple[int, Any]:
        self.token()
        asked[path] += 1
        return 200, {}

    patch.setattr(Rest, "_login", lambda _: (asked.update(("login",)), "token")[1])
    patch.setattr(Rest, "ask", ask)


def of_azure(asked: "Counter[str]", patch: pytest.MonkeyPatch) -> None:
    def get(environ: object, token: object, clocks: object, path: str, version: str, method: str) -> tuple[int, Any]:
        asked[path] += 1
        endpoints = {"primaryEndpoints": {"blob": "https://acme.blob"}}
        return 200, {"keys": [{"value": "key"}], "properties": endpoints}

    patch.setattr(azure, "token_of", lambda *_: (asked.update(("login",)), Secret("token"))[1])
    patch.setattr(azure, "get", get)
    patch.setattr(Container, "policies", lambda _: (asked.update(("policies",)), ())[1])


CLOUDS = {"s3": of_aws, "gcs": of_google, "azure": of_azure}
OF_AN_ACCESS = {"get_role", "list_role_policies", "list_attached_role_policies"}


def test_every_kind_that_looks_is_tried() -> None:
    assert {name for name, kind in registry.kinds().items() if type(kind).drift is not Kind.drift} == CLOUDS.keys()


@pytest.mark.parametrize("kind", CLOUDS)
def test_what_two_accesses_share_is_asked_once_and_the_same_is_found(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = Manifest.check({"empty": True}).manifest
    assert manifest
    stack = Stack("prod", "farm", Path(), manifest, {}, {}, lambda key: Secret(key))
    asked = Counter[str]()
    CLOUDS[kind](asked, monkeypatch)
    apart = [drift([each], stack, Once()) for each in accesses(kind)]
    alone = dict(asked)
    asked.clear()
    once = Once()
    together = [drift([each], stack, once) for each in accesses(kind)]
    assert together == apart
    assert asked.keys() == alone.keys()
    assert {question for question, times in asked.items() if times > 1} == (OF_AN_ACCESS if kind == "s3" else set())
    assert all(alone[question] > 1 for question in asked), "without a round it is asked by each"
