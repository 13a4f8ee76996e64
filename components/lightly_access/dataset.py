"""A dataset at Lightly: two accesses, registered as INPUT and LIGHTLY, and verified."""

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

import pulumi
from lightly_core.capability import Purpose

from lightly_access.access import Access
from lightly_access.resources import Dataset, Datasource, Verification


class LightlyDatasetArgs(TypedDict):
    """What the dataset is, and how Lightly reaches its data."""

    type: str
    """`images` or `videos`."""
    input: Access
    """Where Lightly reads raw data from."""
    lightly: Access
    """Where Lightly reads from and writes to."""
    name: NotRequired[str]
    """Its name at Lightly. Default: the name of this resource."""
    adopt: NotRequired[bool]
    """Take over a dataset of this name that exists; it is then kept on `destroy`."""
    force_destroy: NotRequired[bool]
    """Allow `destroy` to delete the dataset together with its samples."""
    deadline: NotRequired[float]
    """Seconds that a verification may wait for the cloud to catch up (default 120)."""
    confirmations: NotRequired[int]
    """How many good answers in a row make it verified (default 2)."""
    probe: NotRequired[bool]
    """Also try what each access key can really do (default); whoever deploys must reach the store for that."""


class LightlyDataset(pulumi.ComponentResource):
    """A dataset with its datasources registered and every light as expected, or the deployment fails and says why."""

    dataset_id: pulumi.Output[str]
    """The dataset's id at Lightly."""
    lights: pulumi.Output[Mapping[str, Any]]
    """Purpose -> capability -> `expected`, `actual`, `ok`, `evidence`, `cause`, `fix`."""
    datasources: pulumi.Output[dict[str, Any]]
    """Purpose -> `kind`, `access`, `path`: where Lightly reads and writes, and how it gets in."""
    credentials: pulumi.Output[dict[str, Any]]
    """Purpose -> `kind`, `created`, `rotates` of the credential; never the secret."""

    def __init__(self, name: str, args: LightlyDatasetArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("lightly-access:index:LightlyDataset", name, None, opts)
        accesses = {Purpose.INPUT: args["input"], Purpose.LIGHTLY: args["lightly"]}
        for purpose, access in accesses.items():
            if access.purpose is not purpose:
                raise ValueError(
                    f"{name}: {purpose.lower()} got an access for {access.purpose}, expected one for {purpose}\n"
                    f"hint: create it with purpose=Purpose.{purpose}"
                )
        child = pulumi.ResourceOptions(parent=self)
        prerequisites = [resource for access in accesses.values() for resource in access.prerequisites]
        # The last to come and the first to go: when `destroy` refuses to delete it, what it lives on still stands.
        dataset = Dataset(
            f"{name}-dataset",
            name=args.get("name", name),
            type=args["type"],
            adopt=args.get("adopt", False),
            force_destroy=args.get("force_destroy", False),
            opts=pulumi.ResourceOptions(parent=self, depends_on=prerequisites),
        )
        registered = [
            Datasource(
                f"{name}-{purpose.lower()}",
                dataset_id=dataset.id,
                purpose=purpose,
                **access.registration,
                opts=child,
            )
            for purpose, access in accesses.items()
        ]
        verification = Verification(
            f"{name}-verification",
            dataset_id=dataset.id,
            dataset=args.get("name", name),
            datasources={purpose: verification_inputs(access) for purpose, access in accesses.items()},
            credentials=_probed(accesses) if args.get("probe", True) else None,
            deadline=args.get("deadline", 120),
            confirmations=args.get("confirmations", 2),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[*registered, *prerequisites]),
        )
        self.dataset_id = dataset.id
        self.lights = verification.lights
        self.datasources = pulumi.Output.from_input({purpose: _where(access) for purpose, access in accesses.items()})
        self.credentials = pulumi.Output.from_input({p: access.credential for p, access in accesses.items()})
        self.register_outputs({"datasetId": self.dataset_id, "lights": self.lights, "credentials": self.credentials})


def _where(access: Access) -> dict[str, Any]:
    return {key: access.registration[key] for key in ("kind", "access", "path")}


def _probed(accesses: Mapping[Purpose, Access]) -> dict[str, Any] | None:
    """The keys that can be probed, secrets and all: they go to the verification as one secret input."""
    return {
        str(purpose): access.probe_credential
        for purpose, access in accesses.items()
        if access.probe_credential is not None
    } or None


def verification_inputs(access: Access) -> dict[str, Any]:
    """What a verification must know of an access, and whose change makes it out of date."""
    return {
        **_where(access),
        **({"given": True} if access.registration.get("given") else {}),
        **({"expected": access.expected} if access.expected else {}),
        "identity": access.identity,
        "fingerprint": access.fingerprint,
        "proof": access.proof,
    }
