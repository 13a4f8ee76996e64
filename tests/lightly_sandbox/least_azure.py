"""Stacks of Azure, deployed, changed, mended and destroyed by a managed identity that has the printed roles alone.

`python -m tests.lightly_sandbox.least_azure` takes every action out of the roles, one at a time, and says at which step
the deployer then fails: the whole matrix takes long, so the tests run a part of it.
"""

import json
import sys
import tempfile
import uuid
from collections.abc import Callable, Collection, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import urllib3
from lightly_access.kinds.azure.deployer_permissions import grants, reads
from lightly_access.manifest import Manifest
from lightly_cli.main import app
from lightly_policies.deployer_roles import azure_roles
from lightly_policies.evaluator.azure_roles import within
from lightly_sandbox.deployer import Deployer, Outcome
from lightly_sandbox.kinds.azure.client import Group, ask
from lightly_sandbox.sandbox import REGION, Sandbox
from lightly_sandbox.start import start_sandbox
from typer.testing import CliRunner

from tests.deploying import deployer
from tests.lightly_sandbox.counted_deployer import azure, azure_before, azure_disturb
from tests.lightly_sandbox.matrix import matrix
from tests.stacks.changed.deployment import environment

_LOGINS = "acme-logins"
DEPLOYS, READS = "deploys", "reads"
Granted = Collection[tuple[str, str]]
"""Actions, and where."""


def keyless() -> dict[str, Any]:
    """A stack that a login of Azure can only read: no token is signed with an account's key, and no directory is made,
    which would be written with it, because Lightly writes somewhere else."""
    stores = azure()["lightly-access:stores"]
    fields = {**stores["fields"], "container": "raw"}
    lake = {"kind": "s3", "bucket": "acme-lake", "region": REGION, "create": True, "force_destroy": True}
    sas = {"access": "sas", "sas": "user_delegation", "path": ""}

    def dataset(name: str, **source: str) -> dict[str, Any]:
        return {"type": "images", "input": source, "lightly": {"store": "lake", "path": name, "access": "user"}}

    return {
        "lightly-access:stores": {"photos": stores["photos"], "fields": fields, "lake": lake},
        "lightly-access:datasets": {
            "cows": dataset("cows/", store="photos", **{**sas, "path": "herd/"}),
            "hens": dataset("hens/", store="fields", **sas),
        },
        "lightly-access:verify": {"deadline": 10, "confirmations": 1},
    }


