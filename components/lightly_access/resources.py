"""Typed Pulumi resources of the `lightly` provider.

Use them directly, or let `LightlyDataset` put them together. Names are snake_case here and camelCase on the wire; the
provider is `components/lightly_provider`, and `schema.json` there describes the same resources.
"""

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

import pulumi
from pulumi import Input, Output, ResourceOptions


class VerifiedDatasource(TypedDict):
    """What a verification knows about one datasource; the keys are those of the wire."""

    kind: Input[str]
    """The kind of store: `s3`, `azure`, `gcs`, `obs` or `local`."""
    access: Input[str]
    """How Lightly gets in: `delegated`, `user`, `sas`, `service_account`, `key` or `mount`."""
    given: NotRequired[Input[bool]]
    """Whether the credential is somebody else's: then no document of ours grants it."""
    path: Input[str]
    """The registered path, such as `s3://bucket/directory/` or `azure://account/container/directory/`."""
    identity: Input[str]
    """Who Lightly is there: the role's ARN, the access key's id, `<account>/<container>/<stored access policy>`, or the
    service account's e-mail address. Never a secret."""
    fingerprint: Input[str]
    """SHA-256 of the documents that grant the access: when it changes, Lightly is asked again."""
    proof: Input[Mapping[str, Input[bool]]]
    """What the documents permit, for each of list, read, write, overwrite, delete; empty where there is no document."""


class ProbedCredential(TypedDict, total=False):
    """What a verification probes a datasource with; the keys are those of the wire. Each kind of store has its own.

    `s3` and `obs` need `accessKeyId`, `secretAccessKey` and `region`, `azure` needs `sasToken` and `endpoint`.
    """

    accessKeyId: Input[str]
    secretAccessKey: Input[str]
    region: Input[str]
    """The region that requests are signed for."""
    endpoint: Input[str]
    """The service's URL, for `obs` and `azure`. For `s3` it is AWS's, or that of AWS_ENDPOINT_URL."""
    kmsKeyArn: Input[str | None]
    """The KMS key that what is written must be encrypted with."""
    wholeBucket: Input[bool]
    """Whether it is accepted that the key reaches beyond the path."""
    sasToken: Input[str]
    """The SAS token, for `azure`."""


@pulumi.input_type
class _ExternalIdArgs:
    keepers: Input[Mapping[str, Input[str]]] | None = None


@pulumi.input_type
class _DatasetArgs:
    name: Input[str] | None = None
    type: Input[str] | None = None
    adopt: Input[bool] | None = None
    force_destroy: Input[bool] | None = pulumi.property("forceDestroy", default=None)


@pulumi.input_type
class _DatasourceArgs:
    dataset_id: Input[str] | None = pulumi.property("datasetId", default=None)
    purpose: Input[str] | None = None
    kind: Input[str] | None = None
    access: Input[str] | None = None
    path: Input[str] | None = None
    region: Input[str] | None = None
    role_arn: Input[str] | None = pulumi.property("roleArn", default=None)
    external_id: Input[str] | None = pulumi.property("externalId", default=None)
    access_key_id: Input[str] | None = pulumi.property("accessKeyId", default=None)
    secret_access_key: Input[str] | None = pulumi.property("secretAccessKey", default=None)
    kms_key_arn: Input[str] | None = pulumi.property("kmsKeyArn", default=None)
    endpoint: Input[str] | None = None
    web_server: Input[str] | None = pulumi.property("webServer", default=None)
    sas_token: Input[str] | None = pulumi.property("sasToken", default=None)
    project_id: Input[str] | None = pulumi.property("projectId", default=None)
    credentials: Input[str] | None = None
    given: Input[bool] | None = None


@pulumi.input_type
class _AzureSasArgs:
    account_name: Input[str] | None = pulumi.property("accountName", default=None)
    account_key: Input[str] | None = pulumi.property("accountKey", default=None)
    endpoint: Input[str] | None = None
    container: Input[str] | None = None
    directory: Input[str] | None = None
    hierarchical: Input[bool] | None = None
    purpose: Input[str] | None = None
    policy: Input[str] | None = None
    method: Input[str] | None = None
    start: Input[str] | None = None
    expiry: Input[str] | None = None


