"""Which accounts of AWS a manifest speaks of: the deployer's own, and those of other owners."""

import re
from collections.abc import Iterator
from typing import Any

from lightly_core.lightly_rules import LIGHTLY_AWS_ACCOUNT

from lightly_sandbox.kinds.estate import Estate

CUSTOMER, STRANGER, ARCHIVE = "123456789012", "666666666666", "555555555555"
"""Where the manifest names none: the deployer's, somebody else's, and that of whoever owns the S3-compatible store."""
_ARN = re.compile(r"arn:[\w-]+:[\w-]+:[\w-]*:(\d{12}):")


def account_of(arn: str) -> str:
    """The account in an ARN; nothing in what is none."""
    found = _ARN.match(arn)
    return found[1] if found else ""


def owner_of(estate: Estate, store: Any) -> str:
    """The id of the account that owns a store."""
    role = getattr(estate.account(store), "role_arn", None)
    return account_of(role) if role else customer(estate)


def customer(estate: Estate) -> str:
    """The deployer's own account: that of a boundary or role in it, else of a key there; else any."""
    mine = [source for source in estate.sources if not getattr(estate.account(source.store), "role_arn", None)]
    named = [source.table.permissions_boundary for source in mine]
    named += [source.table.role_arn for source in mine]
    named += [arn for source in mine for arn in keys(source.store)]
    return next((found for arn in named if arn and (found := account_of(arn))), CUSTOMER)


def keys(store: Any) -> Iterator[str]:
    """The KMS keys of a store that exist already."""
    yield from (arn for arn in (store.kms_key, *store.old_kms_keys) if arn and arn != "create")


def accounts(estate: Estate) -> dict[str, str]:
    """Every account by the name that the sandbox has for it; that of another owner is its id."""
    mine = customer(estate)
    roles = [getattr(account, "role_arn", None) for account in estate.accounts.values()]
    arns = [*roles, *(arn for store in estate.stores.values() for arn in keys(store))]
    arns += [arn for source in estate.sources for arn in (source.table.role_arn, source.table.permissions_boundary)]
    others = {account_of(arn) for arn in arns if arn} - {mine, LIGHTLY_AWS_ACCOUNT, ""}
    found = {"customer": mine, **{id: id for id in sorted(others)}}
    for name, wanted in (("stranger", STRANGER), ("archive", ARCHIVE)):
        free = (f"{int(wanted) + step:012}" for step in range(len(found) + 1))
        found[name] = next(id for id in free if id not in found.values())
    return found
