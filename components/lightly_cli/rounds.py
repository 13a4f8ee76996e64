"""Rounds of questions about a deployed stack: in the first its state is what was before, later the round before."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lightly_access.audit.finding import Finding
from lightly_access.deployed.exported import StateError
from lightly_access.deployed.stack import DeployedDataset
from lightly_access.doctor.stack import Stack
from lightly_access.drift.accesses import accesses_of
from lightly_access.drift.drift import Drift
from lightly_access.drift.survey import drift, notes_of
from lightly_access.once import Once
from lightly_access.verify.asked import Asked, asked
from lightly_access.verify.lights import Lights, VerifiedDataset, VerifiedStack, before, compare, explained
from lightly_api.client import LightlyApi
from lightly_api.errors import ProviderError
from lightly_core.hint import with_hint
from lightly_core.scrub import Scrubber
from lightly_provider.look import look, secrets_of

from lightly_cli import deployed

_AT_ONCE = 8
_Begun = tuple[Future[VerifiedDataset], Future[Drift]]


class Rounds:
    """Asks of one stack, as often as it is told. `scrubber` is the one that `api` uses: it learns the keys. With
    `clouds`, the stack as its files declare it, the clouds are looked into as well."""

    def __init__(
        self,
        api: LightlyApi,
        scrubber: Scrubber,
        stack: str | None,
        state: Path | None,
        *,
        probe: bool,
        clouds: Stack | None = None,
    ) -> None:
        self._api, self._scrubber, self._stack, self._state, self._probe = api, scrubber, stack, state, probe
        self._clouds = clouds
        self._seen: dict[str, tuple[Lights, datetime | None]] = {}
        self._drift: dict[str, tuple[Finding, ...]] = {}

    def ask(
        self,
        names: list[str],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        comes: Callable[[int, int], None] = lambda done, of: None,
    ) -> VerifiedStack:
        """The next round; no names are all datasets. `comes` is told how many of how many were asked. Raises
        DeploymentError, or typer.BadParameter for a name."""
        document, found = deployed.read_both(self._stack, self._state, show_secrets=self._probe and self._state is None)
        found = deployed.only(found, names)
        try:
            verifications = asked(document)
        except StateError as wrong:
            raise deployed.DeploymentError(f"{self._state or 'pulumi stack export'}: {wrong}") from None
        clouds = self._looking(document)
        del document  # with its secrets
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            begun = [
                (pool.submit(self._lights, each, verifications.get(each.name)), pool.submit(clouds, each.name))
                for each in found.datasets
            ]
            try:
                datasets = tuple(self._of_both(begun, comes))
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        self._drift |= {each.name: each.drift for each in datasets}
        at = now()
        self._seen |= {
            each.name: ({(light.purpose, light.name): light.now for light in each.lights}, at)
            for each in datasets
            if each.lights
        }
        return VerifiedStack(found.project, found.stack, at, datasets)

    def _looking(self, document: Mapping[str, Any]) -> Callable[[str], Drift]:
        """Looks for what somebody changed in the clouds of one dataset."""
        stack = self._clouds
        if stack is None:
            return lambda dataset: Drift()
        accesses, once = accesses_of(document), Once()
        return lambda dataset: drift(accesses.get(dataset, ()), stack, once)

    def _of_both(self, begun: list[_Begun], comes: Callable[[int, int], None]) -> Iterator[VerifiedDataset]:
        """Each dataset in its order, as soon as its lights and its clouds were asked."""
        for number, (lights, drifted) in enumerate(begun):
            comes(number, len(begun))
            yield self._dataset(lights.result(), drifted.result())

    def _dataset(self, seen: VerifiedDataset, found: Drift) -> VerifiedDataset:
        hide = self._scrubber.scrub
        return replace(
            seen,
            lights=explained(seen.lights, found.findings),
            drift=tuple(replace(each, what=hide(each.what)) for each in found.findings),
            drift_before=self._drift.get(seen.name, ()),
            notes=(*seen.notes, *(hide(note) for note in notes_of(found))),
        )

    def _lights(self, dataset: DeployedDataset, verification: Asked | None) -> VerifiedDataset:
        if dataset.revoked:
            return VerifiedDataset(dataset.name, dataset.id, dataset.verified_at, revoked=True)
        if verification is None:
            error = "the state has no verification of it\nhint: `pulumi up` ends its deployment"
            return VerifiedDataset(dataset.name, dataset.id, dataset.verified_at, error=error)
        old, since = self._seen.get(dataset.name) or (before(dataset, verification.beyond), dataset.verified_at)
        inputs = dict(verification.inputs)
        if not self._probe:
            inputs.pop("credentials", None)
        self._scrubber.learn(*secrets_of(inputs))
        try:
            seen = look(self._api, verification.id, inputs)
        except ProviderError as error:
            return VerifiedDataset(dataset.name, verification.id, since, error=str(error))
        lights = compare(old, seen.lights, seen.probed)
        return VerifiedDataset(
            dataset.name, verification.id, since, lights, (*seen.remarks, *self._closed(verification))
        )

    def _closed(self, verification: Asked) -> tuple[str, ...]:
        """Why the keys were not tried, where there are some."""
        if not self._probe and (verification.closed or "credentials" in verification.inputs):
            return ("its keys were not tried, because of --no-probe: the lights rest on Lightly and the proof",)
        if verification.closed:
            said = "its keys are encrypted in this state and were not tried: the lights rest on Lightly and the proof"
            return (with_hint(said, "--stack instead of --state lets Pulumi open them"),)
        return ()