@dataclass
class Ranch:
    """A stack, and whoever deploys and previews it, in a subscription that somebody else owns."""

    sandbox: Sandbox
    folder: Path
    config: dict[str, Any] = field(default_factory=azure)
    lost: str = ""
    """An action that the printed roles are given without."""
    clients: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        azure_before(self.sandbox)
        Group(self.sandbox, _LOGINS).ask("PUT", body={"location": "westeurope"})
        self.log_in(DEPLOYS, without(self.lost, self.roles()))
        # The process of the `lightly` provider serves every run, and logs in as whoever deploys.
        self.sandbox.given["AZURE_CLIENT_ID"] = self.clients[DEPLOYS]

    @property
    def subscription(self) -> str:
        return str(self.sandbox.services["azure"].announcement["subscription"])

    def roles(self, who: str = DEPLOYS, config: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """What is printed for the manifest."""
        made, find = Manifest.parse(config or self.config), reads if who == READS else grants
        return azure_roles(who, find(made, self.subscription, None))

    def token(self, who: str) -> str:
        """Somebody's bearer token."""
        told = self.sandbox.services["azure"].announcement["identity"]
        headers, fields = {"X-IDENTITY-HEADER": told["IDENTITY_HEADER"]}, {"client_id": self.clients[who]}
        answered = urllib3.request("GET", told["IDENTITY_ENDPOINT"], fields=fields, headers=headers)
        return str(answered.json()["access_token"])

    def log_in(self, who: str, roles: Mapping[str, Any]) -> None:
        """Make an identity of this name, and its roles and their assignments as the printed lines of `az` do."""
        where = f"/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{who}"
        made = Group(self.sandbox, _LOGINS).ask("PUT", where, {"location": "westeurope"})["properties"]
        self.clients[who] = made["clientId"]
        ids: dict[str, str] = {}
        for role in roles["roles"]:
            ids[role["Name"]] = self._put("", "roleDefinitions", _as_sent(role))
        for each in roles["assignments"]:
            given = {"roleDefinitionId": ids[each["role"]], "principalId": made["principalId"]}
            self._put(each["scope"], "roleAssignments", given)

    def _put(self, scope: str, type_: str, properties: Mapping[str, Any]) -> str:
        """Below a scope, or the subscription: the new id."""
        path = f"/providers/Microsoft.Authorization/{type_}/{uuid.uuid4()}"
        at = scope or f"/subscriptions/{self.subscription}"
        return str(ask(self.sandbox, "PUT", f"{at}{path}", {"properties": properties})["id"])

    def stack(self, who: str = DEPLOYS) -> Deployer:
        """The stack as somebody deploys it."""
        login = {"azure-native:useMsi": "true", "azure-native:clientId": self.clients[who]}
        env = {"AZURE_CLIENT_ID": self.clients[who]}
        return deployer(self.sandbox, self.folder, {**self.config, **login}, env=env)

    def verify(self, who: str) -> list[Any]:
        """What `lightly-access verify` says of each dataset."""
        state = self.folder / "state.json"
        state.touch(mode=0o600)
        state.write_text(json.dumps(self.stack().state(show_secrets=True)))
        login = {**self.sandbox.environment(), "AZURE_CLIENT_ID": self.clients[who]}
        with environment(login, self.folder / "project"):
            ended = CliRunner().invoke(app, ["verify", "--state", str(state), "--json"], catch_exceptions=False)
        return list(json.loads(ended.stdout)["datasets"].values())

    def asked(self, who: str = DEPLOYS) -> Granted:
        """The actions that somebody's calls have needed."""
        asked = self.sandbox.control(self.sandbox.services["azure"].server, "GET", "/asked").get(who, {})
        return {(action, scope) for action, scopes in asked.items() for scope in scopes}

    def steps(self) -> Iterator[tuple[str, list[str]]]:
        """Each step of a stack's life, and the diagnostics of its failure, none for a success."""
        yield "up", _told(lambda: self.stack().up())
        yield "refresh", _told(lambda: self.stack().refresh())
        self.config = deepcopy(self.config)
        for dataset in self.config["lightly-access:datasets"].values():
            dataset["lightly"]["rotate_now"] = "now"
        made = self.config["lightly-access:stores"].get("fields")
        if made:
            made["tags"] = {"team": "herd"}
        yield "rotate, and other tags", _told(lambda: self.stack().up())
        if made:
            azure_disturb(self.sandbox)
        yield "mend", _told(lambda: self.stack().up(refresh=True))
        yield "destroy", _told(lambda: self.stack().destroy())


def granted(roles: Mapping[str, Any]) -> Granted:
    """The actions of roles, and where."""
    by_name = {role["Name"]: {*role["Actions"], *role["DataActions"]} for role in roles["roles"]}
    return {(action, each["scope"]) for each in roles["assignments"] for action in by_name[each["role"]]}


def needless(roles: Mapping[str, Any], asked: Granted) -> Granted:
    """What is granted somewhere and was asked for nowhere in there."""
    return {
        (action, place)
        for action, place in granted(roles)
        if not any(action == each and within(scope, place) for each, scope in asked)
    }


def ungranted(roles: Mapping[str, Any], asked: Granted) -> set[str]:
    """What was asked for where it is not granted."""
    return {
        action
        for action, scope in asked
        if not any(action == each and within(scope, place) for each, place in granted(roles))
    }


def without(action: str, roles: Mapping[str, Any]) -> dict[str, Any]:
    """The roles without one action, wherever it is granted."""
    kept: dict[str, Any] = deepcopy(dict(roles))
    for role in kept["roles"]:
        for name in ("Actions", "DataActions"):
            role[name] = [each for each in role[name] if each != action]
    return kept


def fails_without(action: str, folder: Path) -> tuple[str, list[str]] | None:
    """The first step at which a deployer without an action fails, and what it is told; None when it does not."""
    with start_sandbox(kinds=("azure",)) as sandbox:
        ranch = Ranch(sandbox, folder, lost=action)
        return next(((step, told) for step, told in ranch.steps() if told), None)


def _as_sent(role: Mapping[str, Any]) -> dict[str, Any]:
    """As `az role definition create` sends the JSON that it reads."""
    names = ("Actions", "NotActions", "DataActions", "NotDataActions")
    permissions = {name[0].lower() + name[1:]: role[name] for name in names}
    described = {"roleName": role["Name"], "description": role["Description"], "type": "CustomRole"}
    return {**described, "permissions": [permissions], "assignableScopes": role["AssignableScopes"]}


def _told(verb: Callable[[], Outcome]) -> list[str]:
    result = verb()
    return [] if result.ok else list(result.diagnostics)


def main() -> None:
    """The whole matrix."""
    with tempfile.TemporaryDirectory() as folder, start_sandbox(kinds=("azure",)) as sandbox:
        roles = Ranch(sandbox, Path(folder)).roles()
    matrix(sys.argv[1:] or sorted({action for action, _ in granted(roles)}), fails_without)


if __name__ == "__main__":
    main()
