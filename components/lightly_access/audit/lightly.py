"""What Lightly has: a dataset by its name, its two datasources, and what other datasets use; GET requests alone."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lightly_core.capability import Purpose
from lightly_core.secret import Secret

from lightly_access.audit.registered import Registered

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
    found = api.dataset_named(name)
    if found is None:
        return None
    return Known(found.id, found.name, found.type.lower(), _datasources(api, found.id))


def others(api: "LightlyApi", besides: str, most: int) -> tuple[Known, ...]:
    """Other datasets, at most so many, to find what they share. Raises LightlyError."""
    if most < 1:
        return ()
    found = [it for it in api.datasets(most + 1) if it.id != besides][:most]
    return tuple(Known(it.id, it.name, it.type.lower(), _datasources(api, it.id)) for it in found)


def _datasources(api: "LightlyApi", dataset: str) -> dict[Purpose, Registered]:
    found = {purpose: api.datasource(dataset, purpose) for purpose in Purpose}
    read = {purpose: registered(purpose, it) for purpose, it in found.items() if it}
    return {purpose: it for purpose, it in read.items() if it}


def registered(purpose: Purpose, found: Mapping[str, Any]) -> Registered | None:
    """A datasource as Lightly answers it, in our words; None for a type that we do not know.

    A masked secret is none. Of a key file's JSON its account, project and key id are no secrets.
    """
    from lightly_api.registrations import REGISTRATIONS, shown

    named = ((access, it) for access, it in REGISTRATIONS.items() if it.type == found.get("type"))
    access, registration = next(named, (None, None))
    if access is None or registration is None:
        return None
    path = registration.read(found, purpose)
    fields = {ours: text for ours, theirs in registration.fields.items() if (text := shown(found, theirs))}
    values = {name: text for name, text in fields.items() if name not in registration.secrets}
    secrets = {name: Secret(text) for name, text in fields.items() if name in registration.secrets}
    if "credentials" in secrets:
        values |= _key_file(secrets["credentials"])
    return Registered(purpose, registration.kind, access, path, values, secrets)


def _key_file(credentials: Secret) -> dict[str, str]:
    try:
        file = json.loads(credentials.reveal())
    except (ValueError, RecursionError):
        return {}
    names = {"client_email": "clientEmail", "project_id": "keyProjectId", "private_key_id": "keyId"}
    found = file if isinstance(file, dict) else {}
    return {ours: found[theirs] for theirs, ours in names.items() if isinstance(found.get(theirs), str)}
