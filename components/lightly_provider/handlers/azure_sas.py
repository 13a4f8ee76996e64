"""`lightly:index:AzureSas`: the SAS token of one datasource, and the stored access policy that it lives by.

With `method: stored_policy` permissions and times stand in a policy of the container, the token only names it: whoever
drops the policy revokes the token at once. With `method: user_delegation` they stand in the token, which lives 7 days
at most and cannot be revoked alone. Another policy that is asked for is a new resource; another account key signs the
same policy anew. What a stored policy is called in Azure is the output `policy`: what was asked for, and a part by
chance, so that no id comes back.
"""

import base64
import re
from collections.abc import Mapping
from datetime import UTC, datetime

from lightly_access.kinds.azure import names as azure_names
from lightly_access.kinds.azure.policy_id import same_credential
from lightly_access.kinds.azure.storage_api.delegation import delegated_token
from lightly_access.kinds.azure.storage_api.endpoint import blob_endpoint
from lightly_access.kinds.azure.storage_api.errors import AzureError, WrongKeyError
from lightly_access.kinds.azure.storage_api.policies import Container
from lightly_api.errors import RequestRefusedError
from lightly_core import lightly_rules
from lightly_core.azure import LONGEST_DELEGATION, POLICY_ID_LIMIT
from lightly_core.directory import directory_path
from lightly_core.fault import Fault
from lightly_core.pulumi_values import UNKNOWN, Properties, SecretValue, Value, plain
from lightly_core.resource_types import AZURE_SAS
from lightly_core.secret import Secret
from lightly_policies.sas import PERMISSIONS, StoredPolicy, token

from lightly_provider.handlers.handler import Call, Checked, Diff, Found, Made
from lightly_provider.handlers.inputs import Inputs, changed, flag_of, text_of

_FORMAT = "%Y-%m-%dT%H:%M:%SZ"
_POLICY_ID = re.compile(r"[\w-]{1,64}", re.ASCII)


class AzureSasHandler:
    """Makes, re-signs and revokes SAS tokens; never calls Lightly.

    A rotation that goes back to the text or the period before, while the old policy waits for its end, uses it again:
    what this run makes or keeps is in use, and is not dropped in the name of the old one.
    """

    def __init__(self) -> None:
        self._in_use: set[str] = set()

    def begin(self) -> None:
        """A run begins."""
        self._in_use.clear()

    def named(self, olds: Mapping[str, Value], news: Properties) -> Properties:
        """A token that is not replaced keeps its policy: the dataset may have another key in the manifest by now."""
        old, new = text_of(olds, "policy"), text_of(news, "policy")
        return {**news, "policy": old} if same_credential(old, new) else news

    def check(self, news: Mapping[str, Value]) -> Checked:
        inputs = Inputs(news, AZURE_SAS.inputs)
        inputs.text("accountName", azure_names.account)
        inputs.text("endpoint", blob_endpoint)
        inputs.text("container", azure_names.container)
        inputs.text("directory", _directory, needed=False)
        inputs.flag("hierarchical")
        inputs.text("purpose", lightly_rules.purpose)
        inputs.text("policy", _policy_id)
        method = inputs.word("method", (azure_names.STORED_POLICY, azure_names.USER_DELEGATION))
        start, expiry = inputs.text("start", _utc), inputs.text("expiry", _utc)
        if start and expiry:
            _check_times(inputs, method, _time(start), _time(expiry))
        if method == azure_names.STORED_POLICY:
            inputs.text("accountKey", _account_key)
        elif method == azure_names.USER_DELEGATION:
            inputs.absent(("accountKey",), "a user-delegation SAS is signed with the deployer's own login")
        return inputs.checked()

    def diff(self, inputs: Properties, state: Properties, news: Properties) -> Diff:
        names = changed(inputs, news)
        if _drifted(state):
            names |= {"permissions"}
        if not names & AZURE_SAS.replacing:
            self._in_use.add(_id(_as_made(news, state)))
        return Diff(names, names & AZURE_SAS.replacing)

    def planned(self, news: Properties, state: Properties | None) -> Properties:
        permissions = PERMISSIONS.get(text_of(news, "purpose"))
        signed: Properties = {"permissions": permissions, "sasToken": SecretValue(UNKNOWN), "created": UNKNOWN}
        if state is None and text_of(news, "method") != azure_names.USER_DELEGATION:
            return {**news, **signed, "policy": UNKNOWN}
        return {**_as_made(news, state or {}), **signed}

    def create(self, call: Call, news: Properties) -> Made:
        if text_of(news, "method") != azure_names.USER_DELEGATION:
            news = {**news, "policy": _container(call, news).make(_stored(news), _covers(news)).id}
        made = Made(_id(news), self._signed(call, news))
        self._in_use.add(made.id)
        return made

    def update(self, call: Call, resource_id: str, state: Properties, news: Properties) -> Properties:
        news = _as_made(news, state)
        if text_of(news, "method") != azure_names.USER_DELEGATION:
            _container(call, news).put(_stored(news))
        signed = self._signed(call, news)
        same = plain(signed["sasToken"]) == plain(state.get("sasToken"))
        return {**signed, "created": state.get("created")} if same else signed

    def read(self, call: Call, resource_id: str, inputs: Properties, state: Properties) -> Found | None:
        if "sasToken" not in state:
            raise RequestRefusedError(
                f"SAS {resource_id}: cannot be imported, because its token is only in the state that made it",
                "leave it out of the import: a new one is made and registered",
            )
        if text_of(inputs, "method") == azure_names.USER_DELEGATION:
            over = _time(text_of(inputs, "expiry")) <= datetime.now(UTC)
            return None if over else Found(resource_id, inputs, state)
        try:
            stored = _container(call, inputs).policy(text_of(_as_made(inputs, state), "policy"))
        except WrongKeyError:
            call.tell(f"SAS {resource_id} could not be read: its account key was changed; `pulumi up` signs it anew")
            return Found(resource_id, inputs, state)
        except AzureError as refused:
            if refused.gone:
                return None
            raise
        if stored is None:
            return None
        now: Properties = {"start": _text(stored.start), "expiry": _text(stored.expiry)}
        return Found(resource_id, {**inputs, **now}, {**state, **now, "permissions": stored.permissions})

    def delete(self, call: Call, resource_id: str, inputs: Properties, state: Properties) -> None:
        if text_of(inputs, "method") == azure_names.USER_DELEGATION:
            call.tell(
                f"SAS {resource_id} cannot be revoked alone: it ends at {text_of(inputs, 'expiry')}; "
                "`az storage account revoke-delegation-keys` ends all of the account's at once"
            )
            return
        if resource_id in self._in_use:
            call.tell(f"SAS {resource_id} is in use again: its stored policy stays")
            return
        try:
            container, ours = _container(call, inputs), _stored(_as_made(inputs, state))
            if not container.drop(ours) and container.policy(ours.id):
                call.warn(
                    f"SAS {resource_id}: somebody changed its stored policy {ours.id}, so it stays and works\n"
                    "hint: az storage container policy delete "
                    f"--container-name {text_of(inputs, 'container')} "
                    f"--account-name {text_of(inputs, 'accountName')} --name {ours.id}"
                )
        except WrongKeyError:  # the token was signed with this key and died with it
            call.tell(f"SAS {resource_id} died with the account key that signed it; its stored policy may stay behind")
        except AzureError as refused:
            if not refused.gone:
                raise

    def _signed(self, call: Call, news: Properties) -> Properties:
        account, container = text_of(news, "accountName"), text_of(news, "container")
        if text_of(news, "method") == azure_names.USER_DELEGATION:
            made = delegated_token(
                account,
                text_of(news, "endpoint"),
                container,
                directory=_covers(news),
                purpose=text_of(news, "purpose"),
                start=_time(text_of(news, "start")),
                expiry=_time(text_of(news, "expiry")),
            )
        else:
            key = text_of(news, "accountKey")
            made = token(account, container, text_of(news, "policy"), key, directory=_covers(news))
        return {
            **news,
            "permissions": PERMISSIONS[text_of(news, "purpose")],
            "sasToken": SecretValue(made),
            "created": _text(datetime.now(UTC)),
        }