@pulumi.input_type
class _VerificationArgs:
    dataset_id: Input[str] | None = pulumi.property("datasetId", default=None)
    dataset: Input[str] | None = None
    datasources: Input[Mapping[str, Any]] | None = None
    credentials: Input[Mapping[str, Any]] | None = None
    deadline: Input[float] | None = None
    confirmations: Input[float] | None = None


class ExternalId(pulumi.CustomResource):
    """The external ID between Lightly and a role's trust policy: 256 random bits, a secret in the state.

    It stays the same until `keepers` change; then a new one is made before the old one goes.
    """

    keepers: Output[Mapping[str, str] | None]
    """Any change of these makes a new external ID."""
    value: Output[str]
    """The external ID itself, a secret: 43 characters of A-Z a-z 0-9 _ -."""

    def __init__(
        self,
        resource_name: str,
        *,
        keepers: Input[Mapping[str, Input[str]]] | None = None,
        opts: ResourceOptions | None = None,
    ) -> None:
        props = _arguments(_ExternalIdArgs, "value", keepers=keepers)
        super().__init__("lightly:index:ExternalId", resource_name, props, _secret(opts, "value"))

    @staticmethod
    def get(resource_name: str, id: Input[str], opts: ResourceOptions | None = None) -> "ExternalId":
        """The provider refuses: an external ID is only in the state that made it."""
        return ExternalId(resource_name, opts=_existing(id, opts))


class Dataset(pulumi.CustomResource):
    """A dataset at Lightly; `id` is Lightly's own id of it.

    It is deleted only when it holds no samples, or with `force_destroy`. A name that exists already is an error that
    names its id, unless `adopt` is set: then that dataset is used, and kept on destroy. Another `name` renames it,
    another `type` needs a new dataset.
    """

    name: Output[str]
    """Its name at Lightly."""
    type: Output[str]
    """`images` or `videos`."""
    adopt: Output[bool]
    """Whether a dataset of this name that exists may be used."""
    force_destroy: Output[bool] = pulumi.property("forceDestroy")
    """Whether it is deleted even when it holds samples."""
    adopted: Output[bool]
    """Whether it existed before, and is therefore kept on destroy."""

    def __init__(
        self,
        resource_name: str,
        *,
        name: Input[str] | None = None,
        type: Input[str] | None = None,
        adopt: Input[bool] | None = None,
        force_destroy: Input[bool] | None = None,
        opts: ResourceOptions | None = None,
    ) -> None:
        props = _arguments(_DatasetArgs, "adopted", name=name, type=type, adopt=adopt, force_destroy=force_destroy)
        super().__init__("lightly:index:Dataset", resource_name, props, opts)

    @staticmethod
    def get(resource_name: str, id: Input[str], opts: ResourceOptions | None = None) -> "Dataset":
        """A dataset that exists at Lightly, read and not managed, by its id."""
        return Dataset(resource_name, opts=_existing(id, opts))


