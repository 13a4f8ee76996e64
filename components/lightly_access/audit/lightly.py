"""What Lightly has: a dataset by its name, its two datasources, and what other datasets use; GET requests alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lightly_api.registration import shown
from lightly_core.capability import Purpose
from lightly_core.secret import Secret

from lightly_access.audit.registered import Registered
from lightly_access.kinds import registry

if TYPE_CHECKING:
    from lightly_api.client import LightlyApi


@dataclass(frozen=True, slots=True)
class Known:
    """A dataset of Lightly's: its id, its name, `images` or `videos`, and its datasources by purpose."""

    id: str
    name: str
    type: str
    datasources: Mapping[Purpose, Registered]


def known(api: "LightlyApi", name: str) -> Known | None:
    """The dataset of this name; None when there is none. Raises LightlyError."""
    found = api.datasets.named(name)
    if found is None:
        return None
    return Known(found.id, found.name, found.type.lower(), _datasources(api, found.id))


def others(api: "LightlyApi", besides: str, most: int) -> tuple[Known, ...]:
    """Other datasets, at most so many, to find what they share. Raises LightlyError."""
    if most < 1:
        return ()
    found = [each for each in api.datasets.first(most + 1) if each.id != besides][:most]
    return tuple(Known(each.id, each.name, each.type.lower(), _datasources(api, each.id)) for each in found)


def _datasources(api: "LightlyApi", dataset: str) -> dict[Purpose, Registered]:
    found = {purpose: api.datasources.get(dataset, purpose) for purpose in Purpose}
    read = {purpose: registered(purpose, source) for purpose, source in found.items() if source}
    return {purpose: source for purpose, source in read.items() if source}


def registered(purpose: Purpose, found: Mapping[str, Any]) -> Registered | None:
    """A datasource as Lightly answers it, in our words; None for a type that we do not know.

    A masked secret is none.
    """
    found_as = registry.registered_as(found.get("type"))
    if found_as is None:
        return None
    kind, access = found_as
    registration = access.registration
    fields = {each.name: text for each in registration.properties if (text := shown(found, each.field))}
    hidden = {name: text for name, text in fields.items() if name in registration.secrets}
    values = {**{name: text for name, text in fields.items() if name not in hidden}, **registration.told(hidden)}
    secrets = {name: Secret(text) for name, text in hidden.items()}
    path = registration.read(found, purpose)
    return datasource(purpose, kind.name, access.name, path, values, secrets)


def datasource(
    purpose: Purpose,
    kind: str,
    access: str,
    path: str,
    values: Mapping[str, str],
    secrets: Mapping[str, Secret] | None = None,
) -> Registered:
    """The same of its parts: where it is and who Lightly is there, each kind tells."""
    identity = values.get(registry.accesses()[access].registration.identity, "")
    location = registry.kind_of(kind).location(path)
    return Registered(purpose, kind, access, path, location, identity, values, secrets or {})
