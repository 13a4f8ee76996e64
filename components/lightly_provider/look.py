"""A look at the access of a dataset that nobody deploys: what a Verification asks, once, and nothing is kept."""

from dataclasses import dataclass

from lightly_access.kinds import registry
from lightly_access.verify.lights import OUTSIDE, Lights
from lightly_api.client import LightlyApi
from lightly_api.errors import RequestRefusedError
from lightly_core.capability import Evidence, Light, Purpose
from lightly_core.pulumi_values import Properties

from lightly_provider.handlers.inputs import text_of
from lightly_provider.handlers.inquiry import Inquiry, datasources_of, prober_of
from lightly_provider.handlers.probing import secrets_of
from lightly_provider.handlers.verification import VerificationHandler

__all__ = ["Look", "look", "secrets_of"]


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen: the lights, whose key was used, and what the user must know beside the lights."""

    lights: Lights
    probed: frozenset[Purpose]
    remarks: tuple[str, ...]


def look(api: LightlyApi, dataset_id: str, inputs: Properties) -> Look:
    """Ask; `inputs` are those of a Verification, from a state. Raises ProviderError when nobody can be asked."""
    checked = VerificationHandler().check(inputs)
    if checked.failures:
        first = checked.failures[0]
        raise RequestRefusedError(
            f"what the state says of its verification cannot be asked: {first.property} {first.reason}",
            "`pulumi up` with this version writes it anew",
        )
    prober = prober_of(checked.inputs)
    verdict = Inquiry(api, dataset_id, checked.inputs, prober).verdict()
    lights = {(purpose, str(name)): light for purpose, row in verdict.lights.items() for name, light in row.items()}
    probed = frozenset(purpose for purpose, found in prober.found.items() if not found.unreachable)
    for purpose, source in datasources_of(checked.inputs).items():
        if purpose in probed and (beyond := prober.found[purpose].beyond):
            cause = registry.kind_of(source.access.kind).causes().beyond(source.access, beyond)
            lights[purpose, OUTSIDE] = Light(False, True, (Evidence.PROBE,), cause.text, cause.fix, cause.name)
    return Look(lights, probed, tuple(prober.remarks(text_of(checked.inputs, "dataset"))))
