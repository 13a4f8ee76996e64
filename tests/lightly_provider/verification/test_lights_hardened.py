"""Hardened datasources: what Lightly's own servers cannot do is green, and what they can do is red."""

import itertools

import pytest
from lightly_access.kinds.registry import verified_access
from lightly_core.capability import Capability, Evidence, Purpose, expected
from lightly_provider.verification.lights import Datasource, Verdict, evaluate

from tests.lightly_provider.verification.test_lights import ROLE, datasource, permissions, reds

LISTING = expected(Purpose.INPUT, hardened=True)
DENIED = "(AccessDenied) when calling the GetObject operation: no identity-based policy allows the s3:GetObject action"


def hardened(purpose: Purpose, proof: dict[Capability, bool] | None = None) -> Datasource:
    name = purpose.lower()
    access = verified_access("s3", "delegated", f"s3://{name}-bucket/cows/", ROLE.format(name))
    return Datasource(access, LISTING if proof is None else proof, restricted=expected(purpose, hardened=True))


BOTH = {purpose: hardened(purpose) for purpose in Purpose}
INPUT_ALONE = {Purpose.INPUT: hardened(Purpose.INPUT), Purpose.LIGHTLY: datasource(Purpose.LIGHTLY)}
LIGHTLY_ALONE = {Purpose.INPUT: datasource(Purpose.INPUT), Purpose.LIGHTLY: hardened(Purpose.LIGHTLY)}
OUTSIDE = {"read": False, "write": False, "overwrite": False}


def causes(verdict: Verdict) -> str:
    return "\n".join(verdict.reasons)


def test_lists_and_no_more_is_verified() -> None:
    errors = dict.fromkeys((Capability.READ, Capability.WRITE), DENIED)
    verdict = evaluate("cows", permissions(errors, **OUTSIDE), BOTH)
    assert verdict.verified, verdict.reasons
    for row in verdict.lights.values():
        assert {capability for capability, light in row.items() if light.actual} == {Capability.LIST}
    assert verdict.lights[Purpose.LIGHTLY][Capability.WRITE].evidence == (Evidence.LIGHTLY, Evidence.PROOF)


@pytest.mark.parametrize(
    ("can", "red"),
    [
        ({"read": True, "write": False, "overwrite": False}, ["INPUT read", "LIGHTLY read"]),
        ({"read": False, "write": True, "overwrite": True}, ["LIGHTLY write", "LIGHTLY overwrite"]),
        ({}, ["INPUT read", "LIGHTLY read", "LIGHTLY write", "LIGHTLY overwrite"]),
        ({**OUTSIDE, "list": False}, ["INPUT list", "LIGHTLY list"]),
    ],
)
def test_what_lightlys_servers_can_do_beyond_is_red_and_so_is_a_list_that_fails(
    can: dict[str, bool], red: list[str]
) -> None:
    verdict = evaluate("cows", permissions(None, **can), BOTH)
    assert reds(verdict) == red
    if "list" not in can:
        assert "the hardening does not hold: s3:" in causes(verdict)
        assert "one of `cidrs` holds Lightly's addresses" in causes(verdict)
        assert not verdict.hopeless, "a policy that was open ends seconds later"


def test_a_read_that_is_refused_is_the_hardened_ones_where_its_text_names_none() -> None:
    for datasources in (INPUT_ALONE, LIGHTLY_ALONE):
        write = datasources is INPUT_ALONE
        verdict = evaluate(
            "cows", permissions({Capability.READ: DENIED}, read=False, write=write, overwrite=write), datasources
        )
        assert verdict.verified, verdict.reasons


def test_a_read_that_is_refused_where_it_must_not_be_is_red() -> None:
    error = {Capability.READ: f"{DENIED} on s3://lightly-bucket/cows/ for {ROLE.format('lightly')}"}
    assert reds(evaluate("cows", permissions(error, read=False), INPUT_ALONE)) == ["LIGHTLY read"]
    bare = {Capability.READ: DENIED}
    assert reds(
        evaluate("cows", permissions(bare, read=False), {**INPUT_ALONE, Purpose.INPUT: datasource(Purpose.INPUT)})
    )


def test_a_read_that_works_everywhere_is_red_for_the_hardened_one() -> None:
    assert reds(evaluate("cows", permissions(), INPUT_ALONE)) == ["INPUT read"]


def test_documents_that_are_open_are_red_whatever_lightly_says() -> None:
    open_ = {**BOTH, Purpose.LIGHTLY: hardened(Purpose.LIGHTLY, expected(Purpose.LIGHTLY))}
    verdict = evaluate("cows", permissions(None, **OUTSIDE), open_)
    assert set(reds(verdict)) == {f"LIGHTLY {word}" for word in ("read", "write", "overwrite", "delete")}
    assert "our own documents allow it to" in causes(verdict)
    assert verdict.hopeless


def test_no_answer_of_lightly_makes_a_right_that_is_too_much_green() -> None:
    for read, write in itertools.product((True, False, None), repeat=2):
        verdict = evaluate("cows", permissions(read=read, write=write, overwrite=write), BOTH)
        assert verdict.verified is (read is False and write is False)
