"""`lightly:index:Verification`: asks Lightly whether its access works, until it does or waiting is of no use.

Where it was given a key, it also tries what that key can really do (see `probe`), as a part of the same waiting. Before
it takes an answer for one about our access, it reads what is registered: Lightly speaks of whatever is there.

A new permission of AWS works everywhere only after seconds, in rare cases two minutes
(https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html, eventual consistency), so a refusal is asked again
with growing pauses until the deadline; so is a good answer, because the servers may not yet agree. A verification that
fails is there and not healthy: it stays in the state with its red lights, the run fails, the next one verifies again.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import isfinite

from lightly_access.kinds.general_causes import UNSTEADY
from lightly_api.errors import RefusedError, RequestRefusedError
from lightly_core import lightly_rules
from lightly_core.capability import Light
from lightly_core.hint import with_hint, without_hint
from lightly_core.pulumi_values import UNKNOWN, Properties, Value, plain
from lightly_core.resource_types import VERIFICATION

from lightly_provider.handlers.handler import Call, Checked, Diff, Found, Made, UnhealthyError
from lightly_provider.handlers.inputs import Inputs, changed, text_of
from lightly_provider.handlers.inquiry import Inquiry, prober_of
from lightly_provider.handlers.probing import Prober, check_credentials
from lightly_provider.handlers.verified_datasources import check_datasources
from lightly_provider.verification.lights import Verdict

_FIRST_PAUSE, _LONGEST_PAUSE, _GROWTH = 0.5, 10.0, 1.7


class VerificationHandler:
    """Polls Lightly's verify; the resource's id is the dataset's."""

    def check(self, news: Mapping[str, Value]) -> Checked:
        inputs = Inputs(news, VERIFICATION.inputs)
        inputs.text("datasetId", lightly_rules.dataset_id)
        inputs.text("dataset")
        inputs.number("deadline", 0, 3600)
        inputs.number("confirmations", 1, 10)
        check_datasources(inputs)
        check_credentials(inputs, news)
        return inputs.checked()

    def diff(self, inputs: Properties, state: Properties, news: Properties) -> Diff:
        names = changed(inputs, news)
        if plain(state.get("verified")) is False:  # the last run ended red: verify again
            names |= {"verified"}
        return Diff(names, names & VERIFICATION.replacing)

    def planned(self, news: Properties, state: Properties | None) -> Properties:
        return {**_shown(news), **{each.name: UNKNOWN for each in VERIFICATION.results}}

    def create(self, call: Call, news: Properties) -> Made:
        dataset_id = text_of(news, "datasetId")
        return Made(dataset_id, self._verify(call, dataset_id, news))

    def update(self, call: Call, resource_id: str, state: Properties, news: Properties) -> Properties:
        return self._verify(call, resource_id, news)

    def read(self, call: Call, resource_id: str, inputs: Properties, state: Properties) -> Found | None:
        if not inputs:
            raise RequestRefusedError(
                f"verification of dataset {resource_id}: there is nothing to import",
                "leave it out: `pulumi up` verifies anew",
            )
        prober = prober_of(inputs)
        try:
            verdict = Inquiry(call.api(), resource_id, inputs, prober, gone_is_gone=True).verdict()
        except RefusedError as refusal:
            if refusal.status == 404:  # the dataset is gone, or nothing is registered with it any more
                return None
            raise
        outputs = {**_shown(inputs), **_outputs(verdict, prober, call.now())}
        if not verdict.verified:
            raise UnhealthyError(resource_id, outputs, verdict.reasons, inputs)
        return Found(resource_id, inputs, outputs)

    def delete(self, call: Call, resource_id: str, inputs: Properties, state: Properties) -> None:
        """A verification leaves nothing behind."""

    def _verify(self, call: Call, dataset_id: str, news: Properties) -> Properties:
        prober = prober_of(news)
        try:
            verdict = _poll(call, dataset_id, news, prober)
        finally:  # also when Lightly could not be asked, or the run was cancelled
            for remark in prober.remarks(text_of(news, "dataset")):
                call.tell(remark)
        outputs = {**_shown(news), **_outputs(verdict, prober, call.now())}
        if not verdict.verified:
            raise UnhealthyError(dataset_id, outputs, verdict.reasons, news)
        return outputs


