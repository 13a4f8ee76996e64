"""What a kind of store has to say of red lights; for kinds with credentials and policies, a table of signs. Pure."""

import re
import shlex
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from lightly_core.capability import Capability, expected

from lightly_access.kinds import general_causes
from lightly_access.kinds.cause import MEND, RENEW, Cause, Known, RedLight, Sign
from lightly_access.kinds.passing import may_pass
from lightly_access.kinds.verified import VerifiedAccess


class Causes(ABC):
    """The likely causes, in the words of one kind of store."""

    dialect: re.Pattern[str] | None = None
    """Words that errors about no other kind have."""
    address: re.Pattern[str] | None = None
    """Hosts and addresses of it alone, where it shares its words with others."""
    service: str = ""
    """Who says so, in a word before an explanation: `AWS`."""

    @abstractmethod
    def too_much(self, red: RedLight) -> Cause:
        """Of a light that should be off and is on."""

    @abstractmethod
    def too_little(self, red: RedLight) -> Cause:
        """Of a light that should be on and is off, for the words of its error."""

    def beyond(self, access: VerifiedAccess, what: tuple[str, ...]) -> Cause:
        """Of a credential that reaches outside its path."""
        return general_causes.BEYOND_PATH.cause({"who": access.identity, "path": access.path, "can": ", ".join(what)})

    def known(self) -> Iterator[tuple[Known, str]]:
        """Every cause of its own, for the runbook, and the words that it is read from; empty where there are none."""
        yield from ()

    def in_text(self, text: str) -> tuple[Cause, bool] | None:
        """The cause of a refusal in a text of which no more is known, and whether its words are vague."""
        return None


UNNAMED = {
    "who": "<identity>",
    "path": "<path>",
    "account": "<account>",
    "bucket": "<bucket>",
    "directory": "<directory>",
    "capability": "use it",
    "handoff": "`lightly-access handoff <dataset> --stack <stack> --out <folder>`",
    "action": "<the right>",
    "wanted": "do what its purpose needs",
    "renew": RENEW,
    "next": "run `pulumi up`: in a new period it makes the next token",
}
"""What the texts say where nothing is known but the words of an error."""


def _fitting(signs: Iterable[Sign], words: str) -> Iterator[Sign]:
    """Without those that say only that it was refused, for words whose code says that it is something else."""
    something_else = not may_pass(words)
    return (sign for sign in signs if not (sign.vague and something_else))


@dataclass(frozen=True)
class Tree(Causes):
    """What a kind of store has to say of red lights."""

    actions: Mapping[Capability, str]
    """The right behind each capability, in the cloud's words."""
    signs: tuple[Sign, ...]
    """Ranked: the first that fits is said."""
    put_back: str
    """How a deployed policy is made ours again."""
    renew: str
    """How a credential of ours is replaced."""
    others: str
    """Who may allow what our documents refuse."""
    look: str = MEND
    """Where to look when a credential of ours reaches beyond its path."""
    belongs: str = "the credential belong to this store"
    """What to ask oneself of a credential that somebody else made."""
    dialect: re.Pattern[str] | None = None
    address: re.Pattern[str] | None = None
    service: str = ""
    named: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Names that an error may have and the texts use: each one's pattern, and what is said without it."""
    deploying: tuple[Sign, ...] = ()
    """Refusals of whoever deploys: they stand in the output of a deployment, never behind a light. Ranked first."""

    def in_text(self, text: str) -> tuple[Cause, bool] | None:
        """The first sign that fits; the names are those that the text has."""
        said = {**UNNAMED, "put_back": self.put_back, "renew": self.renew, **self._names_in(text)}
        for sign in (*self.deploying, *_fitting(self.signs, text)):
            if cause := sign.in_text(text, said):
                return cause, sign.vague
        return None

    def _names_in(self, text: str) -> dict[str, str]:
        found = {name: (re.search(pattern, text), default) for name, (pattern, default) in self.named.items()}
        return {name: match[1] if match else default for name, (match, default) in found.items()}

    def said(self, red: RedLight) -> dict[str, str]:
        """The names that the texts may use."""
        wanted = [capability for capability, granted in expected(red.purpose).items() if granted]
        granted = [str(capability) for capability in wanted if capability is not Capability.OVERWRITE]
        return {
            **self._names_in(red.error),
            "who": red.access.identity,
            "path": red.access.path,
            "account": red.access.account,
            "bucket": red.access.bucket,
            "directory": shlex.quote(red.access.directory),  # in commands alone
            "handoff": "`lightly-access handoff "
            + (shlex.quote(red.dataset) if red.dataset else "<dataset>")
            + " --stack <stack> --out <folder>`",
            "capability": str(red.capability),
            "wanted": f"{', '.join(granted[:-1])} and {granted[-1]}",
            "action": self.actions[red.capability],
            "put_back": MEND if red.access.external else self.put_back,
            "renew": RENEW if red.access.external else self.renew,
            "next": RENEW if red.access.external else "run `pulumi up`: in a new period it makes the next token",
            "purpose": str(red.purpose),
            "others": self.others.format(who=red.access.identity),
            "credential": red.access.access.credential,
            "word": red.access.access.credential.removeprefix("the "),
            "belongs": self.belongs,
            "how": "it was tried" if red.by_probe else "Lightly did it",
        }

    def too_much(self, red: RedLight) -> Cause:
        said = self.said(red)
        if red.access.external:
            return general_causes.EXTERNAL_TOO_MUCH.cause(said)
        if expected(red.purpose)[red.capability]:  # of a hardened one: Lightly's own servers must not
            if red.proof:
                return general_causes.HARDENING_NOT_IN_DOCUMENTS.cause(said)
            return general_causes.HARDENING_UNDONE_BY_OTHERS.cause(said)
        if red.proof:
            return general_causes.GRANTS_TOO_MUCH.cause(said)
        return general_causes.WIDENED_BY_OTHERS.cause(said)

    def too_little(self, red: RedLight) -> Cause:
        said = self.said(red)
        if red.proof is False:
            return general_causes.GRANTS_TOO_LITTLE.cause(said)
        if named := next((cause for sign in _fitting(self.signs, red.error) if (cause := sign.cause(red, said))), None):
            return named
        waits = may_pass(red.error)
        if red.access.external:
            return general_causes.EXTERNAL_REFUSED.cause(said, waits=waits)
        if not red.error:
            return (general_causes.PROBE_COULD_NOT if red.by_probe else general_causes.NO_REASON).cause(said)
        refused = general_causes.STORE_REFUSES if red.by_probe else general_causes.LIGHTLY_REFUSES
        return refused.cause(said, waits=waits)

    def beyond(self, access: VerifiedAccess, what: tuple[str, ...]) -> Cause:
        who = access.identity
        said = {"who": who, "path": access.path, "can": ", ".join(what), "look": self.look.format(who=who)}
        beyond = general_causes.EXTERNAL_BEYOND_PATH if access.external else general_causes.ACCESS_BEYOND_PATH
        return beyond.cause({**said, "credential": access.access.credential})

    def known(self) -> Iterator[tuple[Known, str]]:
        defaults = {name: default for name, (_, default) in self.named.items()}
        said = {**UNNAMED, "put_back": self.put_back, "renew": self.renew, **defaults}
        for sign in (*self.deploying, *self.signs):
            yield sign.known(said), sign.words
