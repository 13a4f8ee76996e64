"""Credentials that are switched off and tried: at the edge of a cloud, and the same for whoever asks for it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from lightly_access.kinds import registry
from lightly_access.kinds.ending import CannotEndError, Issued, Login, Seen

SECONDS = 90.0
"""How long a cloud may take until a credential that was switched off is refused: Azure says 30 seconds
(https://learn.microsoft.com/rest/api/storageservices/define-stored-access-policy), IAM mostly less."""
_PAUSE = 2.0


@dataclass(frozen=True, slots=True)
class Switched:
    """A credential, what became of it, and what was seen then; `failed` says why it could not be switched off."""

    issued: Issued
    said: str = ""
    failed: str | None = None
    seen: tuple[Seen, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether somebody saw that it does not work, and nobody that it does."""
        answers = [each.works for each in self.seen]
        return False in answers and True not in answers

    @property
    def works(self) -> bool:
        """Whether somebody saw that it works."""
        return any(each.works for each in self.seen)


def switched_off(issued: Issued, login: Login, *, for_good: bool = False) -> Switched:
    """Switch it off, or remove it; what cannot be done is said, and nothing is raised."""
    ending = registry.kind_of(issued.kind).ending()
    try:
        return Switched(issued, (ending.remove if for_good else ending.switch_off)(issued, login))
    except CannotEndError as error:
        return Switched(issued, failed=str(error))


@dataclass(frozen=True, slots=True)
class Strays:
    """Credentials that only their cloud knows; `unasked` says of whose nobody could look, and why."""

    found: tuple[Issued, ...] = ()
    unasked: tuple[str, ...] = ()


def unknown_to_the_state(found: Iterable[Issued], login: Callable[[Issued], Login]) -> Strays:
    """Of the same holders. One that cannot be asked for keeps no other from being asked for."""
    found = tuple(found)
    known = {each.identity for each in found}
    others: dict[str, Issued] = {}
    unasked: dict[str, str] = {}
    for each in found:
        try:
            listed = registry.kind_of(each.kind).ending().others(each, login(each))
        except CannotEndError as error:
            why = f"nobody could look for others than {each}, of the same holder"
            unasked.setdefault(str(error), f"{each.purpose}: {why}: {error}")
            continue
        for other in listed:
            if other.identity not in known:
                others[other.identity] = other
    return Strays(tuple(others.values()), tuple(unasked.values()))


def seen(
    issued: Issued, login: Login, pause: Callable[[float], None], clock: Callable[[], float], seconds: float = SECONDS
) -> tuple[Seen, ...]:
    """Use it, and ask its cloud, again and again as long as it works and time is left."""
    ending, until = registry.kind_of(issued.kind).ending(), clock() + seconds
    while True:
        answers = [ending.tried(issued)]
        try:
            answers.append(ending.asked(issued, login))
        except CannotEndError as error:
            answers.append(Seen(None, "cloud", error.said))
        found = tuple(each for each in answers if each is not None)
        if not any(each.works for each in found) or clock() >= until:
            return found
        pause(_PAUSE)