class Datasource(pulumi.CustomResource):
    """A store registered with a dataset for one purpose; its id is `<dataset id>/<purpose>`.

    With `access="delegated"` it needs `role_arn` and `external_id`, with `access="user"` it needs `access_key_id` and
    `secret_access_key`, with `kind="obs"` and `access="key"` also `endpoint`, with `access="sas"` a `sas_token`, with
    `access="service_account"` a `project_id` and `credentials`. Lightly's API has no call that removes a
    registration: on destroy it stays, and its credential ends with the role or key. A change of the credential
    registers the new one in place.
    """

    dataset_id: Output[str] = pulumi.property("datasetId")
    """Lightly's id of the dataset; another one needs a new registration."""
    purpose: Output[str]
    """`INPUT` or `LIGHTLY`; another one needs a new registration."""
    kind: Output[str]
    """The kind of store: `s3`, `azure`, `gcs`, `obs` or `local`."""
    access: Output[str]
    """How Lightly gets in: `delegated`, `user`, `sas`, `service_account`, `key` or `mount`."""
    path: Output[str]
    """`s3://bucket/directory/`, `azure://account/container/directory/`, `gs://...`, `obs://...` or
    `local://input_mount/directory/`, a directory that exists."""
    region: Output[str | None]
    """The bucket's region, of `s3`."""
    role_arn: Output[str | None] = pulumi.property("roleArn")
    """The role that Lightly assumes."""
    external_id: Output[str | None] = pulumi.property("externalId")
    """The external ID in that role's trust policy, a secret."""
    access_key_id: Output[str | None] = pulumi.property("accessKeyId")
    """The id of the user's access key."""
    secret_access_key: Output[str | None] = pulumi.property("secretAccessKey")
    """The secret of that key."""
    kms_key_arn: Output[str | None] = pulumi.property("kmsKeyArn")
    """The KMS key with which Lightly encrypts what it writes."""
    endpoint: Output[str | None]
    """The URL of the S3-compatible service, of `obs`."""
    web_server: Output[str | None] = pulumi.property("webServer")
    """Where the mounts are served to Lightly's web application, of `local`."""
    sas_token: Output[str | None] = pulumi.property("sasToken")
    """The SAS token, of `azure`, a secret."""
    project_id: Output[str | None] = pulumi.property("projectId")
    """The project of the bucket, of `gcs`."""
    credentials: Output[str | None]
    """The key file of the service account as JSON text, of `gcs`, a secret."""
    given: Output[bool | None]
    """Whether the credential is somebody else's: it then still works after destroy."""

    def __init__(
        self,
        resource_name: str,
        *,
        dataset_id: Input[str] | None = None,
        purpose: Input[str] | None = None,
        kind: Input[str] | None = None,
        access: Input[str] | None = None,
        path: Input[str] | None = None,
        region: Input[str] | None = None,
        role_arn: Input[str] | None = None,
        external_id: Input[str] | None = None,
        access_key_id: Input[str] | None = None,
        secret_access_key: Input[str] | None = None,
        kms_key_arn: Input[str] | None = None,
        endpoint: Input[str] | None = None,
        web_server: Input[str] | None = None,
        sas_token: Input[str] | None = None,
        project_id: Input[str] | None = None,
        credentials: Input[str] | None = None,
        given: Input[bool] | None = None,
        opts: ResourceOptions | None = None,
    ) -> None:
        props = _arguments(
            _DatasourceArgs,
            dataset_id=dataset_id,
            purpose=purpose,
            kind=kind,
            access=access,
            path=path,
            region=region,
            role_arn=role_arn,
            external_id=_as_secret(external_id),
            access_key_id=access_key_id,
            secret_access_key=_as_secret(secret_access_key),
            kms_key_arn=kms_key_arn,
            endpoint=endpoint,
            web_server=web_server,
            sas_token=_as_secret(sas_token),
            project_id=project_id,
            credentials=_as_secret(credentials),
            given=given,
        )
        opts = _secret(opts, "external_id", "secret_access_key", "sas_token", "credentials")
        super().__init__("lightly:index:Datasource", resource_name, props, opts)

    @staticmethod
    def get(resource_name: str, id: Input[str], opts: ResourceOptions | None = None) -> "Datasource":
        """A registration that exists, read and not managed, by `<dataset id>/<purpose>`; its secrets may be missing."""
        return Datasource(resource_name, opts=_existing(id, opts))


class AzureSas(pulumi.CustomResource):
    """The SAS token of one datasource; its id is `<account>/<container>/<policy>`.

    With `method="stored_policy"` it makes a stored access policy, which holds permissions and times, and a token that
    names it: on delete the policy goes, and the token is dead at once. With `method="user_delegation"` the token is
    signed with the login of whoever deploys, lives 7 days at most, and cannot be revoked alone. Another `policy` is a
    new token, made before the old one goes; another account key signs the same policy anew.
    """

    account_name: Output[str] = pulumi.property("accountName")
    """The storage account."""
    account_key: Output[str | None] = pulumi.property("accountKey")
    """A key of the account, a secret; none for `user_delegation`."""
    endpoint: Output[str]
    """The account's blob endpoint (`primaryEndpoints.blob`)."""
    container: Output[str]
    """The container."""
    directory: Output[str | None]
    """The directory inside it, ending in `/`; empty for the container."""
    hierarchical: Output[bool]
    """Whether the account has a hierarchical namespace, so that the token can be bound to the directory."""
    purpose: Output[str]
    """`INPUT` (list, read) or `LIGHTLY` (list, read, write, overwrite, delete)."""
    policy: Output[str]
    """The id of the stored access policy; another one is another token."""
    method: Output[str]
    """`stored_policy` or `user_delegation`."""
    start: Output[str]
    """When it begins, `2026-11-21T00:00:00Z`."""
    expiry: Output[str]
    """When it ends."""
    permissions: Output[str]
    """What Azure has for it: `rl` or `rwdl`."""
    sas_token: Output[str] = pulumi.property("sasToken")
    """The token without `?`, a secret."""

    def __init__(
        self,
        resource_name: str,
        *,
        account_name: Input[str] | None = None,
        account_key: Input[str] | None = None,
        endpoint: Input[str] | None = None,
        container: Input[str] | None = None,
        directory: Input[str] | None = None,
        hierarchical: Input[bool] | None = None,
        purpose: Input[str] | None = None,
        policy: Input[str] | None = None,
        method: Input[str] | None = None,
        start: Input[str] | None = None,
        expiry: Input[str] | None = None,
        opts: ResourceOptions | None = None,
    ) -> None:
        props = _arguments(
            _AzureSasArgs,
            "permissions",
            "sas_token",
            account_name=account_name,
            account_key=_as_secret(account_key),
            endpoint=endpoint,
            container=container,
            directory=directory,
            hierarchical=hierarchical,
            purpose=purpose,
            policy=policy,
            method=method,
            start=start,
            expiry=expiry,
        )
        super().__init__("lightly:index:AzureSas", resource_name, props, _secret(opts, "account_key", "sas_token"))

    @staticmethod
    def get(resource_name: str, id: Input[str], opts: ResourceOptions | None = None) -> "AzureSas":
        """The provider refuses: a token is only in the state that made it."""
        return AzureSas(resource_name, opts=_existing(id, opts))


