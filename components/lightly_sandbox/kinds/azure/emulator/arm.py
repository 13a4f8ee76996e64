"""Resource Manager: the paths that it knows, who may ask, and what every answer has in common.

Sources: https://learn.microsoft.com/rest/api/storagerp/ and https://learn.microsoft.com/rest/api/resources/. The action
of each call: https://learn.microsoft.com/azure/role-based-access-control/permissions/storage and its neighbours
`management-and-governance` (resource groups, roles) and `identity` (managed identities). As there, who may not do it
hears that before he hears whether it is there.
"""

import json
import re
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import unquote

from lightly_sandbox.emulators.messages import Answer, json_answer
from lightly_sandbox.emulators.routes import Routes, UnknownCallError
from lightly_sandbox.kinds.azure.emulator.arm_accounts import StorageAccounts
from lightly_sandbox.kinds.azure.emulator.arm_containers import Containers
from lightly_sandbox.kinds.azure.emulator.arm_groups import ResourceGroups
from lightly_sandbox.kinds.azure.emulator.arm_identities import ManagedIdentities
from lightly_sandbox.kinds.azure.emulator.arm_roles import Roles
from lightly_sandbox.kinds.azure.emulator.local_azure import LocalAzure, Subscription
from lightly_sandbox.kinds.azure.emulator.messages import RefusedError, Request, arm_error, not_implemented
from lightly_sandbox.kinds.azure.emulator.principals import Principal

Json = Mapping[str, Any]
Operation = Callable[..., tuple[int, Any]]
"""Takes the names of the path and the body; answers a status and a JSON value (None: no body), or what gives the value
for whoever asks."""
_SUBSCRIPTION = "/subscriptions/{subscription}"
_GROUP = _SUBSCRIPTION + "/resourceGroups/{group}"
_ACCOUNT = _GROUP + "/providers/Microsoft.Storage/storageAccounts/{account}"
_CONTAINER = _ACCOUNT + "/blobServices/default/containers/{container}"
_IDENTITY = _GROUP + "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{name}"
_STORAGE, _IDENTITIES = "Microsoft.Storage/storageAccounts", "Microsoft.ManagedIdentity/userAssignedIdentities"
_ROLES, _PERMISSIONS = "Microsoft.Authorization/roleAssignments", "Microsoft.Authorization/permissions"
_DEFINITIONS = "Microsoft.Authorization/roleDefinitions"
_LISTED = re.compile(r"/providers/Microsoft\.Authorization/(roleAssignments|permissions)$", re.IGNORECASE)
_REVOKE = f"{_STORAGE}/revokeUserDelegationKeys/action"


