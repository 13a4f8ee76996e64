"""A SAS token of Azure that somebody else made."""

from typing import TYPE_CHECKING, Any, cast

import pulumi

from lightly_access.kinds.azure import sas_token
from lightly_access.kinds.external import AdoptedAccessArgs, ExternalCredential, Inputs

if TYPE_CHECKING:
    from lightly_access.kinds.azure.components import AzureContainer


def _component() -> type:
    from lightly_access.kinds.azure.components import AzureContainer  # late: with it comes the SDK

    return AzureContainer


def _token(args: AdoptedAccessArgs, handed_over: pulumi.Output[str]) -> tuple[Inputs, Inputs]:
    store = cast("AzureContainer", args["store"])
    path = f"azure://{store.account}/{store.container}/{args['path']}"
    token = handed_over.apply(lambda text: sas_token.token_of(text, store.account, store.container))
    # Without a hierarchical namespace no token is for less than the container.
    reach = {"wholeBucket": args.get("whole_bucket", False) or not store.hierarchical}
    return {"kind": "azure", "path": path, "sas_token": token}, {
        "sasToken": token,
        "endpoint": store.endpoint,
        **reach,
    }


def _signer(args: AdoptedAccessArgs, text: str) -> str:
    """`<account>/<container>/<stored policy>`; a token without a policy has no name."""
    store = cast("AzureContainer", args["store"])
    token = sas_token.token_of(text, store.account, store.container)
    return f"{store.account}/{store.container}/{sas_token.name(token)}"


def _expires(args: AdoptedAccessArgs, text: str) -> dict[str, Any]:
    """When the token ends, where it says so itself; else a stored policy does."""
    store = cast("AzureContainer", args["store"])
    end = sas_token.end(sas_token.token_of(text, store.account, store.container))
    return {"expires": end} if sas_token.moment(end) else {}


TOKEN = ExternalCredential("SAS token", ("secret",), _component, _token, _signer, _expires)
