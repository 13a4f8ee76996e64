"""What can go wrong between the provider and Lightly, as one sentence each.

ProviderError                       one sentence for the user; `hint` is the way out
├── TokenMissingError               a call to Lightly is needed and nobody gave a token
├── StoppedError                    the engine asked the provider to stop
├── LightlyError                    Lightly refused, or could not be asked
│   ├── RefusedError                it answered with a status that asking again does not change
│   ├── UnansweredError             no usable answer within the tries and the time that there are
│   └── UnreadableAnswerError       it answered, but not with what its API promises
└── RequestRefusedError             the provider itself will not do it (a name that exists, samples that would be lost)
"""

from lightly_core.counted import counted
from lightly_core.hint import with_hint


class ProviderError(Exception):
    """One sentence for the user: what and where; the way out stands on a line of its own, after `hint:`."""

    def __init__(self, text: str, hint: str | None = None) -> None:
        self.text, self.hint = text, hint
        super().__init__(with_hint(text, hint))


class TokenMissingError(ProviderError):
    """Names both places where the token may come from."""

    def __init__(self) -> None:
        super().__init__(
            "there is no token for Lightly, and this run needs one",
            "`pulumi config set --secret lightly:token`, or set the environment variable LIGHTLY_TOKEN "
            "(the token is never in the state, so `destroy` of an explicit provider has only the environment)",
        )


class StoppedError(ProviderError):
    """The engine cancelled what was under way."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what}: stopped, because the run was cancelled", "run `pulumi up` again to go on")


class RequestRefusedError(ProviderError):
    """The provider declines."""


class LightlyError(ProviderError):
    """A call to Lightly did not do what it should; `what` is the deed and its noun with its id."""

    def __init__(self, what: str, detail: str, hint: str | None = None) -> None:
        self.what, self.detail = what, detail
        super().__init__(f"could not {what}: {detail}", hint)


class RefusedError(LightlyError):
    """Lightly answered with this status; `code` is its own word (`DATASET_NAME_EXISTS`), when it gave one."""

    def __init__(self, what: str, status: int, code: str, detail: str) -> None:
        self.status, self.code = status, code
        super().__init__(what, f"Lightly answered {status}" + (f" ({detail})" if detail else ""), way_out(status))


class UnansweredError(LightlyError):
    """The last failure of several tries; `unsure` when a change may have been made all the same."""

    def __init__(self, what: str, detail: str, tries: int, seconds: float, hint: str | None = None) -> None:
        self.tries = tries
        super().__init__(
            what, f"{detail}, after {counted(tries, 'try', 'tries')} in {seconds:.0f} s", hint or "run it again later"
        )


class UnreadableAnswerError(LightlyError):
    """The answer is not what Lightly's API promises."""

    def __init__(self, what: str, detail: str) -> None:
        super().__init__(what, f"Lightly answered {detail}", "is LIGHTLY_SERVER_LOCATION a Lightly server?")


def way_out(status: int) -> str:
    """What to do about an answer with this status."""
    known = {
        400: "Lightly takes the request as wrong: compare the values with what its answer says",
        401: "the token was refused: give a valid one in lightly:token or LIGHTLY_TOKEN",
        403: "the owner of the token may not do this: ask for edit rights on the dataset, or use the owner's token",
        404: "it is not there (any more): `pulumi refresh` takes note of that",
        409: "it exists already, or is being changed by somebody else: look at it at https://app.lightly.ai",
        422: "Lightly takes the values as wrong: compare them with what its answer says",
    }
    if 300 <= status < 400:
        return "the server redirects, which would show the token to another server: correct LIGHTLY_SERVER_LOCATION"
    return known.get(status, "if it stays so, ask Lightly's support")