@dataclass(slots=True)
class _Row:
    """How many answers of one kind came in a row."""

    good: int = 0
    hopeless: int = 0

    def count(self, verdict: Verdict) -> None:
        self.good = self.good + 1 if verdict.verified else 0
        self.hopeless = self.hopeless + 1 if verdict.hopeless else 0


def _poll(call: Call, dataset_id: str, news: Properties, prober: Prober) -> Verdict:
    """The verdict that counts: good or hopeless `confirmations` times in a row, or the last one before the deadline."""
    name = text_of(news, "dataset")
    wanted = int(_number(news, "confirmations"))
    limit = min(_number(news, "deadline"), call.timeout or float("inf"))
    inquiry = Inquiry(call.api(), dataset_id, news, prober)
    start, row, pause, asked = call.clock(), _Row(), _FIRST_PAUSE, 0
    while True:
        if asked >= wanted and row.good == wanted - 1:  # there was a wait, and this green would count
            inquiry.look_again()
        verdict, asked = inquiry.verdict(), asked + 1
        row.count(verdict)
        waited = call.clock() - start
        if row.good >= wanted or row.hopeless >= wanted:
            if verdict.verified and waited > _LONGEST_PAUSE:
                call.tell(f"dataset {name!r}: all lights as expected after {waited:.0f} s")
            return verdict
        if row.good:
            pause = _FIRST_PAUSE
        jittered = pause * (0.75 + random.random() / 2)
        if waited + jittered > limit:
            return verdict if not verdict.verified else _unsteady(verdict, name, row.good, wanted, limit)
        call.status(_progress(name, verdict, row.good, wanted, waited, limit))
        call.pause(jittered)
        pause = min(_LONGEST_PAUSE, pause * _GROWTH)


def _unsteady(verdict: Verdict, name: str, good: int, wanted: int, limit: float) -> Verdict:
    """Green, but not often enough in a row: that is not verified."""
    said = {"good": str(good), "times": str(wanted), "limit": f"{limit:.0f}"}
    cause = UNSTEADY.cause(said)
    return Verdict(verdict.lights, (with_hint(f"dataset {name!r}: {cause.text}", cause.fix, cause.name),))


def _progress(name: str, verdict: Verdict, good: int, wanted: int, waited: float, limit: float) -> str:
    if verdict.verified:
        return f"{waited:.0f}/{limit:.0f} s {name}: all lights as expected, {good} of {wanted} times"
    return f"{waited:.0f}/{limit:.0f} s {verdict.red() or without_hint(verdict.reasons[0])}"


def _shown(inputs: Properties) -> Properties:
    """What becomes output of the inputs."""
    shown = {output.name for output in VERIFICATION.outputs}
    return {name: value for name, value in inputs.items() if name in shown}


def _number(properties: Properties, name: str) -> float:
    value = plain(properties.get(name))
    return value if isinstance(value, float | int) and isfinite(value) else float(VERIFICATION.default(name) or 0)


def _outputs(verdict: Verdict, prober: Prober, now: datetime) -> Properties:
    lights: Properties = {
        str(purpose): {str(capability): _light(light) for capability, light in row.items()}
        for purpose, row in verdict.lights.items()
    }
    at = f"{now:%Y-%m-%dT%H:%M:%SZ}"
    return {"verified": verdict.verified, "verifiedAt": at, "lights": lights, "probes": prober.outputs()}


def _light(light: Light) -> Value:
    """What is not known, or not needed because it is as expected, is left out: the state has ten of them a dataset."""
    said: Properties = {
        "expected": light.expected,
        "actual": light.actual,
        "ok": light.ok,
        "evidence": [str(source) for source in light.evidence],
        "cause": light.cause,
        "fix": light.fix,
        "runbook": light.runbook,
    }
    return {name: value for name, value in said.items() if value is not None}
