"""The token for Lightly: where it comes from, whether Lightly takes it, and whose it is.

Lightly's API tells nobody whose a token is (its client 1.5.26 has no such call, and asks for a team by its id alone),
but every dataset names its owner (`userId` in models/dataset_data.py), and those that are listed without `shared` are
the token's own.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from lightly_api.client import LightlyApi
from lightly_api.errors import LightlyError, RefusedError, TokenMissingError
from lightly_api.retry import RetryPolicy
from lightly_api.server_location import DEFAULT_SERVER, VARIABLE, ServerLocationError, checked_location
from lightly_api.transport import HttpTransport, NoAnswerError, Request, Response, Transport
from lightly_core.counted import counted
from lightly_core.hint import without_hint
from lightly_core.secret import Secret

from lightly_access.doctor import clock
from lightly_access.doctor.finding import Answer, ClockReading, Finding, NotReachedError, State
from lightly_access.doctor.stack import ClosedSecretError, Stack

NAME = "token"
CONFIG = "lightly:token"
OPENING = "log in where the stack's secrets are, or give its passphrase"
_TRIES = RetryPolicy(tries=2, seconds=8)
_MOST = 100
"""Of the datasets that are looked at for their owner."""


def server(stack: Stack) -> str:
    """The URL that the provider would use (lightly_provider/settings.py)."""
    return stack.text("lightly:serverLocation") or stack.environ.get(VARIABLE) or DEFAULT_SERVER


def host(stack: Stack) -> str:
    """Its name."""
    try:
        return urlsplit(server(stack)).hostname or ""
    except ValueError:
        return ""


def given(stack: Stack) -> tuple[Secret, str]:
    """The token that a deployment would use, empty where there is none, and the name of where it stands.

    Raises ClosedSecretError.
    """
    if found := stack.secret(CONFIG):
        return found, CONFIG
    return Secret(stack.environ.get("LIGHTLY_TOKEN", "").strip()), "LIGHTLY_TOKEN"


def ask(stack: Stack) -> Answer:
    """Lists datasets with the token that a deployment would use: the stack's before the environment's."""
    try:
        token, source = given(stack)
    except ClosedSecretError as closed:
        return _bad(f"{CONFIG} cannot be opened: {closed}", OPENING)
    if not token.reveal():
        return _bad("there is none", TokenMissingError().hint or "")
    try:
        transport = HttpTransport(checked_location(server(stack)))
    except ServerLocationError as wrong:
        return _bad(wrong.text, wrong.hint or "")
    except (OSError, ValueError):  # LIGHTLY_CA_CERTS, which has a line of its own
        return _bad("not asked: LIGHTLY_CA_CERTS names no file of certificates", "see TLS")
    return _listed(token, source, server(stack), transport)


def _listed(token: Secret, source: str, url: str, transport: Transport) -> Answer:
    timed = _Timed(transport, urlsplit(url).netloc)
    api = LightlyApi(token, url, transport=timed, retry_policy=_TRIES)
    try:
        datasets = api.datasets.first(_MOST)
    except LightlyError as error:
        lost = timed.lost
        if lost and not isinstance(error, RefusedError):
            if not lost.sent and not lost.lasting:
                raise NotReachedError(urlsplit(url).netloc, lost.reason) from None
            if not lost.sent:
                fix = "is there a proxy that opens TLS? LIGHTLY_CA_CERTS names the file of its authority"
                return Answer((Finding("TLS", State.BAD, lost.reason, fix),), reached=True)
        return Answer(
            (Finding(NAME, State.BAD, f"{source}: {without_hint(error.text)}", error.hint),), timed.clocks, True
        )
    owners = list(dict.fromkeys(each.owner for each in datasets if each.owner))
    said = f"{source}, taken by {timed.server}; {_whose(owners, len(datasets))}"
    return Answer((Finding(NAME, State.OK, said),), timed.clocks, reached=True)


def _whose(owners: list[str], count: int) -> str:
    if not count:
        return "it has no dataset yet, and Lightly tells whose a token is by datasets alone"
    some = counted(count, "dataset") if count < _MOST else f"{_MOST} datasets and more"
    return f"of Lightly's user {', '.join(owners) or 'unknown'}, who has {some} (Lightly tells no team)"


def _bad(said: str, fix: str) -> Answer:
    return Answer((Finding(NAME, State.BAD, said, fix),))


@dataclass
class _Timed:
    """A transport that reads the server's clock off its answers, and keeps how it failed."""

    inner: Transport
    server: str
    now: Callable[[], float] = time.time
    readings: list[ClockReading] = field(default_factory=list)
    lost: NoAnswerError | None = None

    @property
    def clocks(self) -> tuple[ClockReading, ...]:
        """The last one: the connection was made before."""
        return tuple(self.readings[-1:])

    def __call__(self, request: Request) -> Response:
        before = self.now()
        try:
            answer = self.inner(request)
        except NoAnswerError as failure:
            self.lost = failure
            raise
        self.lost = None
        if found := clock.reading(self.server, answer.headers.get("date"), before, self.now()):
            self.readings.append(found)
        return answer
