"""What a kind of store has to say of red lights; for kinds with credentials and policies, a table of signs. Pure."""

import re
import shlex
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from lightly_core.capability import Capability, expected

from lightly_access.kinds.cause import MEND, RENEW, Cause, RedLight, Sign
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
        text = f"{access.identity} reaches beyond {access.path}: it can {', '.join(what)} in a directory beside it"
        return Cause(text, MEND, mendable_by_waiting=False)

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
    "wanted": "what its purpose needs",
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
        }

    def too_much(self, red: RedLight) -> Cause:
        who, action = red.access.identity, self.actions[red.capability]
        if red.access.external:
            return self._external_too_much(red)
        if expected(red.purpose)[red.capability]:
            return self._not_hardened(red, action)
        if red.proof:
            return Cause(
                f"more rights than needed: our own documents allow {action} in {red.access.path} to {who}",
                f"take {action} out of the {red.purpose} grant",
                mendable_by_waiting=False,
            )
        return Cause(
            f"more rights than needed: our documents refuse {action} in {red.access.path}, and yet it is possible: "
            f"{self.others.format_map(self.said(red))} allows it",
            f"{self.put_back}; then look for others that grant it to {who}",
            mendable_by_waiting=True,  # a permission that was just taken away ends seconds later
        )

    def too_little(self, red: RedLight) -> Cause:
        if red.proof is False:
            action = self.actions[red.capability]
            return Cause(
                f"our own documents do not allow {action} in {red.access.path} to {red.access.identity}",
                f"add {action} to the {red.purpose} grant",
                mendable_by_waiting=False,
            )
        said = self.said(red)
        if named := next((cause for sign in _fitting(self.signs, red.error) if (cause := sign.cause(red, said))), None):
            return named
        waits = may_pass(red.error)
        if red.access.external:
            return Cause(
                f"{red.access.access.credential} {red.access.identity} cannot do it in {red.access.path}",
                f"follow the service's words; it needs to {said['wanted']}; does {self.belongs}?",
                waits,
            )
        if not red.error:
            why = "the probe could not do it" if red.by_probe else "Lightly refuses it and gives no reason"
            return Cause(why, self.put_back, mendable_by_waiting=True)
        return Cause(
            "the store refuses it" if red.by_probe else "Lightly refuses it",
            f"{self.put_back}; if its words name another reason, follow them",
            waits,
        )

    def beyond(self, access: VerifiedAccess, what: tuple[str, ...]) -> Cause:
        reaches = (
            f"{access.access.credential} {access.identity} reaches beyond {access.path}: it can {', '.join(what)} in a "
            "directory beside it"
        )
        if access.external:
            fix = "bind it to the path where it was made, or accept it: `whole_bucket: true`"
            return Cause(reaches, fix, mendable_by_waiting=False)
        return Cause(f"{reaches}, which our documents refuse", self.look.format(who=access.identity), True)

    def _external_too_much(self, red: RedLight) -> Cause:
        """A credential that somebody else made, and that can do more than its purpose needs."""
        word = red.access.access.credential.removeprefix("the ")
        how = "it was tried" if red.by_probe else "Lightly did it"
        return Cause(
            f"more rights than needed: the external {word} {red.access.identity} can do it in "
            f"{red.access.path} ({how})",
            f"give one that may only {self.said(red)['wanted']}, and end this one where it was made, or take the right "
            "from it there",
            mendable_by_waiting=False,
        )

    def _not_hardened(self, red: RedLight, action: str) -> Cause:
        """The purpose has it, and Lightly's own servers must not: `hardened`."""
        where = f"{action} in {red.access.path} is for your network only, and Lightly's own servers can do it"
        if red.proof:
            return Cause(
                f"the hardening does not hold: {where}: our own documents allow it to {red.access.identity} from "
                "anywhere",
                f"bind {action} to the network in the {red.purpose} grant",
                mendable_by_waiting=False,
            )
        others = self.others.format_map(self.said(red))
        return Cause(
            f"the hardening does not hold: {where}: {others} allows it, or one of `cidrs` holds Lightly's addresses",
            f"{self.put_back}; then look for others that grant it to {red.access.identity}, and compare `cidrs`",
            mendable_by_waiting=True,  # the policy of before, which was open, ends seconds later
        )
