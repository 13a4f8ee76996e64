"""Every rule is kept by what keeps it, and says exactly what is wrong with what breaks it."""

import pytest
from lightly_core.pulumi_values import SecretValue, leaves
from lightly_policies.guardrails.registry import BY_NAME, RULES
from lightly_policies.guardrails.view import Resource, Stack

from tests.lightly_policies.guardrails.examples_aws import AWS
from tests.lightly_policies.guardrails.examples_others import OTHERS
from tests.lightly_policies.guardrails.given import asked, of_ours, resource, role, said, stack, trust

EXAMPLES = {**AWS, **OTHERS}
KEPT = [(rule, seen) for rule, (kept, _) in EXAMPLES.items() for seen in kept]
BROKEN = [(rule, seen, words) for rule, (_, broken) in EXAMPLES.items() for seen, words in broken]


def test_every_rule_has_an_example_that_keeps_it_and_one_that_breaks_it() -> None:
    assert list(EXAMPLES) == [rule.name for rule in RULES]
    assert all(kept and broken for kept, broken in EXAMPLES.values())


def test_names_of_rules_are_kebab_case_and_different() -> None:
    assert len(BY_NAME) == len(RULES)
    assert all(name == name.lower().replace("_", "-").strip("-") for name in BY_NAME)


@pytest.mark.parametrize(("rule", "seen"), KEPT, ids=lambda case: case if isinstance(case, str) else "")
def test_what_keeps_a_rule_is_not_complained_about(rule: str, seen: Resource | Stack) -> None:
    assert asked(rule, seen) == []


@pytest.mark.parametrize(("rule", "seen", "words"), BROKEN, ids=lambda case: case if isinstance(case, str) else "")
def test_what_breaks_a_rule_is_said(rule: str, seen: Resource | Stack, words: list[str]) -> None:
    assert said(rule, seen) == words


@pytest.mark.parametrize(("rule", "seen", "words"), BROKEN, ids=lambda case: case if isinstance(case, str) else "")
def test_no_message_holds_a_secret(rule: str, seen: Resource | Stack, words: list[str]) -> None:
    resources = seen.resources if isinstance(seen, Stack) else (seen,)
    secrets = [
        leaf.value for resource in resources for leaf in leaves(resource.properties) if leaf.secret and leaf.value
    ]
    assert not [secret for secret in secrets for item in asked(rule, seen) if str(secret) in str(item)]


def test_a_violation_says_how_to_mend_it_how_bad_it_is_and_which_controls_ask_for_it() -> None:
    (verdict,) = asked("no-policy-on-users", resource("aws:iam/userPolicy:UserPolicy", "it"))
    assert verdict.message == (  # type: ignore[union-attr]  # it is a Verdict, the equality shows it
        "it gives a policy to a user directly\n"
        "hint: put the user into a group that has the policy, or let Lightly assume a role\n"
        "[medium; CIS AWS 7.0: 2.13]"
    )


def test_of_a_resource_of_ours_the_fix_is_a_key_of_the_manifest() -> None:
    old = resource("aws:iam/accessKey:AccessKey", "theirs", createDate="2026-01-01T00:00:00Z")
    theirs, ours = asked("key-age", stack(old, of_ours(old, "lightly-access:aws:S3UserAccess")))
    assert "hint: replace the key" in str(theirs)
    assert "`rotate_now: <any new text>`" in str(ours)


def test_a_name_that_looks_like_ours_does_not_make_it_ours() -> None:
    assert not resource("aws:s3/bucket:Bucket", "lightly-access:lake").ours


def test_a_document_may_be_written_as_an_object_too() -> None:
    import json

    written = role(document=json.loads(trust(id_=None)))
    assert said("trust-external-id", written) == [
        "Lightly: Lightly's account may assume it, not bound to one external ID"
    ]


def test_a_secret_document_is_checked_like_any_other() -> None:
    secret = SecretValue(trust("*"))
    assert said("trust-exact-account", role(document=secret)) == ["Lightly: everyone on AWS may assume it"]


def test_a_bucket_that_is_only_looked_up_is_not_checked() -> None:
    looked_up = Resource("aws:s3/bucket:Bucket", "theirs", "urn", {"bucket": "theirs"}, read=True)
    for rule in (example for example in EXAMPLES if example.startswith("s3-")):
        assert asked(rule, stack(looked_up)) == []


def test_types_of_other_providers_are_left_alone() -> None:
    other = resource("kubernetes:core/v1:Secret", "s", data={"a": "b"})
    assert [verdict for rule in BY_NAME for verdict in [*asked(rule, other), *asked(rule, stack(other))]] == []
