"""What a SAS proves, and that any change of the token or its policy is objected to."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from lightly_policies.case import Place
from lightly_policies.cases_sas import Sharee, sas_cases
from lightly_policies.proof_sas import planned, prove_sas
from lightly_policies.sas import StoredPolicy, token

KEY = "a2V5LW9mLXRoZS1hY2NvdW50"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
LIGHTS = {"INPUT": {"list", "read"}, "LIGHTLY": {"list", "read", "write", "overwrite", "delete"}}
DELEGATION = {
    "sv": "2026-04-06", "sp": "rl", "st": "2026-11-20T23:00:00Z", "se": "2026-11-27T23:00:00Z", "spr": "https",
    "sr": "c", "skoid": "o", "sktid": "t", "skt": "2026-11-20T23:00:00Z", "ske": "2026-11-27T23:00:00Z", "sks": "b",
    "skv": "2026-04-06", "sig": "x",
}  # fmt: skip


def sharee(purpose: str = "INPUT", directory: str = "herd/cows/", hierarchical: bool = True) -> Sharee:
    return Sharee(purpose, "acmephotos", "lake", directory, hierarchical, NOW)


def made(sharee: Sharee) -> tuple[str, StoredPolicy]:
    _, policy = planned(sharee, "cows-1", NOW - timedelta(days=1), NOW + timedelta(days=100))
    assert policy
    return token("acmephotos", "lake", "cows-1", KEY, directory=sharee.directory if sharee.bound else ""), policy


@pytest.mark.parametrize("purpose", LIGHTS)
@pytest.mark.parametrize("directory", ["", "cows/", "herd/cows/"])
@pytest.mark.parametrize("hierarchical", [True, False])
def test_what_we_plan_proves_exactly_the_lights_of_its_purpose(
    purpose: str, directory: str, hierarchical: bool
) -> None:
    item = sharee(purpose, directory, hierarchical)
    for proof in (
        prove_sas(item, *planned(item, "cows-1", NOW - timedelta(days=1), NOW + timedelta(days=100))),
        prove_sas(item, *made(item), key=KEY),
    ):
        assert proof.unexpected == ()
        assert {name for name, can in proof.capabilities.items() if can} == LIGHTS[purpose]


def test_a_plain_account_reaches_the_whole_container_and_that_is_named() -> None:
    plain, bound = sharee(hierarchical=False), sharee()
    beside = [sas_case for sas_case in sas_cases(plain) if sas_case.place is Place.BESIDE]
    assert {case.capability for case in beside if case.expected} == LIGHTS["INPUT"]
    assert not any(sas_case.expected for sas_case in sas_cases(bound) if sas_case.place is Place.BESIDE)
    assert ["whole container 'lake'" in what for what in prove_sas(plain, *made(plain)).accepted] == [True]
    assert prove_sas(bound, *made(bound)).accepted == ()
    assert not [what for what in prove_sas(plain, *made(plain)).accepted if "herd" not in what]


def test_a_token_of_the_container_is_too_wide_where_a_directory_can_be_had() -> None:
    plain = sharee(hierarchical=False)
    unexpected = prove_sas(sharee(), *made(plain), key=KEY).unexpected
    assert any("a sibling whose name starts alike" in sentence for sentence in unexpected)


@pytest.mark.parametrize(
    "change",
    [
        {"sv": "2015-04-05"},
        {"sr": "c"},
        {"sr": "b"},
        {"sdd": "1"},
        {"sdd": None},
        {"spr": "https,http"},
        {"spr": None},
        {"si": "cows-2"},
        {"si": None},
        {"sig": "AAAA"},
        {"sp": "rl"},
        {"sp": "rwdl"},
        {"st": "2026-11-01"},
        {"se": "2036-11-01"},
        {"sip": "10.0.0.1"},
        {"ses": "scope"},
        {"rscc": "public"},
        {"ss": "b"},
        {"srt": "sco"},
    ],
)
@pytest.mark.parametrize("purpose", LIGHTS)
def test_every_changed_parameter_is_objected_to(change: dict[str, str | None], purpose: str) -> None:
    item = sharee(purpose)
    text, policy = made(item)
    fields = {k: v for k, v in {**dict(parse_qsl(text)), **change}.items() if v is not None}
    assert prove_sas(item, urlencode(fields), policy, key=KEY).unexpected


@pytest.mark.parametrize(
    "change",
    [
        {"permissions": "r"},
        {"permissions": "l"},
        {"permissions": "rlw"},
        {"permissions": "rldx"},
        {"permissions": "lr"},
        {"permissions": "racwdl"},
        {"permissions": None},
        {"start": NOW},
        {"start": None},
        {"start": NOW + timedelta(days=1)},
        {"expiry": None},
        {"expiry": NOW},
        {"expiry": NOW + timedelta(days=101)},
        {"id": "cows-2"},
    ],
)
@pytest.mark.parametrize("purpose", LIGHTS)
def test_every_changed_term_of_the_stored_policy_is_objected_to(change: dict[str, Any], purpose: str) -> None:
    item = sharee(purpose)
    text, policy = made(item)
    assert prove_sas(item, text, replace(policy, **change), key=KEY, until=policy.expiry).unexpected


def test_without_its_stored_policy_a_token_can_nothing() -> None:
    text, _ = made(sharee("LIGHTLY"))
    assert not any(prove_sas(sharee("LIGHTLY"), text, None).capabilities.values())


def test_a_token_that_cannot_be_read_can_nothing_and_is_not_shown() -> None:
    proof = prove_sas(sharee(), "sig=very-secret")
    assert proof.unexpected
    assert not any(proof.capabilities.values())
    assert "very-secret" not in repr(proof)


@pytest.mark.parametrize("purpose", LIGHTS)
@pytest.mark.parametrize("hierarchical", [True, False])
def test_what_we_plan_with_user_delegation_proves_the_same(purpose: str, hierarchical: bool) -> None:
    item = sharee(purpose, hierarchical=hierarchical)
    made, policy = planned(item, "x", NOW - timedelta(days=1), NOW + timedelta(days=6), delegated=True)
    proof = prove_sas(item, made, policy)
    assert (proof.unexpected, policy) == ((), None)
    assert {name for name, can in proof.capabilities.items() if can} == LIGHTS[purpose]


def test_a_user_delegation_sas_is_proved_by_its_own_terms() -> None:
    plain = sharee(hierarchical=False)
    proof = prove_sas(plain, urlencode(DELEGATION))
    assert proof.unexpected == ()
    assert {name for name, can in proof.capabilities.items() if can} == LIGHTS["INPUT"]


@pytest.mark.parametrize(
    "change",
    [
        {"sp": "rwdl"},
        {"sp": "l"},
        {"st": "2026-11-21T11:50:00Z"},
        {"se": "2026-11-28T00:00:00Z"},
        {"se": "2026-11-21T00:00:00Z"},
        {"spr": "https,http"},
        {"sks": "q"},
        {"sr": "d"},
        {"sip": "10.0.0.1"},
        {"si": "cows-1"},
    ],
)
def test_every_changed_parameter_of_a_user_delegation_sas_is_objected_to(change: dict[str, str]) -> None:
    assert prove_sas(sharee(hierarchical=False), urlencode({**DELEGATION, **change})).unexpected


def test_an_unknown_purpose_is_refused() -> None:
    with pytest.raises(ValueError, match="expected INPUT or LIGHTLY"):
        sharee("OUTPUT")
