"""In a preview a rule checks what it can: an unknown is never a crash, never a pass, and said once."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lightly_core.pulumi_values import UNKNOWN, SecretValue
from lightly_policies.guardrails.registry import RULES
from lightly_policies.guardrails.runner import Unchecked, Verdict, summary
from lightly_policies.guardrails.view import Resource, Stack

from tests.examples import examples
from tests.lightly_policies.guardrails.examples_aws import AWS
from tests.lightly_policies.guardrails.examples_others import OTHERS
from tests.lightly_policies.guardrails.given import asked, grant, role, role_policy, said, stack, trust

BROKEN = [(rule, seen) for rule, (_, broken) in {**AWS, **OTHERS}.items() for seen, _ in broken]
KEPT = [(rule, seen) for rule, (kept, _) in {**AWS, **OTHERS}.items() for seen in kept]
LINKS = {"bucket", "accountName", "name", "email", "user", "groups", "group", "role"}
"""What tells that two resources belong together; where it is unknown, Pulumi tells the dependency instead."""


def without(seen: Resource, keys: set[str]) -> Resource:
    """The resource as a preview has it when these properties are not known."""
    return replace(seen, properties={**seen.properties, **dict.fromkeys(keys & set(seen.properties), UNKNOWN)})


def hidden(seen: Resource | Stack, hide: "set[tuple[int, str]] | None" = None) -> Resource | Stack:
    """With these properties unknown; with all of them when it is not said which."""
    if isinstance(seen, Stack):
        found = []
        for at, resource in enumerate(seen.resources):
            keys = set(resource.properties) if hide is None else {key for index, key in hide if index == at}
            found.append(without(resource, keys))
        return replace(seen, resources=tuple(found))
    return without(seen, set(seen.properties) if hide is None else {key for _, key in hide})


def places(seen: Resource | Stack) -> Iterator[tuple[int, str]]:
    for at, resource in enumerate(seen.resources if isinstance(seen, Stack) else (seen,)):
        yield from ((at, key) for key in resource.properties)


@given(st.data())
@examples(2)
def test_no_rule_falls_over_an_unknown_and_none_invents_a_violation(data: st.DataObject) -> None:
    rule, seen = data.draw(st.sampled_from(KEPT))
    hide = data.draw(st.sets(st.sampled_from(sorted(places(seen)) or [(0, "")])))
    for answer in asked(rule, hidden(seen, hide), preview=True):
        invented = isinstance(answer, Verdict) and "has no" not in answer.message and "does not" not in answer.message
        assert not invented, answer


@given(st.data())
@examples(2)
def test_a_violation_in_sight_of_an_unknown_is_said_or_checked_later(data: st.DataObject) -> None:
    rule, seen = data.draw(st.sampled_from(BROKEN))
    hidable = [place for place in places(seen) if place[1] not in LINKS]
    hide = data.draw(st.sets(st.sampled_from(sorted(hidable) or [(9, "")])))
    assert asked(rule, hidden(seen, hide), preview=True), (rule, hide)


@pytest.mark.parametrize("rule", [rule.name for rule in RULES if rule.of_resource])
def test_a_resource_of_which_nothing_is_known_passes_no_rule(rule: str) -> None:
    """Rules about a thing that is wrong as such say so even then."""
    for example, seen in BROKEN:
        if example == rule and isinstance(seen, Resource) and seen.properties:
            assert asked(rule, hidden(seen), preview=True), seen


def test_an_unknown_in_an_update_is_a_violation() -> None:
    (answer,) = said("trust-external-id", role(document=UNKNOWN))
    assert answer == "assumeRolePolicy is unknown in an update, so that it cannot be checked"


def test_an_unknown_inside_a_secret_is_unknown_too() -> None:
    answers = asked("trust-external-id", role(document=SecretValue(UNKNOWN)), preview=True)
    assert answers == [Unchecked("trust-external-id", "lightly-input", "assumeRolePolicy")]


def test_what_is_known_is_checked_in_the_same_preview() -> None:
    unknown, known = role("lightly-a", UNKNOWN), role("lightly-b", trust())
    policies = (role_policy(unknown, UNKNOWN, "first"), role_policy(known, grant("s3:*"), "second"))
    found, waits = asked("no-wildcard-grant", stack(unknown, known, *policies), preview=True)
    assert isinstance(found, Verdict)
    assert found.message.startswith("Grant: it allows Lightly s3:*")
    assert waits == Unchecked("no-wildcard-grant", "", "first.policy")


def test_shared_external_ids_show_in_a_preview_by_where_they_come_from() -> None:
    source = Resource("lightly:index:ExternalId", "id", "urn:id", {"value": SecretValue(UNKNOWN)})
    made: dict[str, Any] = {"property_dependencies": {"assumeRolePolicy": frozenset({"urn:id"})}}
    first, second = (replace(role(name, UNKNOWN), **made) for name in ("a", "b"))
    answers = asked("external-id-shared", stack(source, first, second), preview=True)
    assert [answer.message.partition("\n")[0] for answer in answers if isinstance(answer, Verdict)] == [
        "it has the same external ID as the role a"
    ]


def test_a_preview_says_once_what_it_could_not_check() -> None:
    unchecked = (
        Unchecked("b", "x", "p"),
        Unchecked("a", "x", "p"),
        Unchecked("a", "y", "q.r"),
        Unchecked("a", "x", "p"),
    )
    assert summary(unchecked) == (
        "not checked in this preview, because these values are known only in the update, which checks them:\n"
        "  a: x.p, y.q.r\n"
        "  b: x.p"
    )