class ResourceManager:
    """One call at a time, as far as it changes or reads what Resource Manager keeps."""

    def __init__(self, azure: LocalAzure, others: Iterable[str] = ()) -> None:
        """`others`: subscriptions beside `azure.subscription`, each with resource groups of its own."""
        self._azure = azure
        self._one_at_a_time = threading.Lock()
        self._routes = {id: self._operations(id) for id in (azure.subscription, *others)}

    def _operations(self, subscription: str) -> Routes[tuple[str, Operation]]:
        azure = Subscription(self._azure, subscription)
        groups = ResourceGroups(azure)
        accounts = StorageAccounts(azure, groups)
        containers = Containers(azure, accounts)
        groups.emptied_by = accounts.remove
        resources = "Microsoft.Resources/subscriptions/resourceGroups"
        roles, identities = Roles(azure), ManagedIdentities(azure, groups)
        rows: list[tuple[str, str, tuple[str, Operation]]] = [
            ("GET", _SUBSCRIPTION, ("Microsoft.Resources/subscriptions/read", roles.subscription)),
            ("PUT", f"{_SUBSCRIPTION}/providers/{_DEFINITIONS}/{{name}}", (f"{_DEFINITIONS}/write", roles.define)),
            ("PUT", _IDENTITY, (f"{_IDENTITIES}/write", identities.put)),
            ("GET", _IDENTITY, (f"{_IDENTITIES}/read", identities.get)),
            ("DELETE", _IDENTITY, (f"{_IDENTITIES}/delete", identities.delete)),
            *(
                ("GET", f"{scope}/providers/{_PERMISSIONS}", (f"{_PERMISSIONS}/read", roles.permissions))
                for scope in (_GROUP, _ACCOUNT)
            ),
            *(
                row
                for scope in (_SUBSCRIPTION, _GROUP, _ACCOUNT, _CONTAINER)
                for row in (
                    ("GET", f"{scope}/providers/{_ROLES}", (f"{_ROLES}/read", roles.listing)),
                    ("PUT", f"{scope}/providers/{_ROLES}/{{name}}", (f"{_ROLES}/write", roles.put)),
                    ("DELETE", f"{scope}/providers/{_ROLES}/{{name}}", (f"{_ROLES}/delete", roles.delete)),
                )
            ),
            ("PUT", _GROUP, (f"{resources}/write", groups.put)),
            ("PATCH", _GROUP, (f"{resources}/write", groups.patch)),
            ("GET", _GROUP, (f"{resources}/read", groups.get)),
            ("DELETE", _GROUP, (f"{resources}/delete", groups.delete)),
            ("PUT", _ACCOUNT, (f"{_STORAGE}/write", accounts.put)),
            ("PATCH", _ACCOUNT, (f"{_STORAGE}/write", accounts.patch)),
            ("GET", _ACCOUNT, (f"{_STORAGE}/read", accounts.get)),
            ("DELETE", _ACCOUNT, (f"{_STORAGE}/delete", accounts.delete)),
            ("POST", _ACCOUNT + "/listKeys", (f"{_STORAGE}/listKeys/action", accounts.list_keys)),
            ("POST", _ACCOUNT + "/regenerateKey", (f"{_STORAGE}/regeneratekey/action", accounts.regenerate)),
            ("POST", _ACCOUNT + "/revokeUserDelegationKeys", (_REVOKE, accounts.revoke)),
            ("GET", _ACCOUNT + "/blobServices/default", (f"{_STORAGE}/blobServices/read", accounts.get_blobs)),
            ("PUT", _ACCOUNT + "/blobServices/default", (f"{_STORAGE}/blobServices/write", accounts.put_blobs)),
            ("PUT", _CONTAINER, (f"{_STORAGE}/blobServices/containers/write", containers.put)),
            ("PATCH", _CONTAINER, (f"{_STORAGE}/blobServices/containers/write", containers.patch)),
            ("GET", _CONTAINER, (f"{_STORAGE}/blobServices/containers/read", containers.get)),
            ("DELETE", _CONTAINER, (f"{_STORAGE}/blobServices/containers/delete", containers.delete)),
        ]
        # Resource Manager's paths do not care for case (but the names in them may).
        return Routes(rows, ignore_case=True)

    def answer(self, request: Request) -> Answer:
        """The answer to any call; refusals are answers too."""
        who, action = "unauthenticated", "unknown"
        try:
            principal = self._authenticate(request)
            who = principal.name
            action, operation, names = self._route(request)
            self._azure.access.check(principal, action, _scope(request))
            self._azure.faults.fail(action)
            with self._one_at_a_time:
                status, value = operation(*names, _body(request))
            value = value(principal) if callable(value) else value
            return Answer(status) if value is None else json_answer(status, value)
        except RefusedError as refused:
            return arm_error(refused)
        finally:
            self._azure.counts.add(who, action)

    def _authenticate(self, request: Request) -> Principal:
        given = request.headers.get("authorization", "")
        if not given:
            raise RefusedError(
                "AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing.", 401
            )
        scheme, _, token = given.partition(" ")
        principal = self._azure.principals.of_token(token)
        if scheme != "Bearer" or principal is None:
            raise RefusedError("InvalidAuthenticationToken", "The access token is invalid.", 401)
        return principal

    def _route(self, request: Request) -> tuple[str, Operation, list[str]]:
        if "api-version" not in request.query:
            message = "The api-version query parameter (?api-version=) is required for all requests."
            raise RefusedError("MissingApiVersionParameter", message, 400)
        wanted = f"{request.raw_path}//".split("/")[2]
        try:
            found = self._routes.get(wanted, self._routes[self._azure.subscription])
            (action, operation), (subscription, *names) = found.find(request.method, request.raw_path.rstrip("/"))
        except UnknownCallError as unknown:
            if not unknown.path_known:
                raise not_implemented(str(unknown)) from None
            message = f"The requested resource does not support http method '{request.method}'."
            raise RefusedError("UnsupportedHttpVerb", message, 405) from None
        except UnicodeDecodeError:
            raise RefusedError("InvalidUri", "The path is no UTF-8.", 400) from None
        if subscription not in self._routes:
            message = f"The subscription '{subscription}' could not be found."
            raise RefusedError("SubscriptionNotFound", message, 404)
        return action, operation, names


def _scope(request: Request) -> str:
    """What the call is about, as refusals name it: neither what is listed there, nor what is done to it."""
    path = _LISTED.sub("", unquote(request.raw_path.rstrip("/")))
    return path.rpartition("/")[0] if request.method == "POST" else path


def _body(request: Request) -> Json:
    try:
        value = json.loads(request.body or b"{}")
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise RefusedError(
            "InvalidRequestContent", "The request content was invalid and could not be deserialized.", 400
        )
    return value
