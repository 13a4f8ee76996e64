"""What a resource type is to a mock provider.

Its inputs, its outputs, when it is replaced, and the four calls that do the work.

A handler speaks of *facts*: what the cloud says about one resource, by the property names of the SDK. Whatever turns
facts into outputs and inputs (defaults, semantic equality, what a cloud never stores) is in `state.py`, once for all
types.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from lightly_core.pulumi_values import Value

Facts = dict[str, Any]


class Kind(StrEnum):
    """The shape of an input; the words are used in messages."""

    STRING = "text"
    BOOLEAN = "true or false"
    INTEGER = "a whole number"
    DOCUMENT = "a JSON policy document"
    STRINGS = "a list of texts"  # the order means nothing
    STRING_MAP = "a map of texts"
    RECORD = "an object"
    RECORDS = "a list of objects"


@dataclass(frozen=True, slots=True)
class Input:
    """One input property, or one field of a nested object.

    `default` is what the cloud holds when the property is not given. `computed`: the cloud chooses it when it is not
    given, so that leaving it out is never a difference. `remembered`: the cloud never stores it, so a read keeps what
    the state says. `least` and `most` bound a number, `pattern` is what a whole text fits; letters are ASCII there.
    """

    name: str
    kind: Kind = Kind.STRING
    required: bool = False
    replace: bool = False
    default: Any = None
    computed: bool = False
    remembered: bool = False
    fields: tuple["Input", ...] = ()
    allowed: tuple[str, ...] = ()
    longest: int | None = None
    least: int | None = None
    most: int | None = None
    pattern: str | None = None
    alike: Callable[[Any, Any], bool] | None = None


@dataclass(frozen=True, slots=True)
class Naming:
    """How a resource is named when the program does not: Pulumi's `<logical name>-<7 hex digits>`.

    Some providers have another `separator` and more `digits`.
    """

    property: str
    prefix_property: str | None = None
    longest: int = 64
    lowercase: bool = False
    starts: str = ""
    random: bool = True
    separator: str = "-"
    digits: int = 7


@dataclass(frozen=True, slots=True)
class Created:
    """A new resource: its id and the facts that the inputs do not already say."""

    id: str
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """A resource as it is in the cloud: its id and all facts. A fact that is missing has its default."""

    id: str
    facts: Facts


class PartialCreateError(Exception):
    """The resource exists, and something that belongs to it does not. `facts` say what the cloud holds now."""

    def __init__(self, id: str, facts: Facts, cause: Exception) -> None:
        self.id, self.facts, self.cause = id, facts, cause
        super().__init__(str(cause))


class RefusedError(Exception):
    """The mock provider, not the cloud, says no; the text is one sentence for the user."""


class Handler(Protocol):
    """The work of one resource type. `work` is the cloud as one request may use it; see `aws/work.py`."""

    def create(self, work: Any, inputs: Facts) -> Created:
        """Make it. Raises PartialCreateError when it exists and is not whole."""

    def read(self, work: Any, id: str, state: Facts) -> Found | None:
        """Look at it; None when it is gone. `state` is empty on import."""

    def update(self, work: Any, id: str, state: Facts, inputs: Facts, changed: frozenset[str]) -> Facts:
        """Change what is in `changed`; the facts that changed beside the inputs."""

    def delete(self, work: Any, id: str, state: Facts) -> None:
        """Remove it; a resource that is gone is a success."""


@dataclass(frozen=True, slots=True)
class ResourceType:
    """A row of a mock provider's table. `outputs` are the computed ones; every input is an output too, as in the SDK.

    `secret` outputs are sealed, an update may change `volatile` ones, `regional` says whether it lives in a region of
    its own. `follows` says which outputs inputs come to under a configuration of the provider. What else the SDK knows
    of the type is not implemented, and an input of it is refused by name.
    """

    token: str
    title: str
    handler: Handler
    inputs: tuple[Input, ...]
    outputs: tuple[str, ...] = ()
    secret: frozenset[str] = frozenset()
    volatile: frozenset[str] = frozenset()
    naming: Naming | None = None
    follows: Callable[[Any, Facts], Facts] | None = None

    def input(self, name: str) -> Input | None:
        """The input of this name, if the mock provider implements it."""
        return next((prop for prop in self.inputs if prop.name == name), None)

    @property
    def regional(self) -> bool:
        """Whether the SDK lets the program choose a region for one resource."""
        return self.input("region") is not None


Invoke = Callable[[Any, Mapping[str, Value]], Facts]


@dataclass(frozen=True, slots=True)
class Function:
    """An invoke: its token, what answers it, and the arguments that it takes."""

    token: str
    answer: Invoke
    arguments: tuple[str, ...] = ()
