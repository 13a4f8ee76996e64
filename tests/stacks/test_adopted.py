"""Accesses that somebody else made, on the local clouds: registered, verified, and still working after destroy.

Somebody else is another stack here, which makes a role, a user, SAS tokens and a service account for two paths each.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lightly_sandbox.credential_clients import registered
from lightly_sandbox.credential_log import Credential
from lightly_sandbox.deployer import Deployer
from lightly_sandbox.sandbox import REGION, Sandbox
from lightly_sandbox.start import start_sandbox

from tests.deploying import deployer, must

STORES: dict[str, dict[str, Any]] = {
    "lake": {"kind": "s3", "bucket": "herd-lake", "region": REGION},
    "photos": {"kind": "azure", "account": "herdphotos", "container": "photos", "resource_group": "herd",
               "hierarchical": True},
    "frames": {"kind": "gcs", "bucket": "herd-frames", "project": "acme-ml"},
}  # fmt: skip
CREATED: dict[str, dict[str, Any]] = {
    "lake": {"create": True},
    "photos": {"create": True, "create_account": True, "location": "westeurope"},
    "frames": {"create": True, "location": "europe-west3"},
}
CREDENTIAL_CLIENTS = {"delegated": "lake", "user": "lake", "sas": "photos", "service_account": "frames"}
OURS = ("rotate_now", "our documents", "our own", "--refresh")


class OwnedClouds:
    """The clouds, the stack of whoever owns them, and a stack that adopts."""

    def __init__(self, sandbox: Sandbox, folder: Path) -> None:
        self.sandbox, self.folder = sandbox, folder
        self.said: list[str] = []
        stores = {name: {**store, **CREATED[name]} for name, store in STORES.items()}
        datasets = {
            f"owner-{access}": {
                "type": "images",
                "input": {"store": store, "path": f"{access}/in/", "access": access},
                "lightly": {"store": store, "path": f"{access}/out/", "access": access},
            }
            for access, store in CREDENTIAL_CLIENTS.items()
        }
        self.owner = self.stack("owner", stores, datasets, {})
        must(self.owner.up())
        found = registered(self.owner.state(show_secrets=True))
        self.credentials = {
            (credential.dataset.removeprefix("owner-"), credential.purpose.lower()): credential for credential in found
        }

    def stack(self, name: str, stores: Any, datasets: Any, env: dict[str, str]) -> Deployer:
        config = {
            "lightly-access:stores": stores,
            "lightly-access:datasets": datasets,
            "lightly-access:verify": {"deadline": 20, "confirmations": 2},  # each is begun before one has failed
        }
        return deployer(
            self.sandbox, self.folder / name, config, env=env, on_event=lambda event: self.said.append(event.message)
        )

    def adopting(self, name: str, ways: tuple[str, ...], source: str = "input") -> Deployer:
        """A stack of datasets whose input is the owner's `source`, and whose lightly is the owner's."""
        env: dict[str, str] = {}
        datasets = {}
        for access in ways:
            services = {}
            for service, whose in (("input", source), ("lightly", "lightly")):
                variable = f"GIVEN_{access}_{service}".upper()
                credential = self.credentials[access, whose]
                env[variable] = credential.secret.reveal()
                path = f"{access}/{'in' if whose == 'input' else 'out'}/"
                services[service] = {
                    "store": CREDENTIAL_CLIENTS[access],
                    "path": path,
                    "access": access,
                    **named(credential, variable),
                }
            datasets[f"{name}-{access}"] = {"type": "images", **services}
        return self.stack(name, STORES, datasets, env)


def named(credential: Credential, variable: str) -> dict[str, str]:
    """The lines of the manifest."""
    match credential.kind:
        case "role":
            return {"role_arn": credential.identity, "external_id": f"env:{variable}"}
        case "access key":
            return {"access_key_id": credential.identity, "secret": f"env:{variable}"}
    return {"secret": f"env:{variable}"}


@pytest.fixture(scope="module")
def owned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnedClouds]:
    with start_sandbox(kinds=("s3", "azure", "gcs")) as sandbox:
        yield OwnedClouds(sandbox, tmp_path_factory.mktemp("adopted"))


def lights(stack: Deployer) -> dict[str, Any]:
    resources = stack.state()["deployment"]["resources"]
    return {
        resource["outputs"]["dataset"]: resource["outputs"]["lights"]
        for resource in resources
        if resource["type"] == "lightly:index:Verification"
    }


def test_what_somebody_else_made_is_verified_and_lives_on_when_we_go(owned: OwnedClouds) -> None:
    stack = owned.adopting("adopted", tuple(CREDENTIAL_CLIENTS))
    must(stack.up())
    kinds = {resource["type"] for resource in stack.state()["deployment"]["resources"] if resource.get("custom")}
    assert {kind for kind in kinds if not kind.startswith(("lightly:", "pulumi:"))} == set(), (
        "nothing is made at a cloud"
    )
    for name, found in lights(stack).items():
        unknown = {(p, c) for p, row in found.items() for c, light in row.items() if not light["ok"]}
        role = name == "adopted-delegated"
        beyond = {("INPUT", word) for word in ("write", "overwrite", "delete")} | {("LIGHTLY", "delete")}
        assert unknown == (beyond if role else set()), (name, found)
    assert must(stack.up()).unchanged
    owned.said.clear()
    must(stack.destroy())
    assert sum("is yours and still works" in text for text in owned.said) == 2 * len(CREDENTIAL_CLIENTS)
    must(owned.owner.refresh())
    assert all(
        light["ok"] for found in lights(owned.owner).values() for row in found.values() for light in row.values()
    )


def test_a_credential_that_can_do_more_than_read_is_a_red_light_and_nothing_of_ours_is_to_blame(
    owned: OwnedClouds,
) -> None:
    ways = ("user", "sas", "service_account")
    stack = owned.adopting("strong", ways, source="lightly")
    result = stack.up()
    assert not result.ok
    said = "\n".join(result.diagnostics)
    for access in ways:
        identity = owned.credentials[access, "lightly"].identity
        assert (
            f"'strong-{access}', INPUT: write, overwrite and delete should be refused: more rights than needed" in said
        )
        assert (
            access == "user" or identity.partition(", ")[0].rsplit("/", 1)[-1] in said
        )  # the id of a key is inside the sealed credentials
    assert not [ours for ours in OURS if ours in said], said
    assert not [credential for credential in owned.credentials.values() if credential.secret.reveal() in said]
    must(stack.destroy())


def test_a_credential_for_another_path_is_a_red_light(owned: OwnedClouds) -> None:
    env = {"GIVEN": owned.credentials["user", "lightly"].secret.reveal()}
    key = {"access_key_id": owned.credentials["user", "lightly"].identity, "secret": "env:GIVEN"}
    service = {"store": "lake", "access": "user", **key}
    dataset = {"type": "images", "input": {**service, "path": "user/in/"}, "lightly": {**service, "path": "user/out/"}}
    stack = owned.stack("elsewhere", STORES, {"elsewhere": dataset}, env)
    result = stack.up()
    assert not result.ok
    assert "dataset 'elsewhere', INPUT: list" in "\n".join(result.diagnostics)
    must(stack.destroy())
