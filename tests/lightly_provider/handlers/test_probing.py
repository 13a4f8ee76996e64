"""The keys of a verification: probed in the turns of its polling, and never shown."""

from collections.abc import Mapping

import pytest
from lightly_access.kinds.probe import Answer, Target
from lightly_access.kinds.registry import verified_access
from lightly_api.client import LightlyApi
from lightly_core.capability import Capability, Purpose, expected
from lightly_core.pulumi_values import Properties, SecretValue, Value, plain
from lightly_provider.handlers import probing
from lightly_provider.handlers.handler import Call, UnhealthyError
from lightly_provider.handlers.probing import Prober
from lightly_provider.handlers.verification import VerificationHandler
from lightly_provider.verification.probe import Findings

from tests.lightly_provider.fake_lightly import FakeLightly
from tests.lightly_provider.fake_time import FakeTime

SECRET = "the-secret-of-the-archive"
HANDLER = VerificationHandler()
KEY: dict[str, Value] = {
    "accessKeyId": "ARCHIVEKEY", "secretAccessKey": SECRET, "region": "eu-de", "endpoint": "https://obs.example.com",
}  # fmt: skip
REFUSED = Answer(False, "AccessDenied", "(AccessDenied) no")


def good(purpose: Purpose) -> Findings:
    return Findings({name: Answer(True) if wanted else REFUSED for name, wanted in expected(purpose).items()})