def _id(inputs: Properties) -> str:
    return "/".join(text_of(inputs, name) for name in ("accountName", "container", "policy"))


def _as_made(inputs: Properties, state: Properties) -> Properties:
    """With the policy as it is called in Azure."""
    return {**inputs, "policy": state["policy"]} if "policy" in state else inputs


def _covers(inputs: Properties) -> str:
    """The directory that its token is signed for; empty for the container, where Azure knows no directories."""
    return text_of(inputs, "directory") if flag_of(inputs, "hierarchical") else ""


def _container(call: Call, inputs: Properties) -> Container:
    key = Secret(text_of(inputs, "accountKey"))
    account, endpoint = text_of(inputs, "accountName"), text_of(inputs, "endpoint")
    return Container(account, key, endpoint, text_of(inputs, "container"), call.pause)


def _stored(inputs: Properties) -> StoredPolicy:
    return StoredPolicy(
        text_of(inputs, "policy"),
        PERMISSIONS[text_of(inputs, "purpose")],
        _time(text_of(inputs, "start")),
        _time(text_of(inputs, "expiry")),
    )


def _drifted(state: Properties) -> bool:
    """Whether the last refresh found other permissions than ours."""
    found = plain(state.get("permissions"))
    return "permissions" in state and found != PERMISSIONS.get(text_of(state, "purpose"))


def _time(text: str) -> datetime:
    return datetime.strptime(text, _FORMAT).replace(tzinfo=UTC)


def _text(moment: datetime | None) -> str | None:
    return moment.strftime(_FORMAT) if moment else None


def _utc(value: str) -> Fault | None:
    try:
        _time(value)
    except ValueError:
        return Fault("a UTC time such as 2026-11-21T00:00:00Z")
    return None


def _check_times(inputs: Inputs, method: str | None, start: datetime, expiry: datetime) -> None:
    if expiry <= start:
        inputs.fault("expiry", "is not after the start")
    elif method == azure_names.USER_DELEGATION and expiry - start > LONGEST_DELEGATION:
        inputs.fault("expiry", "is more than 7 days after the start, and Azure's delegation keys live no longer")


def _directory(value: str) -> Fault | None:
    if value and not value.endswith("/"):
        return Fault("a directory that ends in /, or nothing for the whole container")
    return directory_path(value)


def _policy_id(value: str) -> Fault | None:
    """Azure takes 64 characters (https://learn.microsoft.com/rest/api/storageservices/define-stored-access-policy);
    which ones is ours: those that need no encoding in a token."""
    if _POLICY_ID.fullmatch(value):
        return None
    return Fault(f"the id of a stored policy: 1 to {POLICY_ID_LIMIT} of A-Z a-z 0-9 _ -")


def _account_key(value: str) -> Fault | None:
    try:
        good = bool(base64.b64decode(value, validate=True))
    except ValueError:
        good = False
    return None if good else Fault("a key of the storage account (base64)")
