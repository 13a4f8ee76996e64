"""One access of a kind of store: how Lightly can get in, and the facts about that which are data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lightly_api.registration import Registration
from lightly_core.fault import Fault

if TYPE_CHECKING:
    from lightly_access.kinds.external import ExternalCredential

Check = Callable[[Any, Mapping[str, Any]], Fault | None]
"""A rule about one value of a datasource, given the values before it."""


def _no_defaults(written: Mapping[object, object]) -> Mapping[str, object]:
    return {}


@dataclass(frozen=True, slots=True)
class SharedSecret:
    """A secret that no two datasources should share.

    Attributes:
        property: of the registration.
        word: what it is: `external ID`.
        rule: the short name of the finding when it is shared.
        within: what and why is said when INPUT and LIGHTLY share it; None where they share the identity with it.
    """

    property: str
    word: str
    rule: str
    within: tuple[str, str] | None = None


@dataclass(frozen=True)
class AccessKind:
    """How Lightly can get into a store of one kind (https://docs.lightly.ai/docs/cloud-storage)."""

    name: str
    """The manifest's word for it, unique among all kinds."""
    meaning: str
    """In a few words, for whoever writes a manifest: `a role that it assumes`."""
    registration: Registration
    """How it is written at Lightly."""
    credential: str
    """What Lightly uses, in a word before its name: `role`, `key`."""
    probe_obstacle: str | None = None
    """Why nobody but Lightly can try it; None where a probe can."""
    described: str = ""
    """The credential in words, for an analysis of what somebody else made: `a user's access key`."""
    holder: str = "whoever holds it"
    """Who gets in with it."""
    config_entry: str | None = None
    """What goes into the stack's encrypted configuration when somebody else made it; None where nothing does."""
    external_lines: Callable[[Mapping[str, str], str], Mapping[str, str]] = lambda known, secret: {"secret": secret}
    """What a manifest says of it when somebody else made it: of what is known of the registration, and the secret's
    name in the stack's configuration."""
    shared: "SharedSecret | None" = None
    """What sharing its secret would mean; None where the identity alone tells."""
    options: frozenset[str] = frozenset()
    """Keys of a datasource that not every access takes, and this one does."""
    needed: frozenset[str] = frozenset()
    """Those of the options without which there is no access: its credential is always somebody else's."""
    checks: Mapping[str, Check] = field(default_factory=dict)
    """Option -> what this access asks of its value beyond what all do."""
    defaults: Callable[[Mapping[object, object]], Mapping[str, object]] = _no_defaults
    """What a datasource has, as it was written, where nothing is said and the table's own default does not fit."""
    external: "Callable[[], ExternalCredential] | None" = None
    """The credential when somebody else made it; None where there is none, or where it always is somebody else's and
    has a component of its own."""
    no_policy: str | None = None
    """Why options about a policy that we write have no place here; None where we write one."""

    unrotated: str | None = None
    """Why a rotation replaces nothing of one that we made, and what can be done; None where it does."""

    def fault(self, option: str, value: object, data: Mapping[str, Any]) -> Fault | None:
        """What this access has against the value of an option."""
        check = self.checks.get(option)
        return check(value, data) if check else None
