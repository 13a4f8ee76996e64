"""What a verification is told of its datasources: every fault by its place. What a key must be, `probing` says."""

from lightly_access.kinds import registry
from lightly_core.capability import Capability, Purpose, expected
from lightly_core.fault import one_of
from lightly_core.pulumi_values import Unknown, Value, plain
from lightly_core.resource_types import VERIFIED_DATASOURCE

from lightly_provider.handlers.inputs import Inputs

GIVEN, EXPECTED = "given", "expected"


def check_datasources(inputs: Inputs) -> None:
    """One entry for each purpose that is verified."""
    table = inputs.table("datasources")
    if table is None:
        return
    if not table:
        inputs.fault("datasources", f"is empty, expected {' or '.join(Purpose)} or both")
    for name, entry in table.items():
        _check_datasource(inputs, name, plain(entry))


def _check_datasource(inputs: Inputs, name: str, entry: Value) -> None:
    place = f"datasources.{name}"
    if name not in tuple(Purpose):
        stray = f"datasources.{inputs.stray('datasources', name)}"
        inputs.fault(stray, f"there is no such purpose, expected {' or '.join(Purpose)}")
        return
    if isinstance(entry, Unknown):
        return
    if not isinstance(entry, dict):
        inputs.fault(place, "expected a map")
        return
    known = VERIFIED_DATASOURCE.names
    for key in sorted(entry.keys() - set(known)):
        stray = f"{place}.{inputs.stray('datasources', key)}"
        inputs.fault(stray, f"there is no such property, expected one of {', '.join(known)}")
    if entry.get(EXPECTED) is not None:
        _check_expected(inputs, f"{place}.{EXPECTED}", Purpose(name), entry[EXPECTED])
    if not isinstance(entry.get(GIVEN), bool | Unknown | None):
        inputs.fault(f"{place}.{GIVEN}", "expected true or false")
    words = {"kind": tuple(registry.kinds()), "access": tuple(registry.accesses())}
    for key in VERIFIED_DATASOURCE.required:
        value = entry.get(key)
        if key == "proof":
            _check_proof(inputs, f"{place}.proof", value, given=entry.get(GIVEN) is True)
        elif not isinstance(value, str | Unknown) or value == "":
            inputs.fault(f"{place}.{key}", "is needed, expected text")
        elif key in words and isinstance(value, str) and value not in words[key]:
            inputs.fault(f"{place}.{key}", f"expected {one_of(words[key])}")


def _check_proof(inputs: Inputs, place: str, proof: Value, *, given: bool) -> None:
    """For each capability; an external credential has no document of ours, so there is nothing to prove."""
    if isinstance(proof, Unknown) or (given and proof == {}):
        return
    if not isinstance(proof, dict) or proof.keys() != set(Capability):
        inputs.fault(place, f"expected true or false for each of {', '.join(Capability)}; none where `given` is true")
        return
    for capability, value in proof.items():
        if not isinstance(value, bool | Unknown):
            inputs.fault(f"{place}.{capability}", "expected true or false")


def _check_expected(inputs: Inputs, place: str, purpose: Purpose, lights: Value) -> None:
    """For each capability; less than its purpose has, never more."""
    if isinstance(lights, Unknown):
        return
    if not isinstance(lights, dict) or lights.keys() != set(Capability):
        inputs.fault(place, f"expected true or false for each of {', '.join(Capability)}")
        return
    for capability, granted in expected(purpose).items():
        if not isinstance(lights[capability], bool | Unknown):
            inputs.fault(f"{place}.{capability}", "expected true or false")
        elif lights[capability] is True and not granted:
            inputs.fault(f"{place}.{capability}", f"expected false, because {purpose} does not have it")
