"""The bucket: yours already and never touched, or made by us and hardened; and its roles."""

import json
from collections.abc import Mapping
from typing import Annotated, Any, NamedTuple, NotRequired, TypedDict

import pulumi
import pulumi_gcp as gcp
from lightly_core.capability import Purpose
from lightly_policies.render_gcs import gcs_role

from lightly_access.access import named_once
from lightly_access.arguments.check import Component
from lightly_access.arguments.table import HIDDEN
from lightly_access.kinds import replaced
from lightly_access.kinds.contents import Contents
from lightly_access.kinds.gcs import fields
from lightly_access.kinds.gcs.bucket_contents import PLACEHOLDER, Project
from lightly_access.kinds.gcs.components.output_fields import OutputLabels
from lightly_access.kinds.gcs.holder import HOLDERS
from lightly_access.kinds.gcs.login import configured_login
from lightly_access.naming import physical_name
from lightly_access.own_thread import on_own_thread
from lightly_access.resources import BucketGuard
from lightly_access.stack_name import stack_name
from lightly_access.tables.fields import NoncurrentDays
from lightly_access.tables.rules import needed_with
from lightly_access.tables.table import CREATED, VERSIONED

_ROLE_ID_LIMIT = 64  # https://cloud.google.com/iam/quotas


class RoleDeletedError(pulumi.RunError):
    """A custom role was deleted behind our back: its bindings stay, and grant nothing."""

    def __init__(self, name: str) -> None:
        _, project, _, role_id = name.split("/")
        super().__init__(
            f"the custom role {name} was deleted: whoever has it can do nothing, and a refresh does not bring it back\n"
            f"hint: `gcloud iam roles undelete {role_id} --project {project}` within 7 days, then `pulumi up "
            "--refresh`; later give the store another name in the manifest: the role's id is made from it"
        )


def living(name: str, deleted: bool | None) -> str:
    """The role's name. Raises RoleDeletedError (https://cloud.google.com/iam/docs/creating-custom-roles#undeleting)."""
    if deleted:
        raise RoleDeletedError(name)
    return name


class Role(NamedTuple):
    """A custom role as it is deployed."""

    name: pulumi.Output[str]
    permissions: pulumi.Output[list[str]]


class GcsBucketArgs(TypedDict):
    """A bucket: yours already (never touched), or made by us (hardened)."""

    bucket: fields.BucketName
    """The bucket's name."""
    project: fields.Project
    """The project's id; service accounts and custom roles are made in it."""
    create: NotRequired[bool]
    """Make it. Default: it exists, is yours, and nothing about it is changed. It needs uniform bucket-level access:
    without it Google takes no conditions (https://cloud.google.com/storage/docs/uniform-bucket-level-access)."""
    location: NotRequired[
        Annotated[
            pulumi.Input[fields.Location] | None,
            needed_with("create", True, "where the bucket is made, such as europe-west3 or EU"),
        ]
    ]
    """Where a created bucket is: a region, dual-region or multi-region."""
    versioning: NotRequired[Annotated[bool, CREATED]]
    """Keep old versions of objects (created buckets)."""
    noncurrent_days: NotRequired[Annotated[NoncurrentDays, VERSIONED] | None]
    """Delete old versions after so many days (needs `versioning`)."""
    force_destroy: NotRequired[Annotated[bool, CREATED]]
    """Allow `destroy` to delete a created bucket together with its objects. Default: a bucket with objects is kept."""
    labels: NotRequired[OutputLabels]
    """Labels of a created bucket."""
    login: NotRequired[Annotated[Mapping[str, pulumi.Input[str]], HIDDEN]]
    """Whose login looks into a created bucket before it goes, where the provider's is another than the environment's:
    `accessToken`, `credentials`, `impersonate`."""
    roles: NotRequired[Annotated[Mapping[Purpose, pulumi.Input[Mapping[str, object]]], HIDDEN]]
    """The role of each purpose, `name` and `permissions`, where another stack of the same manifest makes it."""


