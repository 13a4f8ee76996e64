"""One question about the access of a dataset: what is registered, what Lightly says of it, what its keys can do."""

from lightly_access.kinds import registry
from lightly_access.kinds.cause import Cause
from lightly_api.client import LightlyApi
from lightly_api.datasources import Permissions
from lightly_api.errors import RefusedError
from lightly_core.capability import Capability, Purpose
from lightly_core.pulumi_values import Properties, Value, plain

from lightly_provider.handlers.inputs import text_of
from lightly_provider.handlers.probing import CREDENTIALS, Prober
from lightly_provider.handlers.verified_datasources import EXPECTED, GIVEN
from lightly_provider.registered import Registered, another_one
from lightly_provider.verification.lights import Datasource, Verdict, evaluate


class Inquiry:
    """Asks once: what is registered, until it was found to be what we registered, then what it can do."""

    def __init__(
        self, api: LightlyApi, dataset_id: str, inputs: Properties, prober: Prober, *, gone_is_gone: bool = False
    ) -> None:
        """With `gone_is_gone` it is no red light when Lightly has nothing to verify: RefusedError comes through."""
        self._api, self._id, self._name = api.datasources, dataset_id, text_of(inputs, "dataset")
        self._known, self._prober, self._gone_is_gone = datasources_of(inputs), prober, gone_is_gone
        self._unseen = set(self._known)

    def verdict(self) -> Verdict:
        others = self._others()
        try:
            said = self._api.verify(self._id)
        except RefusedError as refusal:
            if refusal.status != 404 or not others or self._gone_is_gone:
                raise
            said = Permissions({})
        return evaluate(self._name, said, self._known, self._prober.look(), others)

    def look_again(self) -> None:
        """Read again what is registered: what was found to be ours some time ago may be somebody else's by now."""
        self._unseen = set(self._known)

    def _others(self) -> dict[Purpose, Cause]:
        """Why what is registered is not what we verify, of each purpose where it is not."""
        found = self._api.all(self._id) if self._unseen else {}
        others = {}
        for purpose in [purpose for purpose in self._known if purpose in self._unseen]:
            there = Registered.seen(found[purpose], purpose) if purpose in found else None
            ours = Registered.verified(self._known[purpose].access)
            if there and there.is_(ours):
                self._unseen.discard(purpose)
            else:
                others[purpose] = another_one(there, ours)
        return others


def datasources_of(properties: Properties) -> dict[Purpose, Datasource]:
    """What is verified, of the checked inputs."""
    table, keys = plain(properties.get("datasources")), plain(properties.get(CREDENTIALS))
    assert isinstance(table, dict)
    probe_credential = keys if isinstance(keys, dict) else {}
    return {
        purpose: _datasource(table[purpose], purpose in probe_credential) for purpose in Purpose if purpose in table
    }


def prober_of(properties: Properties) -> Prober:
    """What uses the keys that a verification was given."""
    return Prober(properties, {purpose: each.access for purpose, each in datasources_of(properties).items()})


def _datasource(entry: Value, probe_credential: bool) -> Datasource:
    assert isinstance(entry, dict)
    proof = entry.get("proof")
    proved = proof if isinstance(proof, dict) else {}
    lights = entry.get(EXPECTED)
    wanted = lights if isinstance(lights, dict) else {}
    return Datasource(
        registry.verified_access(
            text_of(entry, "kind"),
            text_of(entry, "access"),
            text_of(entry, "path"),
            text_of(entry, "identity"),
            external=entry.get(GIVEN) is True,
        ),
        {Capability(name): value for name, value in proved.items() if isinstance(value, bool)},
        probe_credential,
        {Capability(name): value for name, value in wanted.items() if isinstance(value, bool)},
    )