class Probe:
    """Stands where the real probe does; remembers what it was asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *rounds: Mapping[Purpose, Findings]) -> None:
        self.rounds, self.asked = list(rounds), list[tuple[set[Purpose], str]]()
        monkeypatch.setattr(probing.Prober.__init__, "__defaults__", (self,))

    def __call__(self, targets: Mapping[Purpose, Target], name: str) -> Mapping[Purpose, Findings]:
        self.asked.append((set(targets), name))
        now = self.rounds.pop(0) if len(self.rounds) > 1 else self.rounds[0]
        return {purpose: now.get(purpose, good(purpose)) for purpose in targets}


def inputs(lightly: FakeLightly, **more: Value) -> dict[str, Value]:
    entry: dict[str, Value] = {
        "kind": "obs",
        "access": "key",
        "given": True,
        "identity": "ARCHIVEKEY",
        "fingerprint": "ab",
        "proof": {},
    }
    sources: dict[str, Value] = {
        str(purpose): {**entry, "path": f"obs://archive/{purpose.lower()}/"} for purpose in Purpose
    }
    keys: Value = {str(purpose): KEY for purpose in Purpose}
    lightly.register(dataset_id := lightly.add("apples"), sources)
    return {
        "datasetId": dataset_id, "dataset": "apples", "datasources": sources, "credentials": keys, **more,
    }  # fmt: skip


@pytest.fixture
def news(lightly: FakeLightly) -> Properties:
    checked = HANDLER.check(inputs(lightly))
    assert not checked.failures
    return checked.inputs


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def call(api: LightlyApi, time: FakeTime, said: list[str]) -> Call:
    return Call(api=lambda: api, clock=time.clock, pause=time.sleep, tell=said.append)


def test_the_keys_are_sealed_and_no_output(call: Call, news: Properties, monkeypatch: pytest.MonkeyPatch) -> None:
    Probe(monkeypatch, {})
    assert isinstance(news["credentials"], SecretValue)
    made = HANDLER.create(call, news)
    assert "credentials" not in made.properties
    assert "credentials" not in HANDLER.planned(news, None)
    assert SECRET not in repr(made.properties)
    assert plain(made.properties["probes"])["INPUT"] == {"done": True, "why": None, "beyond": [], "left": []}  # type: ignore[call-overload,index]  # as the handler builds it


def test_a_good_probe_is_not_repeated_and_adds_no_call_to_lightly(
    lightly: FakeLightly, call: Call, news: Properties, monkeypatch: pytest.MonkeyPatch
) -> None:
    probe = Probe(monkeypatch, {})
    HANDLER.create(call, news)
    assert [purposes for purposes, _ in probe.asked] == [set(Purpose)]
    assert sum(seen.path.endswith("/verify") for seen in lightly.seen) == 2


def test_a_new_key_is_probed_again_until_it_is_known_under_one_name(
    call: Call, news: Properties, monkeypatch: pytest.MonkeyPatch
) -> None:
    invalid = Findings(dict.fromkeys(Capability, Answer(False, "InvalidAccessKeyId", "(InvalidAccessKeyId) no")))
    denied = Findings(dict.fromkeys(Capability, REFUSED))
    probe = Probe(monkeypatch, {Purpose.LIGHTLY: invalid}, {Purpose.LIGHTLY: denied}, {})
    assert HANDLER.create(call, news).properties["verified"] is True
    assert [purposes for purposes, _ in probe.asked] == [set(Purpose), {Purpose.LIGHTLY}, {Purpose.LIGHTLY}]
    assert len({name for _, name in probe.asked}) == 1


def test_an_input_key_that_can_write_is_unhealthy_at_once_and_litter_is_named(
    call: Call, news: Properties, monkeypatch: pytest.MonkeyPatch, said: list[str], time: FakeTime
) -> None:
    answers = {**good(Purpose.INPUT).answers, Capability.WRITE: Answer(True)}
    Probe(monkeypatch, {Purpose.INPUT: Findings(answers, left=("obs://archive/input/.lightly/probe-1",))})
    with pytest.raises(UnhealthyError, match="the external key ARCHIVEKEY can do it") as red:
        HANDLER.create(call, news)
    assert time.seconds < 5, "waiting cannot mend it"
    assert "could not delete obs://archive/input/.lightly/probe-1\nhint: delete it yourself" in " ".join(said)
    assert SECRET not in repr(red.value.properties)


def test_a_role_is_said_to_be_not_probed() -> None:
    prober = Prober({}, {Purpose.INPUT: verified_access("s3", "delegated", "s3://lake/in/", "arn:aws:iam::1:role/x")})
    assert prober.look() == {}
    assert prober.outputs() == {
        "INPUT": {"done": False, "why": "only Lightly's account may assume the role", "beyond": [], "left": []}
    }


def test_another_secret_verifies_again(news: Properties, lightly: FakeLightly) -> None:
    other = inputs(lightly, credentials={str(purpose): {**KEY, "secretAccessKey": "another"} for purpose in Purpose})
    changed = HANDLER.check({**other, "datasetId": plain(news["datasetId"])}).inputs
    assert HANDLER.diff(news, {**news, "verified": True}, changed).changes == {"credentials"}


@pytest.mark.parametrize(
    ("spoiled", "where"),
    [
        ({"INPUT": {**KEY, "secretAccessKey": ""}}, "credentials.INPUT.secretAccessKey"),
        ({"INPUT": {**KEY, "endpoint": "ftp://x"}}, "credentials.INPUT.endpoint"),
        ({"INPUT": {**KEY, "wholeBucket": "yes"}}, "credentials.INPUT.wholeBucket"),
        ({"INPUT": {**KEY, "secret": SECRET}}, "credentials.INPUT.secret"),
        ({"OUTPUT": KEY}, "credentials.OUTPUT"),
        ({"INPUT": SECRET}, "credentials.INPUT"),
        (SECRET, "credentials"),
    ],
)
def test_every_fault_of_a_key_is_said_by_its_place_and_without_its_value(
    lightly: FakeLightly, spoiled: Value, where: str
) -> None:
    checked = HANDLER.check(inputs(lightly, credentials=spoiled))
    assert [failure.property for failure in checked.failures] == [where]
    assert SECRET not in repr(checked.failures)
    assert isinstance(checked.inputs["credentials"], SecretValue)