class GcsBucket(Component):
    """A bucket that datasets share. Created ones are hardened; adopted ones are only named.

    Example:
        photos = GcsBucket("photos", {"bucket": "acme-datalake", "project": "acme-vision"})
    """

    bucket: str
    project: str
    created: bool
    """Whether it is made here."""
    prerequisites: list[pulumi.Resource]
    """The last of what must stand before the bucket may hold objects, its guard; empty for an adopted one."""
    may_stay: list[pulumi.Resource]
    """The bucket and its guard; nothing of an adopted one."""

    def __init__(self, name: str, args: GcsBucketArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("lightly-access:gcp:GcsBucket", name, None, opts)
        self._name, self._args, self._names = name, args, replaced.names_of(name, opts)
        self._login = args.get("login") or configured_login()
        self.bucket, self.project = args["bucket"], args["project"]
        self.created = args.get("create", False)
        self._directories: dict[str, pulumi.Resource] = {}
        self.roles: dict[Purpose, Role] = {}
        self._child = pulumi.ResourceOptions(parent=self)
        self.may_stay = self._create() if self.created else []
        self.prerequisites = self.may_stay[-1:]
        self.register_outputs({"bucket": self.bucket, "project": self.project})

    def directory(self, path: str) -> pulumi.Resource:
        """A placeholder object: Lightly demands an existing directory, and Cloud Storage has none without an object.

        https://docs.lightly.ai/docs/cloud-storage: "The resource_path must point to an existing directory".
        """
        if path not in self._directories:
            self._directories[path] = gcp.storage.BucketObject(
                f"{self._name}/{path}",
                bucket=self.bucket,
                name=path,
                content=PLACEHOLDER,
                opts=pulumi.ResourceOptions(parent=self, depends_on=self.prerequisites),
            )
        return self._directories[path]

    def role(self, purpose: Purpose) -> Role:
        """The custom role of a purpose, one for all datasources of this store: a project has room for 300.

        A binding, not the role, limits it to a path. The id of a deleted role is taken for 37 days; for 7 of them the
        provider brings it back, after that only another name of the store gives another id
        (https://cloud.google.com/iam/docs/creating-custom-roles, https://cloud.google.com/iam/quotas).
        """
        if purpose not in self.roles:
            told = self._args.get("roles", {})
            self.roles[purpose] = _told(told[purpose]) if purpose in told else self._made_role(purpose)
        return self.roles[purpose]

    def _made_role(self, purpose: Purpose) -> Role:
        document = json.loads(gcs_role(purpose))
        role = gcp.projects.IAMCustomRole(
            f"{self._name}-{purpose.lower()}-role",
            project=self.project,
            role_id=self.role_id(purpose),
            title=document["title"],
            description=document["description"],
            stage=document["stage"],
            permissions=document["includedPermissions"],
            opts=named_once(self, "roleId"),
        )
        name = pulumi.Output.all(role.name, role.deleted).apply(lambda known: living(*known))
        return Role(name, role.permissions)

    def role_id(self, purpose: Purpose) -> str:
        """3 to 64 of a-z 0-9 and _ (https://cloud.google.com/iam/docs/creating-custom-roles)."""
        name = physical_name(pulumi.get_project(), stack_name(), self._name, purpose, limit=_ROLE_ID_LIMIT)
        return name.replace("-", "_")

    def _create(self) -> list[pulumi.Resource]:
        """Hardened: CIS GCP 5.1 (nobody anonymous) and 5.2 (uniform access, so that no ACL counts)."""
        bucket = gcp.storage.Bucket(
            f"{self._name}-bucket",
            name=self.bucket,
            project=self.project,
            location=self._args.get("location"),
            uniform_bucket_level_access=True,
            public_access_prevention="enforced",
            versioning={"enabled": self._args.get("versioning", False)},
            lifecycle_rules=self._lifecycle_rules(),
            force_destroy=self._args.get("force_destroy", False),
            labels=self._args.get("labels"),
            opts=pulumi.ResourceOptions(parent=self, hooks=self._not_replaced()),
        )
        guard = BucketGuard(
            f"{self._name}-guard",
            kind="gcs",
            bucket=bucket.name,
            region=bucket.location,
            force_destroy=self._args.get("force_destroy", False),
            login=self._login,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[bucket]),
        )
        return [bucket, guard]

    def _not_replaced(self) -> pulumi.ResourceHookBinding:
        new = {"bucket": self.bucket, "project": self.project}
        location = self._args.get("location")
        if isinstance(location, str):
            new["location"] = location

        async def held(deployed: replaced.Deployed) -> Contents:
            login = await pulumi.Output.all(**(self._login or {})).future()
            return await on_own_thread(Project(login or {}).data, str(deployed[HOLDERS[0].type].get("name")))

        return replaced.refused(self._names, "bucket", HOLDERS, new, held)

    def _lifecycle_rules(self) -> list[gcp.storage.BucketLifecycleRuleArgsDict]:
        rules: list[gcp.storage.BucketLifecycleRuleArgsDict] = [
            {"action": {"type": "AbortIncompleteMultipartUpload"}, "condition": {"age": 7}}
        ]
        days = self._args.get("noncurrent_days")
        if days is not None:
            rules.append({"action": {"type": "Delete"}, "condition": {"days_since_noncurrent_time": days}})
        return rules


def _told(role: pulumi.Input[Any]) -> Role:
    known = pulumi.Output.from_input(role)
    return Role(known.apply(lambda of: str(of["name"])), known.apply(lambda of: list(of["permissions"])))