class Verification(pulumi.CustomResource):
    """Asks Lightly to use what is registered, until all lights are as expected; its id is the dataset's.

    Make it depend on the datasources. When a light stays red the resource is there, the run fails with one sentence for
    each red light, and the next run verifies again.
    """

    dataset_id: Output[str] = pulumi.property("datasetId")
    """Lightly's id of the dataset."""
    dataset: Output[str]
    """The dataset's name, for messages."""
    datasources: Output[Mapping[str, Any]]
    """Purpose -> VerifiedDatasource. Those with a ProbedCredential in the input `credentials` (a secret, and no output)
    are probed as well."""
    deadline: Output[float]
    """For how many seconds a refusal is asked again; 120 by default, AWS needs up to two minutes."""
    confirmations: Output[float]
    """How many good answers in a row count; 2 by default, because servers may not yet agree."""
    verified: Output[bool]
    """Whether every light is as expected."""
    lights: Output[Mapping[str, Any]]
    """Purpose -> capability -> `expected`, `actual`, `ok`, `evidence`, `cause`, `fix`."""
    probes: Output[Mapping[str, Any]]
    """Purpose -> `done`, `why` it was not, `beyond` (what reaches outside the path), `left` (objects that stay)."""

    def __init__(
        self,
        resource_name: str,
        *,
        dataset_id: Input[str] | None = None,
        dataset: Input[str] | None = None,
        datasources: Input[Mapping[str, Any]] | None = None,
        credentials: Input[Mapping[str, Any]] | None = None,
        deadline: Input[float] | None = None,
        confirmations: Input[float] | None = None,
        opts: ResourceOptions | None = None,
    ) -> None:
        props = _arguments(
            _VerificationArgs,
            "verified",
            "lights",
            "probes",
            dataset_id=dataset_id,
            dataset=dataset,
            datasources=datasources,
            credentials=None if credentials is None else Output.secret(credentials),
            deadline=deadline,
            confirmations=confirmations,
        )
        super().__init__("lightly:index:Verification", resource_name, props, opts)

    @staticmethod
    def get(resource_name: str, id: Input[str], opts: ResourceOptions | None = None) -> "Verification":
        """The provider refuses: a verification is only in the state that made it."""
        return Verification(resource_name, opts=_existing(id, opts))


def _arguments(_type: Any, *outputs: str, **values: object) -> Any:
    """The arguments of a resource. The SDK creates an output for every name in them, so the outputs are named too."""
    arguments = _type(**values)
    arguments.__dict__.update(dict.fromkeys(outputs))
    return arguments


def _as_secret(value: Input[str] | None) -> Input[str] | None:
    return None if value is None else Output.secret(value)


def _secret(opts: ResourceOptions | None, *names: str) -> ResourceOptions:
    return ResourceOptions.merge(opts, ResourceOptions(additional_secret_outputs=list(names)))


def _existing(id: Input[str], opts: ResourceOptions | None) -> ResourceOptions:
    return ResourceOptions.merge(opts, ResourceOptions(id=id))
