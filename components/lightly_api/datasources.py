"""Datasources of datasets at Lightly, and its own verification of them: `datasources_api.py` of its client 1.5.26."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lightly_core.capability import Capability, Purpose

from lightly_api.connection import Connection, dataset_path
from lightly_api.errors import RefusedError, UnreadableAnswerError
from lightly_api.shared_readings import SharedReadings

_LONGEST = 1000  # characters of what is said of one light
_VERIFIED = {
    Capability.LIST: "canList",
    Capability.READ: "canRead",
    Capability.WRITE: "canWrite",
    Capability.OVERWRITE: "canOverwrite",
}
_CREDENTIALS_REFUSED = {"DATASET_DATASOURCE_CREDENTIALS_ERROR", "DATASET_DATASOURCE_INVALID"}


Look = Callable[[Mapping[str, Any] | None], None]
"""Is given a datasource, or None where there is none, and raises what forbids to overwrite it."""


@dataclass(frozen=True, slots=True)
class Permissions:
    """What Lightly's verification found: per capability true, false or None (not said), and its words of refusal."""

    can: Mapping[Capability, bool | None]
    errors: Mapping[Capability, str] = field(default_factory=dict)


class Datasources:
    """What is registered with the datasets of the token's owner."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._shared = SharedReadings(self.all, connection.clock)

    def put(self, dataset_id: str, purpose: Purpose, body: Mapping[str, Any], look: Look | None = None) -> None:
        """Register, or register anew, the datasource of this purpose. `look` looks before each try: what it saw before
        the last one may be a minute ago."""
        what = f"register the {purpose} datasource of dataset {dataset_id}"
        path, sent = _path(dataset_id), {**body, "purpose": str(purpose)}

        def attempt(left: float) -> None:
            end = self._connection.clock() + left
            if look:
                look(self._get(dataset_id, purpose, left))
            self._connection.send(what, "PUT", path, max(0.1, end - self._connection.clock()), sent)

        try:
            self._connection.keep_trying(what, attempt)
        finally:  # also where no answer came, and it may have been carried out
            self.forget(dataset_id)

    def get(self, dataset_id: str, purpose: Purpose) -> Mapping[str, Any] | None:
        """The datasource of this purpose as Lightly stores it, secrets possibly masked; None when there is none."""
        what = _reading(dataset_id, purpose)
        return self._connection.keep_trying(what, lambda left: self._get(dataset_id, purpose, left))

    def seen(self, dataset_id: str, purpose: Purpose) -> Mapping[str, Any] | None:
        """The same, to take note of it: perhaps a few seconds old, of the reading that another purpose asked for."""
        return self._shared.take(dataset_id, purpose)

    def forget(self, dataset_id: str) -> None:
        """The dataset was written to: what was read of it before is over."""
        self._shared.forget(dataset_id)

    def all(self, dataset_id: str) -> Mapping[Purpose, Mapping[str, Any]]:
        """The same of every purpose, in one call; empty where there is none."""
        what = f"read the datasources of dataset {dataset_id}"
        found = self._connection.unless_missing(what, "GET", f"{_path(dataset_id)}/all")
        if found is not None and not isinstance(found, list):
            raise UnreadableAnswerError(what, "with something that is no list of datasources")
        named = {str(purpose): purpose for purpose in Purpose}
        sources = [each for each in found or () if isinstance(each, dict) and isinstance(each.get("purpose"), str)]
        return {named[each["purpose"]]: each for each in sources if each["purpose"] in named}

    def verify(self, dataset_id: str) -> Permissions:
        """Ask Lightly to use the registered credentials. There is no purpose parameter: it speaks of the dataset."""
        what = f"verify dataset {dataset_id}"
        try:
            found = self._connection.call(what, "GET", f"{_path(dataset_id)}/verify")
        except RefusedError as refusal:
            if refusal.code not in _CREDENTIALS_REFUSED:
                raise
            return Permissions(dict.fromkeys(_VERIFIED, False), dict.fromkeys(_VERIFIED, refusal.detail))
        if not isinstance(found, dict):
            raise UnreadableAnswerError(what, "without permissions")
        return self._permissions(found)

    def _get(self, dataset_id: str, purpose: Purpose, left: float) -> Mapping[str, Any] | None:
        what, query = _reading(dataset_id, purpose), {"purpose": str(purpose)}
        found = self._connection.send_unless_missing(what, "GET", _path(dataset_id), left, query)
        if found is not None and not isinstance(found, dict):
            raise UnreadableAnswerError(what, "with something that is no datasource")
        return found

    def _permissions(self, found: Mapping[str, Any]) -> Permissions:
        can = {light: found[key] if isinstance(found.get(key), bool) else None for light, key in _VERIFIED.items()}
        said = found.get("errors")
        errors = said if isinstance(said, dict) else {}
        texts = {light: errors[key] for light, key in _VERIFIED.items() if isinstance(errors.get(key), str)}
        return Permissions(can, {light: self._connection.shown(text, _LONGEST) for light, text in texts.items()})


def _path(dataset_id: str) -> str:
    return f"{dataset_path(dataset_id)}/datasource"


def _reading(dataset_id: str, purpose: Purpose) -> str:
    return f"read the {purpose} datasource of dataset {dataset_id}"
