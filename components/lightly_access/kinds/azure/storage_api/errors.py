"""What Azure says when it refuses, in its own words, with the way out. No request, no string to sign, no secret.

Codes: https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes and
https://learn.microsoft.com/rest/api/storageservices/common-rest-api-error-codes .
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from lightly_api.errors import ProviderError

GONE = frozenset({"ContainerNotFound", "ResourceNotFound", "AccountNotFound", "ContainerBeingDeleted"})
"""The container, or its account, is not there any more."""

_HINTS = {
    "AuthenticationFailed": "the account's key was changed, or the clock of this machine is wrong: `pulumi up` uses "
    "the key of today",
    "KeyBasedAuthenticationNotPermitted": "the account forbids its keys (allowSharedKeyAccess: false), and a stored "
    "policy needs them: allow them, or choose `sas: user_delegation`",
    "AuthorizationFailure": "the account's network rules keep this machine out: deploy from a network that they admit",
    "AuthorizationPermissionMismatch": "a user-delegation SAS needs the role Storage Blob Delegator on the account and "
    "a data role such as Storage Blob Data Contributor on the container",
    "ContainerBeingDeleted": "Azure takes 30 seconds and more to delete a container: run it again later",
    "ContainerNotFound": "`pulumi up --refresh` makes one that is ours again; make yours again, or name another store",
    "AccountIsDisabled": "the storage account is disabled: look at its subscription",
    "InvalidXmlNodeValue": "Azure takes the stored policy as wrong: this is a defect, report it",
}
_NOT_FOUND = "the account's name is not known: if it was deleted, drop this resource with `pulumi state delete`"
_ABSENT = re.compile(
    r"Name or service not known|nodename nor servname|getaddrinfo|NameResolutionError|Failed to resolve"
)
_WORDS = 300
_SKEW = timedelta(minutes=15)
"""Azure refuses a request whose date differs more from its own, with the same code."""


class AzureError(ProviderError):
    """Azure refused, or could not be asked; `code` is its own word, empty when it did not answer."""

    def __init__(self, what: str, detail: str, code: str = "", hint: str | None = None) -> None:
        self.what, self.code = what, code
        super().__init__(f"could not {what}: {detail}", hint)

    @property
    def gone(self) -> bool:
        """Whether the container or its account is not there any more."""
        return self.code in GONE


class WrongKeyError(AzureError):
    """The account does not know the key (and the clocks agree): every SAS that was signed with it is dead too."""


@contextmanager
def said_by_azure(what: str) -> Iterator[None]:
    """Turns the SDK's errors into AzureError; `what` is the deed and its noun."""
    from azure.core.exceptions import AzureError as SdkError
    from azure.core.exceptions import HttpResponseError

    try:
        yield
    except HttpResponseError as error:
        raise _refused(what, error) from None
    except SdkError as error:  # its text names the host and no secret, but is long
        text = str(error)
        hint = _NOT_FOUND if _ABSENT.search(text) else "is there a network, and is it the right endpoint?"
        raise AzureError(what, "Azure could not be reached", hint=hint) from None


def _refused(what: str, error: object) -> AzureError:
    status = getattr(error, "status_code", None)
    code = str(getattr(getattr(error, "error_code", None), "value", None) or getattr(error, "error_code", None) or "")
    text = str(getattr(error, "message", None) or error)
    if status is None and not code:  # raised by azure-identity
        hint = "log in (`az login`), or set AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_CLIENT_SECRET"
        return AzureError(what, _first_line(text), hint=hint)
    detail = f"Azure answered {status} ({code or 'no code'}) {_first_line(text)}".rstrip()
    kind = WrongKeyError if code == "AuthenticationFailed" and _same_time(error) else AzureError
    return kind(what, detail, code, _HINTS.get(code))


def _same_time(error: object) -> bool:
    """Whether Azure's clock and ours agree, so that it is not the time of the request that it refuses."""
    said: str | None = getattr(getattr(error, "response", None), "headers", {}).get("Date")
    return said is not None and abs(parsedate_to_datetime(said) - datetime.now(UTC)) < _SKEW


def _first_line(text: str) -> str:
    """Azure's words; what follows them are ids, times and (of a bad signature) what should have been signed."""
    line = text.strip().splitlines()[0] if text.strip() else ""
    # Cut between words: half a secret would not be known as one when the text is scrubbed.
    return line if len(line) <= _WORDS else f"{line[:_WORDS].rpartition(' ')[0]}..."
