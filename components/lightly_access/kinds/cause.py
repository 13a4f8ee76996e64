"""A red light, and one cause of it: what its words look like, what is wrong, and what to do. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from lightly_core.capability import Capability, Purpose

from lightly_access.kinds.verified import VerifiedAccess

MEND = "mend it where it was made: somebody else did, it is only registered here"
RENEW = "give another credential (`secret`, and `access_key_id` where there is one)"
"""Instead of what we would do with a credential of ours."""
PUT_BACK = "run `pulumi up --refresh`: it compares the deployed policy with ours and puts ours back"


@dataclass(frozen=True, slots=True)
class RedLight:
    """A light that is not as expected, and what is known about it.

    `error` is the text of the refusal, Lightly's or (`by_probe`) our probe's, empty when there is none; `certain` is
    false when the text may be about the other datasource; `proof` is what our own documents permit, None when nobody
    evaluated them.
    """

    purpose: Purpose
    capability: Capability
    expected: bool
    actual: bool | None
    access: VerifiedAccess
    proof: bool | None
    error: str = ""
    certain: bool = True
    by_probe: bool = False
    dataset: str = ""
    """Its name, for a command in a fix."""


@dataclass(frozen=True, slots=True)
class Cause:
    """What is wrong, what to do, and whether it may pass by itself (a permission that has not reached every server)."""

    text: str
    fix: str
    mendable_by_waiting: bool
    name: str
    """Of its entry in the runbook."""


@dataclass(frozen=True, slots=True)
class Known:
    """A cause before the names in it are filled in: an entry of docs/runbook.md. Its `name` is an address that messages
    show, so it stays as it is: small letters, digits and hyphens."""

    name: str
    text: str
    fix: str
    waits: bool

    def cause(self, said: Mapping[str, str], *, waits: bool | None = None) -> Cause:
        """It with its names; `waits`: where words tell whether it may pass."""
        may_pass = self.waits if waits is None else waits
        return Cause(self.text.format_map(said), self.fix.format_map(said), may_pass, self.name)


@dataclass(frozen=True)
class Sign:
    """One cause, by the words that it is read from.

    `name` is its address (Known); signs of one cause have the same. `words` is the pattern of the error's text; `text`
    and `fix` may name what `said` has, and the groups. `proved`: only when our documents permit what is refused, so
    that what is deployed must differ from them. `access`: only of this access, where the same words mean something else
    of another one; `identity`: only of one whose name ends so. `external`: the fix where somebody else made the
    credential. `vague`: the words say that it was refused and not why.
    """

    name: str
    words: str
    text: str
    fix: str
    waits: bool
    proved: bool = False
    access: str = ""
    identity: str = ""
    external: str = ""
    vague: bool = False

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(self.words, re.IGNORECASE | re.DOTALL)

    def known(self, said: Mapping[str, str]) -> Known:
        """For the runbook: with these names, and placeholders for those that only the words have."""
        names = {**{name: f"<{name}>" for name in self._pattern.groupindex}, **said}
        fix = self.fix if not self.external else f"{self.fix}; where somebody else made it, {self.external}"
        return Known(self.name, self.text.format_map(names), fix.format_map(names), self.waits)

    def cause(self, red: RedLight, said: Mapping[str, str]) -> Cause | None:
        """The cause of this light, when the sign is in its error."""
        if (self.proved and not red.proof) or (self.access and self.access != red.access.access.name):
            return None
        if not red.access.identity.endswith(self.identity):
            return None
        fix = self.external if red.access.external and self.external else self.fix
        return self._filled(red.error, fix, said)

    def in_text(self, text: str, said: Mapping[str, str]) -> Cause | None:
        """The cause in a text of which no more is known: not which access it is about, nor what was proved."""
        return None if self.proved or self.access or self.identity else self._filled(text, self.fix, said)

    def _filled(self, error: str, fix: str, said: Mapping[str, str]) -> Cause | None:
        found = self._pattern.search(error)
        if not found:
            return None
        names = {**said, **{name: (value or "").strip() for name, value in found.groupdict().items()}}
        return Known(self.name, self.text, fix, self.waits).cause(names)


CLOCK = Sign(
    "store-clock",
    "RequestTimeTooSkewed|Signature expired|Signature not yet current|RequestExpired|time and the current",
    "the clock of the machine that asked differs too much from the store's",
    "set the clock (NTP) of the machine that runs Lightly's worker or this sandbox",
    False,
)
CERTIFICATE = Sign(
    "store-certificate",
    r"CERTIFICATE_VERIFY_FAILED|certificate verify failed|invalid peer certificate|SSLError|UnknownIssuer|"
    r"x509: certificate|self[- ]signed certificate",
    "the store's TLS certificate is not trusted where it was asked: something between opens the connection, or it is "
    "another host",
    "let that machine trust the authority of your proxy (SSL_CERT_FILE, REQUESTS_CA_BUNDLE), or go around the proxy",
    False,
)
UNREACHABLE = Sign(
    "store-unreachable",
    r"could ?n[o']t (be reached|connect|resolve)|cannot connect|failed to (connect|resolve)|EndpointConnectionError|"
    r"ConnectTimeout|ConnectionError|connection (was )?(refused|reset|aborted|closed|timed out)|connect(ion)? time|"
    r"no route to host|network is unreachable|tcp connect error|error sending request|dns error|lookup address|"
    r"Name or service not known|nodename nor servname|\bENOTFOUND|\bECONNREFUSED|\bEHOSTUNREACH|getaddrinfo|"
    r"name resolution|no such host|NewConnectionError|Max retries exceeded|proxy (error|connect)|ProxyError|"
    r"no answer in time",
    "the store could not be reached from where it was asked: no network, a proxy or firewall between, or no such host",
    "try it from there, such as `curl -sI https://<host>`; where only a closed network reaches the store, set "
    "`probe: false` in lightly-access:verify for the probe, and let Lightly's servers in",
    True,
)
BUSY = Sign(
    "store-busy",
    r"SlowDown|reduce your request rate|Throttl|TooManyRequests|RequestLimitExceeded|Rate exceeded|ServiceUnavailable|"
    r"InternalError|InternalFailure|ServerBusy|timed? ?out|\b(?:429|50[0234])\b",
    "the store did not answer in time",
    "run `pulumi up` again",
    True,
)
