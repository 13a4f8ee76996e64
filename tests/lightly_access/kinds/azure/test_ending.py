"""What Azure did not answer is no answer."""

from datetime import timedelta

import pytest
from lightly_access.kinds.azure import ending as module
from lightly_access.kinds.azure.ending import AzureEnding
from lightly_access.kinds.azure.storage_api.errors import GONE, AzureError, WrongKeyError
from lightly_access.kinds.ending import CannotEndError, Issued, Login
from lightly_core.capability import Purpose
from lightly_policies.sas import StoredPolicy

from tests.lightly_provider.azure_storage import BEGIN

TOKEN = Issued("azure", "sas", Purpose.LIGHTLY, "SAS token", "a/c/farm-cows-1", facts={"policy": "farm-cows-1"})
LOGIN: Login = None  # type: ignore[assignment]


class Lake:
    def __init__(self, error: AzureError | None) -> None:
        self._error = error

    def policies(self) -> tuple[StoredPolicy, ...]:
        if self._error:
            raise self._error
        return tuple(StoredPolicy(f"farm-{name}", "r", BEGIN, BEGIN + timedelta(days=1)) for name in ("cows-2", "b-1"))


@pytest.mark.parametrize("code", ["", "AuthenticationFailed", "AuthorizationFailure", "ServerBusy"])
def test_whoever_cannot_look_for_other_tokens_says_so(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_container", lambda _: Lake(AzureError("read the policies", "no", code, "log in")))
    with pytest.raises(CannotEndError, match=f"read the policies: {code or 'no answer'}\nhint: log in"):
        AzureEnding().others(TOKEN, LOGIN)


@pytest.mark.parametrize("error", [*(AzureError("read", "no", code) for code in sorted(GONE)), WrongKeyError("x", "y")])
def test_where_no_token_can_work_there_is_no_other(error: AzureError, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_container", lambda _: Lake(error))
    assert AzureEnding().others(TOKEN, LOGIN) == ()
    monkeypatch.setattr(module, "_container", lambda _: Lake(None))
    assert [each.identity for each in AzureEnding().others(TOKEN, LOGIN)] == ["a/c/farm-cows-2"]
