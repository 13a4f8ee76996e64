"""`lightly:index:Datasource`, typed."""

from lightly_core.resource_types.datasource import DATASOURCE
from pulumi import Input, Output, ResourceOptions

from lightly_access.resources.resource import LightlyResource


class Datasource(LightlyResource, row=DATASOURCE):
    """A store registered with a dataset for one purpose; its id is `<dataset id>/<purpose>`.

    With `access="delegated"` it needs `role_arn` and `external_id`, with `access="user"` it needs `access_key_id` and
    `secret_access_key`, with `kind="obs"` and `access="key"` also `endpoint`, with `access="sas"` a `sas_token`, with
    `access="service_account"` a `project_id` and `credentials`. Lightly's API has no call that removes a
    registration: on destroy it stays, and its credential ends with the role or key. A change of the credential
    registers the new one in place. Before it writes it reads: another one that is registered there, and that the state
    does not know, is named and not overwritten, unless `replace_registered` says so.

    `get` reads a registration that exists by `<dataset id>/<purpose>`; its secrets may be missing.
    """

    dataset_id: Output[str]
    purpose: Output[str]
    kind: Output[str]
    access: Output[str]
    path: Output[str]
    region: Output[str | None]
    role_arn: Output[str | None]
    external_id: Output[str | None]
    access_key_id: Output[str | None]
    secret_access_key: Output[str | None]
    kms_key_arn: Output[str | None]
    endpoint: Output[str | None]
    web_server: Output[str | None]
    sas_token: Output[str | None]
    project_id: Output[str | None]
    credentials: Output[str | None]
    given: Output[bool | None]
    replace_registered: Output[bool | None]

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
        replace_registered: Input[bool] | None = None,
        opts: ResourceOptions | None = None,
    ) -> None:
        super().__init__(
            resource_name,
            opts,
            dataset_id=dataset_id,
            purpose=purpose,
            kind=kind,
            access=access,
            path=path,
            region=region,
            role_arn=role_arn,
            external_id=external_id,
            access_key_id=access_key_id,
            secret_access_key=secret_access_key,
            kms_key_arn=kms_key_arn,
            endpoint=endpoint,
            web_server=web_server,
            sas_token=sas_token,
            project_id=project_id,
            credentials=credentials,
            given=given,
            replace_registered=replace_registered,
        )
