"""A dataset at Lightly: two accesses, registered as INPUT and LIGHTLY, and verified."""

from collections.abc import Mapping
from typing import Any, NotRequired, Protocol, TypedDict

import pulumi
from lightly_core.capability import Purpose

from lightly_access.access import Access
from lightly_access.arguments.check import Component
from lightly_access.joined import alone, joined
from lightly_access.resources import Dataset, Datasource, Verification
from lightly_access.tables import fields


class MakesAccess(Protocol):
    """Makes the access of a purpose under a parent."""

    def __call__(self, purpose: Purpose, parent: pulumi.Resource) -> Access: ...


class LightlyDatasetArgs(TypedDict):
    """What the dataset is, and how Lightly reaches its data."""

    type: pulumi.Input[fields.DatasetType]
    """`images` or `videos`."""
    input: NotRequired[Access]
    """Where Lightly reads raw data from. Left out, as `lightly` is, of a dataset that is `revoked`."""
    lightly: NotRequired[Access]
    """Where Lightly reads from and writes to."""
    access: NotRequired[MakesAccess]
    """In place of both: makes the access of a purpose, under the parent that it is given. Pulumi's tree then shows what
    Lightly gets in with below the dataset."""
    revoked: NotRequired[bool]
    """Lightly's access has ended: the dataset stays at Lightly, and nothing is registered or verified any more."""
    name: NotRequired[pulumi.Input[str]]
    """Its name at Lightly. Default: the name of this resource."""
    adopt: NotRequired[bool]
    """Take over a dataset of this name that exists; it is then kept on `destroy`."""
    replace_registered: NotRequired[bool]
    """Register also where an adopted dataset has other datasources, whose secrets are then lost. Default: refuse."""
    rename_adopted: NotRequired[bool]
    """Let another `name` rename an adopted dataset, for everybody who uses it. Default: refuse."""
    on_remove: NotRequired[fields.OnRemove]
    """What becomes of it at Lightly when it is removed: `keep` (default), or `delete`, which spares samples."""
    force_destroy: NotRequired[bool]
    """Allow `destroy` to delete the dataset together with its samples."""
    deadline: NotRequired[float]
    """Seconds that a verification may wait for the cloud to catch up (default 120)."""
    confirmations: NotRequired[int]
    """How many good answers in a row make it verified (default 2)."""
    probe: NotRequired[bool]
    """Also try what each access key can really do (default); whoever deploys must reach the store for that."""


