"""`lightly:index:AzureSas`, typed."""

from lightly_core.resource_types.azure_sas import AZURE_SAS
from pulumi import Input, Output, ResourceOptions

from lightly_access.resources.resource import LightlyResource


class AzureSas(LightlyResource, row=AZURE_SAS):
    """The SAS token of one datasource; its id is `<account>/<container>/<policy>`.

    With `method="stored_policy"` it makes a stored access policy, which holds permissions and times, and a token that
    names it: on delete the policy goes, and the token is dead at once. With `method="user_delegation"` the token is
    signed with the login of whoever deploys, lives 7 days at most, and cannot be revoked alone. Another `policy` is a
    new token, made before the old one goes; another account key signs the same policy anew.

    `get` is refused: a token is only in the state that made it.
    """

    account_name: Output[str]
    account_key: Output[str | None]
    endpoint: Output[str]
    container: Output[str]
    directory: Output[str | None]
    hierarchical: Output[bool]
    purpose: Output[str]
    policy: Output[str]
    method: Output[str]
    start: Output[str]
    expiry: Output[str]
    permissions: Output[str]
    sas_token: Output[str]
    created: Output[str]

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
        super().__init__(
            resource_name,
            opts,
            account_name=account_name,
            account_key=account_key,
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
