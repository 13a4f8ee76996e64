"""The roles that a deployer is said to need in Google Cloud are enough and not more: the local one tries them."""

import base64
import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from google.auth.transport.urllib3 import Request
from google.oauth2.service_account import Credentials
from lightly_access.kinds.gcs.deployer_permissions import grants
from lightly_access.manifest import Manifest
from lightly_policies.deployer_needs import GOOGLE, GOOGLE_READS
from lightly_policies.deployer_roles import google_roles
from lightly_sandbox.deployer import Outcome
from lightly_sandbox.kinds.gcs.client import Google, RefusedError
from lightly_sandbox.sandbox import Sandbox
from lightly_sandbox.start import start_sandbox
from urllib3 import PoolManager

from tests.deploying import deployer, must
from tests.lightly_sandbox.counted_deployer import LIVES, PROJECT, google

LOGINS = {"deploys": GOOGLE, "previews": GOOGLE_READS}
"""Service accounts, and the permissions that they are said to need."""
OF_VERIFY = {"iam.serviceAccountKeys.list", "resourcemanager.projects.getIamPolicy"}
"""What no preview asks for."""


@dataclass
class Deploys:
    """Service accounts that have the printed roles and nothing else, in a project that somebody else administers."""

    sandbox: Sandbox
    folder: Path
    roles: dict[str, dict[str, Any]]
    tokens: dict[str, str]

    def run(self, config: dict[str, Any], verb: str = "up", who: str = "deploys", **how: Any) -> Outcome:
        login = {"gcp:accessToken": self.tokens[who], "gcp:project": PROJECT}
        env = {"GOOGLE_OAUTH_ACCESS_TOKEN": self.tokens[who]}
        outcome: Outcome = getattr(deployer(self.sandbox, self.folder, {**config, **login}, env=env), verb)(**how)
        return outcome

    def up(self, config: dict[str, Any], verb: str = "up", **how: Any) -> None:
        must(self.run(config, verb, **how))

    def asked(self, who: str = "deploys") -> set[str]:
        server = self.sandbox.services["gcs"].server
        return set(self.sandbox.control(server, "GET", "/calls")["asked"].get(_email(who), {}))

    def granted(self, who: str = "deploys") -> set[str]:
        return {each for role in self.roles[who]["roles"] for each in role["includedPermissions"]}


def _email(who: str) -> str:
    return f"{who}@{PROJECT}.iam.gserviceaccount.com"


@pytest.fixture(scope="module")
def deploys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deploys]:
    with start_sandbox(kinds=("gcs",)) as sandbox:
        ready = sandbox.services["gcs"].announcement
        made = Manifest.parse(google())
        roles = {
            who: google_roles(f"lightly_{who}", f"serviceAccount:{_email(who)}", grants(made, None, table))
            for who, table in LOGINS.items()
        }
        with Google(ready["url"], ready["token"]) as owner:
            _bucket(owner)
            tokens = {who: _granted(owner, who, each, ready["url"]) for who, each in roles.items()}
        yield Deploys(sandbox, tmp_path_factory.mktemp("least"), roles, tokens)


def _bucket(owner: Google) -> None:
    uniform = {"uniformBucketLevelAccess": {"enabled": True}, "publicAccessPrevention": "enforced"}
    settings = {"name": "acme-frames", "location": "EUROPE-WEST3", "iamConfiguration": uniform}
    owner.ask("POST", "/storage/v1/b", settings, project=PROJECT)
    owner.write("acme-frames", "data/image.png", b"x")


def _granted(owner: Google, who: str, roles: dict[str, Any], url: str) -> str:
    """Make the account, its roles and bindings, as the printed lines do: a token of the account."""
    owner.ask("POST", f"/v1/projects/{PROJECT}/serviceAccounts", {"accountId": who})
    for role in roles["roles"]:
        body = {name: value for name, value in role.items() if name != "name"}
        path, _, id = role["name"].rpartition("/")
        owner.ask("POST", f"/v1/{path}", {"roleId": id, "role": body})
    for bucket in (None, "acme-frames"):
        bindings = [
            {"role": each["role"], "members": [each["member"]], "condition": each.get("condition")}
            for each in roles["bindings"]
            if each.get("bucket") == bucket
        ]
        policy = {"version": 3, "bindings": bindings}
        if bucket:
            policy["bindings"] += owner.ask("GET", f"/storage/v1/b/{bucket}/iam", optionsRequestedPolicyVersion=3)[
                "bindings"
            ]
            owner.ask("PUT", f"/storage/v1/b/{bucket}/iam", policy)
        else:
            policy["bindings"] += owner.ask("POST", f"/v1/projects/{PROJECT}:getIamPolicy", {}).get("bindings", [])
            owner.ask("POST", f"/v1/projects/{PROJECT}:setIamPolicy", {"policy": policy})
    key = owner.ask("POST", f"/v1/projects/{PROJECT}/serviceAccounts/{_email(who)}/keys", {})
    info = {**json.loads(base64.b64decode(key["privateKeyData"])), "token_uri": f"{url}/token"}
    scopes = ["https://www.googleapis.com/auth/cloud-platform"]
    login: Any = Credentials.from_service_account_info(info, scopes=scopes)  # type: ignore[no-untyped-call]
    login.refresh(Request(PoolManager()))  # type: ignore[no-untyped-call]
    return str(login.token)


def test_they_are_enough_for_a_stack_s_whole_life_and_every_permission_is_asked_for(deploys: Deploys) -> None:
    config, life = google(), LIVES["gcs"]
    deploys.up(config)
    deploys.up(config, "refresh")
    config = deepcopy(config)
    for dataset in config["lightly-access:datasets"].values():
        dataset["lightly"]["rotate_now"] = "now"
    config["lightly-access:stores"]["made"]["labels"] = {"team": "herd"}
    deploys.up(config)
    assert life.disturb is not None
    life.disturb(deploys.sandbox)
    seen = must(deploys.run(config, "preview", "previews", refresh=True))
    assert deploys.asked("previews") | OF_VERIFY == deploys.granted("previews")
    assert seen.changes["create"] == 1, "the placeholder"
    deploys.up(config, refresh=True)
    deploys.up(config, "destroy")
    assert deploys.asked() == deploys.granted()


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/storage/v1/b?project=globex-ai", {"name": "globex-more"}),
        ("GET", "/storage/v1/b?project=acme-ml", None),
        ("GET", "/storage/v1/b/acme-beside", None),
        ("DELETE", "/storage/v1/b/acme-beside", None),
        ("GET", "/storage/v1/b/acme-beside/o/secret.txt?alt=media", None),
        ("GET", "/storage/v1/b/acme-frames", None),
        ("POST", "/v1/projects/acme-ml:getIamPolicy", {}),
        ("POST", "/v1/projects/globex-ai/serviceAccounts", {"accountId": "someone"}),
    ],
)
def test_they_reach_nothing_beside_the_stack(method: str, path: str, body: Any, deploys: Deploys) -> None:
    ready = deploys.sandbox.services["gcs"].announcement
    with Google(ready["url"], ready["token"]) as owner:
        if not any(
            each["name"] == "acme-beside" for each in owner.ask("GET", "/storage/v1/b", project=PROJECT)["items"]
        ):
            owner.ask("POST", "/storage/v1/b", {"name": "acme-beside", "location": "EU"}, project=PROJECT)
            owner.write("acme-beside", "secret.txt", b"x")
    with Google(ready["url"], deploys.tokens["deploys"]) as me, pytest.raises(RefusedError, match=r"^403"):
        me.ask(method, path, body)
