"""Permissions and proofs -> lights. A wrong light must not be green."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lightly_access.kinds.registry import verified_access
from lightly_api.datasources import Permissions
from lightly_core.capability import Capability, Evidence, Purpose, expected
from lightly_provider.verification.lights import Datasource, Verdict, evaluate

SPOKEN = (Capability.LIST, Capability.READ, Capability.WRITE, Capability.OVERWRITE)
ROLE = "arn:aws:iam::123456789012:role/lightly/cows-{}"


def datasource(purpose: Purpose, **proof: bool) -> Datasource:
    given = {capability: proof.get(capability, wanted) for capability, wanted in expected(purpose).items()}
    name = purpose.lower()
    return Datasource(verified_access("s3", "delegated", f"s3://{name}-bucket/cows/", ROLE.format(name)), given)


def both(input: dict[str, bool] | None = None, lightly: dict[str, bool] | None = None) -> dict[Purpose, Datasource]:
    return {
        Purpose.INPUT: datasource(Purpose.INPUT, **(input or {})),
        Purpose.LIGHTLY: datasource(Purpose.LIGHTLY, **(lightly or {})),
    }


def permissions(errors: dict[Capability, str] | None = None, **can: bool | None) -> Permissions:
    return Permissions({capability: can.get(capability, True) for capability in SPOKEN}, errors or {})


def reds(verdict: Verdict) -> list[str]:
    return [
        f"{purpose} {capability}"
        for purpose, row in verdict.lights.items()
        for capability, light in row.items()
        if not light.ok
    ]


def test_all_good() -> None:
    verdict = evaluate("cows", permissions(), both())
    assert verdict.verified
    lights = verdict.lights[Purpose.INPUT]
    assert lights[Capability.LIST].evidence == (Evidence.LIGHTLY, Evidence.PROOF)
    assert lights[Capability.WRITE].evidence == (Evidence.PROOF,)
    assert lights[Capability.WRITE].actual is False
    assert verdict.lights[Purpose.LIGHTLY][Capability.DELETE].evidence == (Evidence.PROOF,)


def test_a_refused_write_is_lightlys_whatever_its_text_names() -> None:
    error = {Capability.WRITE: f"AccessDenied for {ROLE.format('input')} in s3://input-bucket/cows/"}
    verdict = evaluate("cows", permissions(error, write=False), both())
    assert reds(verdict) == ["LIGHTLY write"]


def test_a_refused_list_is_laid_where_its_text_points() -> None:
    error = {Capability.LIST: "(AccessDenied) arn:aws:s3:::input-bucket"}
    verdict = evaluate("cows", permissions(error, list=False), both())
    assert reds(verdict) == ["INPUT list"]
    assert verdict.lights[Purpose.LIGHTLY][Capability.LIST].evidence == (Evidence.PROOF,)


def test_a_refusal_without_a_name_marks_both() -> None:
    verdict = evaluate("cows", permissions({Capability.READ: "AccessDenied"}, read=False), both())
    assert reds(verdict) == ["INPUT read", "LIGHTLY read"]
    assert all("both are marked" in reason for reason in verdict.reasons)


def test_input_that_may_write_is_red() -> None:
    assert reds(evaluate("cows", permissions(), both(input={"write": True, "overwrite": True}))) == [
        "INPUT write",
        "INPUT overwrite",
    ]
    alone = {Purpose.INPUT: datasource(Purpose.INPUT)}
    verdict = evaluate("cows", permissions(), alone)
    assert reds(verdict) == ["INPUT write", "INPUT overwrite"]
    assert "more rights than needed" in verdict.reasons[0]


def test_input_alone_that_may_not_write_is_verified() -> None:
    alone = {Purpose.INPUT: datasource(Purpose.INPUT)}
    assert evaluate("cows", permissions(write=False, overwrite=False), alone).verified


def test_a_reason_names_dataset_purpose_capability_cause_and_fix() -> None:
    error = {Capability.WRITE: "(AccessDenied) Access Denied"}
    (reason,) = evaluate("cows", permissions(error, write=False), both()).reasons
    assert reason.startswith("dataset 'cows', LIGHTLY: write should be possible: the documents we rendered allow")
    assert "\nhint: run `pulumi up --refresh`" in reason


def test_a_lasting_cause_among_passing_ones_makes_it_hopeless() -> None:
    passing = {Capability.READ: "AccessDenied"}
    assert not evaluate("cows", permissions(passing, read=False), both()).hopeless
    lasting = {**passing, Capability.WRITE: "(NoSuchBucket) The specified bucket does not exist"}
    assert evaluate("cows", permissions(lasting, read=False, write=False), both()).hopeless


@given(
    can=st.lists(st.sampled_from([True, False, None]), min_size=4, max_size=4),
    proofs=st.lists(st.booleans(), min_size=10, max_size=10),
    registered=st.sampled_from([(Purpose.INPUT,), (Purpose.LIGHTLY,), tuple(Purpose)]),
    error=st.sampled_from(["", "AccessDenied", ROLE.format("input"), "s3://lightly-bucket/cows/", "NoSuchBucket"]),
)
def test_no_evidence_against_a_light_is_ever_overruled(
    can: list[bool | None], proofs: list[bool], registered: tuple[Purpose, ...], error: str
) -> None:
    said = dict(zip(SPOKEN, can, strict=True))
    proof = dict(zip(itertools.product(Purpose, Capability), proofs, strict=True))
    datasources = {
        purpose: datasource(purpose, **{capability: proof[purpose, capability] for capability in Capability})
        for purpose in registered
    }
    verdict = evaluate("cows", Permissions(said, dict.fromkeys(SPOKEN, error)), datasources)
    assert verdict.verified is not bool(reds(verdict))
    for purpose in registered:
        for capability, wanted in expected(purpose).items():
            if proof[purpose, capability] is not wanted:
                assert not verdict.lights[purpose][capability].ok
    for capability in (Capability.LIST, Capability.READ):
        if said[capability] is not True:
            assert not verdict.verified
    if said[Capability.WRITE] is False and Purpose.LIGHTLY in registered:
        assert not verdict.lights[Purpose.LIGHTLY][Capability.WRITE].ok
    for row in verdict.lights.values():
        assert all(light.ok or (light.cause and light.fix) for light in row.values())


@pytest.mark.parametrize("capability", SPOKEN)
def test_where_lightly_should_speak_and_is_silent_no_proof_makes_it_green(capability: Capability) -> None:
    verdict = evaluate("cows", permissions(**{capability: None}), both())
    light = verdict.lights[Purpose.LIGHTLY][capability]
    assert light.actual is None
    assert "does not speak of" in str(light.cause)


def test_what_cannot_be_written_cannot_be_overwritten_for_the_same_reason() -> None:
    error = {Capability.WRITE: "(NoSuchBucket) The specified bucket does not exist"}
    lights = evaluate("cows", permissions(error, write=False, overwrite=False), both()).lights[Purpose.LIGHTLY]
    assert "no bucket" in str(lights[Capability.OVERWRITE].cause)


def test_an_empty_answer_verifies_nothing() -> None:
    verdict = evaluate("cows", Permissions(dict.fromkeys(SPOKEN)), both())
    assert len(verdict.reasons) == 6
