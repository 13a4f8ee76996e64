"""A SAS token of Azure that somebody else made."""

from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qs

import pulumi

from lightly_access.kinds.external import AdoptedAccessArgs, ExternalCredential, Inputs

if TYPE_CHECKING:
    from lightly_access.kinds.azure.components import AzureContainer


def _token(args: AdoptedAccessArgs, token: pulumi.Output[str]) -> tuple[Inputs, Inputs]:
    store = cast("AzureContainer", args["store"])
    path = f"azure://{store.account}/{store.container}/{args['path']}"
    # Without a hierarchical namespace no token is for less than the container.
    reach = {"wholeBucket": args.get("whole_bucket", False) or not store.hierarchical}
    return {"kind": "azure", "path": path, "sas_token": token}, {
        "sasToken": token,
        "endpoint": store.endpoint,
        **reach,
    }


def _signer(args: AdoptedAccessArgs, token: str) -> str:
    """`<account>/<container>/<stored policy>`; a token without a policy has no name."""
    store = cast("AzureContainer", args["store"])
    fields = _fields(token)
    return f"{store.account}/{store.container}/{fields.get('si') or _UNNAMED['skoid' in fields]}"


_UNNAMED = {True: "user-delegation", False: "given-token"}


def _expires(token: str) -> dict[str, Any]:
    """When the token ends, where it says so itself; else a stored policy does."""
    return {"expires": end} if (end := _fields(token).get("se")) else {}


def _fields(token: str) -> dict[str, str]:
    try:
        return {name: values[0] for name, values in parse_qs(token.removeprefix("?")).items()}
    except ValueError:
        return {}


TOKEN = ExternalCredential("SAS token", ("secret",), _token, _signer, _expires)
