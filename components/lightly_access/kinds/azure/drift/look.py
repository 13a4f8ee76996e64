"""Reads what there is of an access in Azure, with the login that deploys it, and compares it."""

from functools import partial
from typing import Any
from urllib.parse import quote

from lightly_access.audit.finding import Unreadable
from lightly_access.doctor.finding import NotReachedError
from lightly_access.doctor.http import CertificateError
from lightly_access.doctor.stack import ClosedSecretError, Stack
from lightly_access.drift.deployed import DeployedAccess
from lightly_access.drift.drift import Drift
from lightly_access.kinds.azure.drift.compare import ACCOUNT, CONTAINER, differences, open_before
from lightly_access.kinds.azure.drift.reading import AccessReading, Ask
from lightly_access.kinds.azure.management import account_of, get, subscription_of, token_of
from lightly_access.kinds.azure.store import AzureStore
from lightly_access.once import Once

_WHAT, _LOGIN = "anything of Azure", "a login, such as `az login`"


def look(deployed: DeployedAccess, stack: Stack, owner: str | None, once: Once) -> Drift:
    """Nothing is changed."""
    account = account_of(stack, owner)
    path = _path(deployed, stack, owner)
    if path is None:
        reason = "nobody says its subscription and resource group"
        return Drift(unreadable=(Unreadable(f"storage account {deployed.location.account}", "the manifest", reason),))
    try:
        tenant = account.tenant if account else None
        token = once(("azure", tenant), lambda: token_of(stack, tenant))
        if token is None:
            return Drift(unreadable=(Unreadable(_WHAT, _LOGIN, "there is none"),))
        # Two accesses to one container have the same facts, and of one account the same keys.
        ask = partial(_asked, once, partial(get, stack.environ, token, []), tenant)
        facts = AccessReading(ask, path, deployed.location.bucket, once).facts()
    except (ClosedSecretError, CertificateError, NotReachedError) as error:
        return Drift(unreadable=(Unreadable(_WHAT, _LOGIN, str(error)),))
    except ModuleNotFoundError as missing:
        return Drift(unreadable=(Unreadable(_WHAT, "lightly-access[azure]", f"{missing.name} is not installed"),))
    found = list(differences(deployed, facts))
    notes = tuple(each for each in found if open_before(deployed, each))
    return Drift(tuple(each for each in found if each not in notes), notes, facts.unreadable)


def _asked(
    once: Once, ask: Ask, tenant: str | None, path: str, version: str, method: str
) -> tuple[int, dict[str, Any]]:
    """What Azure says is there, or is not, to whoever asked first."""
    question = ("azure", tenant, path, method)
    return once(question, lambda: ask(path, version, method), lambda answer: answer[0] in (200, 404))


def _path(deployed: DeployedAccess, stack: Stack, owner: str | None) -> str | None:
    """The account in Resource Manager: as the state has it, else as the manifest says."""
    marker = f"/storageAccounts/{deployed.location.account}"
    for each in (*deployed.anywhere(ACCOUNT), *deployed.anywhere(CONTAINER)):
        head, found, rest = each.id.partition(marker)
        if found and rest[:1] in ("", "/"):
            return head + marker
    subscription, name = subscription_of(stack, owner), deployed.location.account
    stores = (each for each in stack.manifest.stores.values() if isinstance(each, AzureStore) and each.account == name)
    store = next(stores, None)
    if subscription is None or store is None:
        return None
    group = f"/subscriptions/{quote(subscription)}/resourceGroups/{quote(store.resource_group)}"
    return f"{group}/providers/Microsoft.Storage{marker}"
