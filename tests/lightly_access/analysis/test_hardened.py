"""`can` of a hardened datasource: from where each capability is there."""

import pytest
from lightly_access.analysis.datasource import Analysis
from lightly_access.analysis.document import as_json
from lightly_access.analysis.terminal import lines
from lightly_core.capability import Capability, Purpose
from lightly_policies import render_aws
from lightly_policies.case import Place

from tests.lightly_access.analysis.example import placed, reaches

HERE = {"vpc_ids": ["vpc-0a1b2c3d"], "cidrs": ["203.0.113.0/24"]}


def hardened(purpose: Purpose) -> Analysis:
    side = purpose.lower()
    return reaches({f"datasets.farm-animals.{side}.hardened": HERE})["farm-animals", purpose]


@pytest.mark.parametrize("purpose", list(Purpose))
def test_listing_is_from_anywhere_and_all_else_from_the_network(purpose: Purpose) -> None:
    found = hardened(purpose)
    assert found.ok, found.unexpected
    granted = {Capability.READ} if purpose is Purpose.INPUT else set(Capability) - {Capability.LIST}
    for capability in Capability:
        cells = found.row(capability).cells
        said = "allowed" if capability == "list" else "from your network" if capability in granted else "refused"
        assert cells[Place.INSIDE].decision == cells[Place.INSIDE].wanted == said
        assert {cells[item].decision for item in (Place.BESIDE, Place.ELSEWHERE)} == {"refused"}


def test_it_says_which_network_what_lightlys_servers_read_and_what_the_worker_needs() -> None:
    shown = "\n".join(str(line) for line in lines(placed(hardened(Purpose.LIGHTLY))))
    for words in (
        "read: inside: ok from your network",
        "reading and writing from vpc-0a1b2c3d or 203.0.113.0/24 only",
        "Lightly's own servers list, and read .lightly/relevant_filenames.txt",
        "the worker runs with datasource.bypass_verify",
        "everything inside the path from your network; from elsewhere only lists it",
    ):
        assert words in shown
    assert "from anywhere" not in shown


def test_each_case_says_whether_it_is_asked_from_the_network() -> None:
    (found,) = as_json(placed(hardened(Purpose.INPUT)))["datasources"]
    asked = {case["network"] for case in found["cases"] if case["capability"] == "read"}
    assert asked == {True, False}
    assert {case["network"] for case in found["cases"] if case["capability"] == "list"} == {None}


def test_a_template_that_forgets_the_network_is_not_as_expected(monkeypatch: pytest.MonkeyPatch) -> None:
    aws_grant = render_aws.aws_grant
    monkeypatch.setattr(render_aws, "aws_grant", lambda *words, **more: aws_grant(*words, **{**more, "network": None}))
    found = hardened(Purpose.INPUT)
    assert not found.ok
    cell = found.row(Capability.READ).cells[Place.INSIDE]
    assert (cell.decision, cell.wanted, cell.ok) == ("allowed", "from your network", False)
    assert any("is not bound to the network" in sentence for sentence in found.unexpected)
