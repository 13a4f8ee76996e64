"""One dataset deployed by the real program on the local clouds, and what is really there afterwards."""

import json
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import urllib3
from lightly_sandbox.credential_clients import registered
from lightly_sandbox.credential_log import Credential
from lightly_sandbox.deployer import Deployer, Event, Outcome
from lightly_sandbox.deployer.command import ATTACH
from lightly_sandbox.kinds.s3.client import account
from lightly_sandbox.lights import RedLight, red_lights
from lightly_sandbox.sandbox import REGION, Sandbox
from pulumi.runtime.proto import provider_pb2

from tests.deploying import deployer, must
from tests.lightly_sandbox.tap import Tap

PHRASE = "phrase-canary-5d1c"
REQUESTS: dict[str, tuple[str, Any]] = {
    "create": ("Create", provider_pb2.CreateRequest),
    "update": ("Update", provider_pb2.UpdateRequest),
    "delete": ("Delete", provider_pb2.DeleteRequest),
}


@dataclass
class Chain:
    """A stack with one dataset of its own name and buckets; several can live on one sandbox one after another."""

    sandbox: Sandbox
    folder: Path
    name: str = field(default_factory=lambda: f"cows-{secrets.token_hex(3)}")
    input_access: str = "delegated"
    lightly_access: str = "user"
    retry_policy: dict[str, Any] = field(default_factory=lambda: {"deadline": 5, "confirmations": 1})
    dataset: dict[str, Any] = field(default_factory=lambda: {"on_remove": "delete"})
    store: dict[str, Any] = field(default_factory=dict)
    lightly: dict[str, Any] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        s3 = self.customer.s3
        s3.create_bucket(Bucket=self.lake, CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_object(Bucket=self.lake, Key="data/image.png", Body=b"x")

    @property
    def customer(self) -> Any:
        """The administrator of the account in which everything is made."""
        return account(self.sandbox, "customer")

    @property
    def lake(self) -> str:
        """The adopted bucket."""
        return f"lake-{self.name}"

    @property
    def results(self) -> str:
        """The created bucket."""
        return f"results-{self.name}"

    def config(self) -> dict[str, object]:
        """The stack's configuration."""
        stores = {
            "lake": {"kind": "s3", "bucket": self.lake, "region": REGION},
            "results": {"kind": "s3", "bucket": self.results, "region": REGION, "create": True, **self.store},
        }
        own = {"store": "results", "path": "out/", "access": self.lightly_access, **self.lightly}
        data = {"store": "lake", "path": "data/", "access": self.input_access}
        datasets = {self.name: {"type": "images", "input": data, "lightly": own, **self.dataset}}
        return {
            "lightly-access:stores": stores,
            "lightly-access:datasets": datasets,
            "lightly-access:verify": self.retry_policy,
            **self.more,
        }

    def stack(self, **options: Any) -> Deployer:
        """The stack as its configuration is now."""
        return deployer(
            self.sandbox, self.folder / self.name, self.config(), phrase=PHRASE, on_event=self.events.append, **options
        )

    def up(self, *, refresh: bool = False) -> Outcome:
        """Deploy."""
        return self.stack().up(refresh=refresh)

    def must(self, result: Outcome) -> Outcome:
        """The result, which must be a success."""
        return must(result)

    def killed(self, verb: str, deed: str, urn: str, when: str, *, cancelled: bool = True) -> None:
        """Run a verb in which Pulumi is killed `before` or `after` a provider does this deed to this resource.

        `deed` is create, update or delete; `urn` is how the resource's URN ends. The state is as it was written
        then; `pulumi cancel` ends its hold on the stack, unless `cancelled` is false.
        """
        method, message = REQUESTS[deed]
        died: list[str] = []

        def kill(name: str, request: bytes) -> None:
            if name == method and (found := message.FromString(request).urn).endswith(urn):
                died.append(found)
                stack.command.kill()

        attached = dict(part.split(":") for part in self.sandbox.deployment()[ATTACH].split(","))
        hook = {when: kill}
        taps = {
            name: Tap(int(port), before=hook.get("before"), after=hook.get("after")) for name, port in attached.items()
        }
        env = {ATTACH: ",".join(f"{name}:{tap.port}" for name, tap in taps.items())}
        stack = self.stack(env=env, checkpoints=True, parallel=1)
        try:
            done = getattr(stack, verb)()
        finally:
            for tap in taps.values():
                tap.stop()
        assert died, "it did not come to that"
        assert not done.ok
        if cancelled:
            stack.cancel()

    def resources(self) -> list[dict[str, Any]]:
        """What the state holds."""
        found: list[dict[str, Any]] = self.stack().state()["deployment"].get("resources", [])
        return found

    def credentials(self) -> list[Credential]:
        """Every credential that the state knows."""
        return registered(self.stack().state(show_secrets=True))

    def red(self) -> list[RedLight]:
        """The lights that are not as expected."""
        return red_lights(self.stack().state())

    def at_lightly(self) -> list[dict[str, Any]]:
        """The datasets of this name at Lightly."""
        seen = self.sandbox.control(self.sandbox.lightly, "GET", "/state")["datasets"].values()
        return [item for item in seen if item["name"] == self.name]

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """Lightly's answer to a call of the API with our token; None for an empty one."""
        url = f"{self.sandbox.lightly.url}{path}?token={self.sandbox.token.reveal()}"
        sent = None if body is None else json.dumps(body).encode()
        answer = urllib3.request(method, url, body=sent, headers={"Content-Type": "application/json"}, retries=False)
        assert answer.status < 300, answer.data
        return answer.json() if answer.data else None

    def make_dataset(self, samples: int) -> str:
        """A colleague's dataset of our name; its id."""
        made = self.ask("POST", "/v1/datasets", {"name": self.name, "type": "Images", "creator": "USER_PIP"})
        self.holds(samples)
        return str(made["id"])

    def verify(self) -> dict[str, Any]:
        """What Lightly says when it is asked right now, with the credentials that are registered."""
        (item,) = self.at_lightly()
        said: dict[str, Any] = self.ask("GET", f"/v1/datasets/{item['id']}/datasource/verify")
        return said

    def holds(self, samples: int) -> None:
        """Pretend that the dataset holds so many samples."""
        (item,) = self.at_lightly()
        self.sandbox.control(self.sandbox.lightly, "POST", f"/datasets/{item['id']}", {"nSamples": samples})

    def role(self) -> str:
        """The name of the INPUT role."""
        return self._named("role ", "-input-")

    def user(self) -> str:
        """The name of the LIGHTLY user."""
        return self._named("user ", "-lightly-")

    def _named(self, kind: str, purpose: str) -> str:
        found = [identity.removeprefix(kind) for identity in self.identities() if identity.startswith(kind)]
        (name,) = [item for item in found if purpose in item.removeprefix("lightly-access-")]
        return name

    def access_keys(self) -> set[str]:
        """The ids of the LIGHTLY user's keys."""
        return {identity.split()[-1] for identity in self.identities() if identity.startswith(f"key {self.user()} ")}

    def delete_role(self) -> None:
        """Somebody deletes the INPUT role."""
        iam, role = self.customer.iam, self.role()
        for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
            iam.delete_role_policy(RoleName=role, PolicyName=name)
        iam.delete_role(RoleName=role)

    def differences(self) -> dict[str, tuple[str, ...]]:
        """What a preview would change, by the resource's name, without what is only verified again."""
        steps = [step for step in self.must(self.stack().preview()).steps if step.op != "same"]
        steps = [step for step in steps if "::pulumi:providers:" not in step.urn]  # counted nowhere
        names = {step.urn.rsplit("::", 1)[-1]: step.diffs for step in steps}
        return {name: diffs for name, diffs in names.items() if not name.endswith("-verification")}

    def providers(self) -> int:
        """How many resources of the state are providers, which are not counted as changes."""
        return sum(resource["type"].startswith("pulumi:providers:") for resource in self.resources())

    def nothing_is_left(self, *, but_the_dataset: bool = False) -> bool:
        """Whether all that was made is gone and the adopted bucket is as it was."""
        assert self.identities() == set()
        assert len(self.at_lightly()) == but_the_dataset
        assert self.buckets() == {self.lake}
        kept = self.customer.s3.list_objects_v2(Bucket=self.lake)["Contents"]
        assert [item["Key"] for item in kept] == ["data/image.png"]
        return True

    def calls(self, service: str) -> dict[str, int]:
        """Calls so far by name, at `aws` or `lightly`."""
        counted: dict[str, int] = self.sandbox.control(getattr(self.sandbox, service), "GET", "/calls")["by_action"]
        return counted

    def identities(self) -> set[str]:
        """The roles, users, groups and access keys of this dataset that exist in IAM."""
        iam = self.customer.iam
        mine = f"-{self.name}-"
        found = {f"role {role['RoleName']}" for role in iam.list_roles(PathPrefix="/lightly/")["Roles"]}
        found |= {f"group {group['GroupName']}" for group in iam.list_groups(PathPrefix="/lightly/")["Groups"]}
        for user in iam.list_users(PathPrefix="/lightly/")["Users"]:
            found.add(f"user {user['UserName']}")
            keys = iam.list_access_keys(UserName=user["UserName"])["AccessKeyMetadata"]
            found |= {f"key {user['UserName']} {key['AccessKeyId']}" for key in keys}
        return {item for item in found if mine in item}

    def buckets(self) -> set[str]:
        """Those of the two buckets that exist."""
        return {bucket["Name"] for bucket in self.customer.s3.list_buckets()["Buckets"]} & {self.lake, self.results}
