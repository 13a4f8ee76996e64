"""How an Azure datasource is written at Lightly: `datasource_config_azure.py`, the SAS token as `accountKey`."""

from collections.abc import Mapping
from typing import Any

from lightly_api.registration import Body, Property, Registration, shown
from lightly_core.capability import Purpose

from lightly_access.kinds.azure import names, sas_token


def _written(path: str) -> Body:
    account, _, full = path.removeprefix(names.SCHEME).partition("/")
    return {"accountName": account, "fullPath": full}


def _read(found: Mapping[str, Any], purpose: Purpose) -> str:
    account, full = shown(found, "accountName"), shown(found, "fullPath")
    return names.of_full_path(account, full) if account and full else ""


def _with_question_mark(token: str) -> str:
    """https://docs.lightly.ai/docs/azure: copy the token "including the ?"; the client sends it as it is given."""
    return f"?{token.removeprefix('?')}"


SAS = Registration(
    type="AZURE",
    properties=(Property.of("sasToken", "accountKey", sas_token.fault, secret=True),),
    written=_written,
    read=_read,
    sealed=_with_question_mark,
    mark=lambda values: sas_token.name(token) if (token := values.get("sasToken", "")) else "",
    stays="its token ends with its stored access policy, or by its own time limit",
)
