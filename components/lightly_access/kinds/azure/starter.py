"""The first dataset on Azure. The account is yours: its name is unique in all of Azure, so it is not guessed."""

import re

from lightly_access.kinds.starter import Starter, Table


def _account(project: str) -> str:
    """3 to 24 small letters and digits."""
    return f"{re.sub('[^a-z0-9]', '', project)[:20]}data"


def _existing(project: str) -> Table:
    account, group = _account(project), f"{project}-data"
    return {
        "kind": "azure",
        "account": account,
        "container": "images",
        "resource_group": group,
        "hierarchical": True,  # a token is then bound to its directory
    }


def _made(project: str) -> Table:
    return {**_existing(project), "container": "lightly", "create": True}


STARTER = Starter(
    access="sas",
    existing=_existing,
    made=_made,
    config={"azure-native:location": "westeurope"},
    login="`az login`, or the environment variables ARM_...",
)
