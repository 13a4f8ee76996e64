"""What a probe adds to the lights: evidence, reds that nobody else sees, and no green that it did not see."""

import pytest
from lightly_access.kinds.probe import Answer
from lightly_access.kinds.registry import verified_access
from lightly_api.datasources import Permissions
from lightly_core.capability import Capability, Evidence, Purpose, expected
from lightly_provider.verification.lights import Datasource, Verdict, evaluate
from lightly_provider.verification.probe import Findings

GREEN = Permissions(dict.fromkeys((Capability.LIST, Capability.READ, Capability.WRITE, Capability.OVERWRITE), True))
DENIED = Answer(False, "AccessDenied", "(AccessDenied) not you")
UNKNOWN = Answer(
    False, "InvalidAccessKeyId", "(InvalidAccessKeyId) The AWS Access Key Id does not exist in our records."
)
AWAY = Answer(None, "Unreachable", "the service could not be reached")


def given(purpose: Purpose, probe_credential: bool = True) -> Datasource:
    return Datasource(
        verified_access("obs", "key", f"obs://archive/{purpose.lower()}/", f"KEY-{purpose}", external=True),
        {},
        probe_credential,
    )


def found(purpose: Purpose, beyond: tuple[str, ...] = (), **answers: Answer) -> Findings:
    usual = {name: Answer(True) if wanted else DENIED for name, wanted in expected(purpose).items()}
    return Findings({**usual, **{Capability(name): answer for name, answer in answers.items()}}, beyond)


def evaluated(input: Findings | None = None, *, probe_credential: bool = True) -> Verdict:
    sources = {purpose: given(purpose, probe_credential) for purpose in Purpose}
    probes = (
        {Purpose.INPUT: input or found(Purpose.INPUT), Purpose.LIGHTLY: found(Purpose.LIGHTLY)}
        if probe_credential
        else {}
    )
    return evaluate("apples", GREEN, sources, probes)


def test_lightly_and_the_probe_together_are_evidence_for_an_external_key() -> None:
    verdict = evaluated()
    assert verdict.verified
    assert verdict.lights[Purpose.LIGHTLY][Capability.WRITE].evidence == (Evidence.LIGHTLY, Evidence.PROBE)
    assert verdict.lights[Purpose.LIGHTLY][Capability.DELETE].evidence == (Evidence.PROBE,)
    assert verdict.lights[Purpose.INPUT][Capability.WRITE].evidence == (Evidence.PROBE,)


@pytest.mark.parametrize("capability", ["write", "overwrite", "delete"])
def test_an_input_key_that_can_do_more_is_red_and_waiting_is_of_no_use(capability: str) -> None:
    verdict = evaluated(found(Purpose.INPUT, (), **{capability: Answer(True)}))
    light = verdict.lights[Purpose.INPUT][Capability(capability)]
    assert (light.ok, light.actual, light.evidence) == (False, True, (Evidence.PROBE,))
    assert light.cause is not None
    assert "the external key KEY-INPUT can do it in obs://archive/input/" in light.cause
    assert verdict.hopeless


def test_a_key_that_is_not_yet_known_is_no_proof_that_it_may_not_write() -> None:
    verdict = evaluated(Findings(dict.fromkeys(Capability, UNKNOWN)))
    row = verdict.lights[Purpose.INPUT]
    assert [name for name, light in row.items() if light.ok] == []
    assert row[Capability.WRITE].actual is None
    assert not verdict.hopeless, "a new key is known everywhere only after a while"


def test_what_could_not_be_reached_is_neither_green_nor_called_refused() -> None:
    row = evaluated(Findings(dict.fromkeys(Capability, AWAY))).lights[Purpose.INPUT]
    assert row[Capability.LIST].ok, "Lightly reached it"
    assert row[Capability.WRITE].actual is None
    assert "could not be reached" in str(row[Capability.WRITE].cause)


def test_reaching_beyond_the_path_fails_the_verification_although_every_light_is_green() -> None:
    verdict = evaluated(found(Purpose.INPUT, beyond=("list", "read")))
    assert not verdict.verified
    assert all(light.ok for light in verdict.lights[Purpose.INPUT].values())
    assert "it can list, read in a directory beside it" in verdict.reasons[0]
    assert "whole_bucket: true" in verdict.reasons[0]


def test_with_the_probe_switched_off_what_nobody_sees_is_unknown_and_says_so() -> None:
    verdict = evaluated(probe_credential=False)
    assert verdict.verified, "what was asked was answered as expected"
    light = verdict.lights[Purpose.INPUT][Capability.WRITE]
    assert (light.actual, light.ok, light.evidence) == (None, False, ())
    assert "the probe is switched off" in str(light.cause)


def test_a_probe_contradicts_a_proof() -> None:
    proof = expected(Purpose.INPUT)
    ours = Datasource(verified_access("s3", "user", "s3://lake/in/", "AKIA"), proof, probe_credential=True)
    verdict = evaluate("cows", GREEN, {Purpose.INPUT: ours}, {Purpose.INPUT: found(Purpose.INPUT, delete=Answer(True))})
    light = verdict.lights[Purpose.INPUT][Capability.DELETE]
    assert (light.actual, light.evidence) == (True, (Evidence.PROBE, Evidence.PROOF))
    assert "our documents refuse s3:DeleteObject" in str(light.cause)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("(SignatureDoesNotMatch) x", "does not belong to access key KEY-INPUT"),
        ("(InvalidAccessKeyId) x", "is not valid there"),
        ("(NoSuchBucket) x", "there is no bucket archive at this endpoint"),
        ("(AccessDenied) x", "lacks the right to list"),
        ("(AuthorizationHeaderMalformed) expecting 'eu-de'", "set the store's `region` to eu-de"),
        ("the service could not be reached", "`probe: false`"),
        ("(Teapot) x", "cannot do it in obs://archive/input/"),
    ],
)
def test_an_external_key_has_causes_of_its_own(words: str, said: str) -> None:
    verdict = evaluated(found(Purpose.INPUT, list=Answer(False, "x", words)))
    light = verdict.lights[Purpose.INPUT][Capability.LIST]
    assert said in f"{light.cause} {light.fix}"
    assert "the probe was told" in str(light.cause)
    assert "pulumi up --refresh" not in str(light.fix), "nothing of ours could be put back"