class LightlyDataset(Component):
    """A dataset with its datasources registered and every light as expected, or the deployment fails and says why.

    One that is `revoked` is the dataset alone: what its accesses were made of is gone from the program, and so ends.

    Example:
        disk = LocalFolders(input_mount="/srv/photos", lightly_mount="/srv/lightly")
        herd = LightlyDataset(
            "farm-animals",
            {
                "type": "images",
                "input": LocalAccess("herd-input", {"store": disk, "path": "herd/", "purpose": Purpose.INPUT}),
                "lightly": LocalAccess("herd-lightly", {"store": disk, "path": "herd/", "purpose": Purpose.LIGHTLY}),
            },
        )
        pulumi.export("lights", herd.lights)
    """

    dataset_id: pulumi.Output[str]
    """The dataset's id at Lightly."""
    ok: pulumi.Output[bool | None]
    """Whether every light was as expected when it was verified last; None of one that is revoked."""
    verified_at: pulumi.Output[str | None]
    """When that was, in UTC."""
    lights: pulumi.Output[Mapping[str, Any]]
    """Purpose -> capability -> `expected`, `actual` where it is known, `ok`, `evidence`; of one that is not as expected
    also `cause`, `fix`, `runbook`."""
    datasources: pulumi.Output[dict[str, Any]]
    """Purpose -> `kind`, `access`, `path`: where Lightly reads and writes, and how it gets in."""
    credentials: pulumi.Output[dict[str, Any]]
    """Purpose -> `kind`, `created`, `rotates` of the credential; never the secret."""

    def __init__(self, name: str, args: LightlyDatasetArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("lightly-access:index:LightlyDataset", name, None, opts)
        accesses = {} if args.get("revoked", False) else _accesses(name, args, self)
        # It waits for no credential, so that on removal no credential waits for it: access ends whatever Lightly says.
        dataset = Dataset(
            f"{name}-dataset",
            name=args.get("name", name),
            type=args["type"],
            adopt=args.get("adopt", False),
            on_remove=args.get("on_remove"),
            force_destroy=args.get("force_destroy", False),
            rename_adopted=args.get("rename_adopted", False) or None,
            opts=pulumi.ResourceOptions(parent=self),
        )
        for access in accesses.values():
            access.dataset_id = dataset.id
        self.dataset_id = dataset.id
        if accesses:
            verification = self._verified(name, args, accesses, dataset)
            self.ok, self.verified_at = verification.verified, verification.verified_at
            self.lights = verification.lights
        else:
            self.ok, self.verified_at = pulumi.Output.from_input(None), pulumi.Output.from_input(None)
            self.lights = pulumi.Output.from_input({})
        self.datasources = joined({purpose: joined(_where(access)) for purpose, access in accesses.items()})
        self.credentials = joined({purpose: access.credential for purpose, access in accesses.items()})
        # The lights are the Verification's in the state: a component's outputs are there for tools that read it.
        self.register_outputs(
            {
                "datasetId": self.dataset_id,
                "ok": self.ok,
                "verifiedAt": self.verified_at,
                "credentials": self.credentials,
            }
        )

    def _verified(
        self, name: str, args: LightlyDatasetArgs, accesses: Mapping[Purpose, Access], dataset: Dataset
    ) -> Verification:
        # What is registered with a dataset of ours is ours too, such as what a revocation left.
        replace = args.get("replace_registered", False) or not args.get("adopt", False)
        registered = [
            Datasource(
                f"{name}-{purpose.lower()}",
                dataset_id=dataset.id,
                purpose=purpose,
                **access.registration,
                replace_registered=replace or None,
                # What goes with its dataset is nothing that stays registered.
                opts=pulumi.ResourceOptions(
                    parent=self, deleted_with=dataset if args.get("on_remove") == "delete" else None
                ),
            )
            for purpose, access in accesses.items()
        ]
        prerequisites = [resource for access in accesses.values() for resource in access.prerequisites]
        return Verification(
            f"{name}-verification",
            dataset_id=dataset.id,
            dataset=args.get("name", name),
            datasources={purpose: verification_inputs(access) for purpose, access in accesses.items()},
            credentials=_probed(accesses) if args.get("probe", True) else None,
            deadline=args.get("deadline", 120),
            confirmations=args.get("confirmations", 2),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[*registered, *prerequisites]),
        )


def _accesses(name: str, args: LightlyDatasetArgs, parent: pulumi.Resource) -> dict[Purpose, Access]:
    """Raises ValueError for one that is missing, or for the other purpose."""
    found = {Purpose.INPUT: args.get("input"), Purpose.LIGHTLY: args.get("lightly")}
    if make := args.get("access"):
        found = {purpose: given or make(purpose, parent) for purpose, given in found.items()}
    accesses = {purpose: access for purpose, access in found.items() if access is not None}
    for purpose in found:
        if purpose not in accesses:
            raise ValueError(
                f"{name}: got no {purpose.lower()}, expected an access for {purpose}\n"
                "hint: only with revoked=True there is none"
            )
        if (other := accesses[purpose].purpose) is not purpose:
            raise ValueError(
                f"{name}: {purpose.lower()} got an access for {other}, expected one for {purpose}\n"
                f"hint: create it with purpose=Purpose.{purpose}"
            )
    return accesses


def _where(access: Access) -> dict[str, Any]:
    return {key: access.registration[key] for key in ("kind", "access", "path")}


def _probed(accesses: Mapping[Purpose, Access]) -> pulumi.Output[dict[str, Any]] | None:
    """The keys that can be probed, secrets and all: they go to the verification as one secret input."""
    keys = {
        str(purpose): joined(access.probe_credential)
        for purpose, access in accesses.items()
        if access.probe_credential is not None
    }
    return alone(joined(keys)) if keys else None


def verification_inputs(access: Access) -> dict[str, Any]:
    """What a verification must know of an access, and whose change makes it out of date.

    It comes after the access by what it depends on, and so needs no dependency of each value on each part of it.
    """
    return {
        **_where(access),
        **({"given": True} if access.registration.get("given") else {}),
        **({"expected": access.expected} if access.expected else {}),
        "identity": alone(access.identity),
        "fingerprint": alone(access.fingerprint),
        "proof": alone(access.proof),
    }
