"""Service accounts and their keys over IAM's API: https://cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts."""

import base64
from typing import Any

from lightly_sandbox.emulators.messages import Answer, json_answer
from lightly_sandbox.kinds.gcs.emulator.accounts import Account
from lightly_sandbox.kinds.gcs.emulator.errors import invalid
from lightly_sandbox.kinds.gcs.emulator.keys import ALGORITHMS, Pair
from lightly_sandbox.kinds.gcs.emulator.request_context import RequestContext

_FILE = "TYPE_GOOGLE_CREDENTIALS_FILE"


def create(context: RequestContext, project: str) -> Answer:
    context.needs_project("iam.serviceAccounts.create", project, f"projects/{project}")
    given = context.call.json()
    account = context.cloud.accounts.create(project, str(given.get("accountId", "")), given.get("serviceAccount") or {})
    return json_answer(200, account.show())


def listing(context: RequestContext, project: str) -> Answer:
    context.needs_project("iam.serviceAccounts.list", project, f"projects/{project}")
    mine = [account.show() for account in context.cloud.accounts if account.project == project]
    return json_answer(200, {"accounts": mine} if mine else {})


def get(context: RequestContext, project: str, email: str) -> Answer:
    return json_answer(200, _account(context, "get", project, email).show())


def patch(context: RequestContext, project: str, email: str) -> Answer:
    """Change the fields of the mask."""
    account = _account(context, "update", project, email)
    given = context.call.json()
    fields = {
        entry.strip() for entry in str(given.get("updateMask", "")).replace("display_name", "displayName").split(",")
    }
    if not fields or fields - {"displayName", "description"}:
        raise invalid(f"Invalid update mask: {given.get('updateMask', '')!r}")
    wanted = given.get("serviceAccount") or {}
    return json_answer(
        200, context.cloud.accounts.change(account, {field: wanted.get(field) or "" for field in fields}).show()
    )


def delete(context: RequestContext, project: str, email: str) -> Answer:
    """Gone, with its keys; its tokens stop at once."""
    context.cloud.accounts.delete(_account(context, "delete", project, email))
    return json_answer(200, {})


def disable(context: RequestContext, project: str, email: str) -> Answer:
    """Its keys and tokens stop until it is enabled again."""
    _account(context, "disable", project, email).disabled = True
    return json_answer(200, {})


def enable(context: RequestContext, project: str, email: str) -> Answer:
    _account(context, "enable", project, email).disabled = False
    return json_answer(200, {})


def fresh_pair(context: RequestContext) -> Pair:
    """The pair that a key creation needs; made before the cloud is locked. Raises RefusedError."""
    given = context.call.json()
    algorithm = str(given.get("keyAlgorithm") or "KEY_ALG_RSA_2048").replace("KEY_ALG_UNSPECIFIED", "KEY_ALG_RSA_2048")
    if algorithm not in ALGORITHMS or given.get("privateKeyType", _FILE) not in (_FILE, "TYPE_UNSPECIFIED"):
        raise invalid("Invalid key type or algorithm; the local Google Cloud makes RSA keys in credentials files.")
    return Pair.make(algorithm)


def create_key(context: RequestContext, project: str, email: str) -> Answer:
    """A new key; the only answer that holds the private half."""
    account = _account(context, "create", project, email, "serviceAccountKeys")
    assert context.pair is not None
    key, file = context.cloud.accounts.create_key(account, context.pair)
    private = {"privateKeyType": _FILE, "privateKeyData": base64.b64encode(file.encode()).decode()}
    return json_answer(200, {**key.show(account.name), **private})


def list_keys(context: RequestContext, project: str, email: str) -> Answer:
    account = _account(context, "list", project, email, "serviceAccountKeys")
    shown = [key.show(account.name) for key in account.keys.values()]
    return json_answer(200, {"keys": shown} if shown else {})


def get_key(context: RequestContext, project: str, email: str, id: str) -> Answer:
    """One key, with its public half when `publicKeyType` asks for it."""
    account = _account(context, "get", project, email, "serviceAccountKeys")
    key = context.cloud.accounts.key(account, id)
    shown: dict[str, Any] = key.show(account.name)
    kind = context.call.query.get("publicKeyType", "TYPE_NONE")
    if kind in ("TYPE_X509_PEM_FILE", "TYPE_RAW_PUBLIC_KEY"):
        shown["publicKeyData"] = key.public_data(kind)
    return json_answer(200, shown)


def delete_key(context: RequestContext, project: str, email: str, id: str) -> Answer:
    """Gone: its signatures count no more."""
    account = _account(context, "delete", project, email, "serviceAccountKeys")
    del account.keys[context.cloud.accounts.key(account, id).id]
    return json_answer(200, {})


def disable_key(context: RequestContext, project: str, email: str, id: str) -> Answer:
    """Its signatures do not count until it is enabled again."""
    account = _account(context, "disable", project, email, "serviceAccountKeys")
    context.cloud.accounts.key(account, id).disabled = True
    return json_answer(200, {})


def enable_key(context: RequestContext, project: str, email: str, id: str) -> Answer:
    account = _account(context, "enable", project, email, "serviceAccountKeys")
    context.cloud.accounts.key(account, id).disabled = False
    return json_answer(200, {})


def _account(context: RequestContext, verb: str, project: str, email: str, noun: str = "serviceAccounts") -> Account:
    """The account, for a caller who may: rights in its project first, so that a stranger learns nothing."""
    known = context.cloud.accounts.of(email)
    owner = known.project if known is not None and project == "-" else project
    context.needs_project(f"iam.{noun}.{verb}", owner, f"projects/{owner}/serviceAccounts/{email}")
    return context.cloud.accounts.get(project, email)
