"""Google Cloud: a bucket, and the key of a service account."""

from collections.abc import Collection, Mapping
from typing import Any

import pulumi
import pulumi_gcp as gcp
from lightly_core.capability import Purpose

from lightly_access.access import Access
from lightly_access.kinds.builder import Builder, Opts, Told, rotation
from lightly_access.kinds.gcs.account import GcpProject
from lightly_access.kinds.gcs.components import GcsBucket, GcsBucketArgs, GcsServiceAccountAccess
from lightly_access.kinds.gcs.store import GcsStore
from lightly_access.tables.datasource import Datasource

_ROLE = "the custom role of {}"


class ProjectProvider(gcp.Provider):  # type: ignore[misc]  # the SDK is not read
    """The provider of a project, which knows as whom it acts."""

    login: Mapping[str, pulumi.Input[str]]


class GcsBuilder(Builder):
    """Buckets, and service accounts with their keys."""

    def store(
        self, name: str, store: GcsStore, tags: Mapping[str, str], opts: pulumi.ResourceOptions | None
    ) -> GcsBucket:
        """The bucket."""
        provider = next(iter((opts and opts.providers) or ()), None)
        args: GcsBucketArgs = {
            "bucket": store.bucket,
            "project": store.project,
            "location": store.location,
            "create": store.create,
            "versioning": store.versioning,
            "noncurrent_days": store.noncurrent_days,
            "force_destroy": store.force_destroy,
            "labels": store.labels,
        }
        if isinstance(provider, ProjectProvider) and provider.login:
            args["login"] = provider.login
        return GcsBucket(name, args, opts)

    def taken(self, name: str, store: GcsStore, told: Told, purposes: Collection[Purpose], opts: Opts) -> GcsBucket:
        """The bucket as it is, with the roles that the first shard made for the whole manifest."""
        args: GcsBucketArgs = {
            "bucket": store.bucket,
            "project": store.project,
            "roles": {purpose: told(_ROLE.format(purpose)) for purpose in purposes},
        }
        return GcsBucket(name, args, opts)

    def facts(self, store: GcsBucket) -> dict[str, pulumi.Input[Any]]:
        """The roles."""
        return {
            _ROLE.format(purpose): {"name": role.name, "permissions": role.permissions}
            for purpose, role in store.roles.items()
        }

    def prepare(self, store: GcsBucket, purpose: Purpose, path: str, *, accessed: bool) -> None:
        """The directory, and the role."""
        super().prepare(store, purpose, path, accessed=accessed)
        if accessed:
            store.role(purpose)

    def access(
        self,
        name: str,
        dataset: str,
        purpose: Purpose,
        datasource: Datasource,
        store: GcsBucket,
        tags: Mapping[str, str],
        opts: pulumi.ResourceOptions | None,
    ) -> Access:
        """The service account with its key."""
        return GcsServiceAccountAccess(
            name,
            {
                "store": store,
                "path": datasource.path,
                "purpose": purpose,
                "dataset": dataset,
                **rotation(datasource),
            },
            opts,
        )

    def provider(
        self, name: str, where: str, account: GcpProject, store: GcsStore, opts: pulumi.ResourceOptions | None
    ) -> ProjectProvider:
        """The project, with the environment's login or as the service account that it may impersonate."""
        made = ProjectProvider(name, opts, project=account.project, impersonate_service_account=account.impersonate)
        made.login = {"impersonate": account.impersonate} if account.impersonate else {}
        return made
