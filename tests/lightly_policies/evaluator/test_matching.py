"""Wildcards, variables and ARNs."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lightly_policies.evaluator.matching import action_matches, arn_matches, glob, like

from tests.lightly_policies.evaluator.people import BUCKET, allowed, ask, document, session, statement, user

_TEXT = st.text(alphabet="ab*?.[]\\$^{}()|+\n/é", max_size=12)


def _naive(pattern: str, text: str) -> bool:
    if not pattern:
        return not text
    if pattern[0] == "*":
        return any(_naive(pattern[1:], text[i:]) for i in range(len(text) + 1))
    return bool(text) and pattern[0] in ("?", text[0]) and _naive(pattern[1:], text[1:])


@given(_TEXT, _TEXT)
@example("a*b*a", "aba")
@example("d.ta", "data")
@example("*\\*", "x\\y")
@example("a*", "a\nb")
def test_glob_agrees_with_the_definition(pattern: str, text: str) -> None:
    assert glob(pattern, text) is _naive(pattern, text)


_ARN = st.lists(st.text(alphabet="a*?:", max_size=3), min_size=4, max_size=8).map(":".join)


@given(_ARN, _ARN)
@example("arn:aws:s3:::a*", "arn:aws:s3:::a:b")
@example("a::::", "a:::::")
def test_an_arn_is_matched_part_by_part(pattern: str, arn: str) -> None:
    wanted, given = pattern.split(":", 5), arn.split(":", 5)
    by_part = len(wanted) == len(given) == 6 and all(map(_naive, wanted, given))
    assert arn_matches(pattern, arn, None) is (pattern == "*" or by_part)


@given(_TEXT)
def test_text_without_wildcards_matches_itself_only(text: str) -> None:
    plain = re.sub("[*?]", "", text)
    assert glob(plain, plain)
    assert not glob(plain, plain + "x")


def test_many_wildcards_take_no_exponential_time() -> None:
    assert not glob("*a" * 40 + "b", "a" * 4000)


@pytest.mark.parametrize("pattern", ["s3:GetObject", "S3:getobject", "s3:Get*", "s3:?etObject", "*", "s3:*"])
def test_actions_match_in_any_case(pattern: str) -> None:
    assert action_matches(pattern, "s3:GetObject")


@pytest.mark.parametrize("pattern", ["s3:GetObjectAcl", "s3:Get", "s3:?GetObject", "s3.GetObject", "sts:*"])
def test_other_actions_do_not_match(pattern: str) -> None:
    assert not action_matches(pattern, "s3:GetObject")


def test_resources_match_in_their_own_case_only() -> None:
    assert arn_matches("arn:aws:s3:::data/p/*", "arn:aws:s3:::data/p/x", None)
    assert not arn_matches("arn:aws:s3:::data/P/*", "arn:aws:s3:::data/p/x", None)


def test_a_wildcard_does_not_reach_over_the_first_five_colons() -> None:
    assert arn_matches("arn:aws:iam::*:user/bob", "arn:aws:iam::123456789012:user/bob", None)
    assert not arn_matches("arn:aws:s3:::*", "arn:aws:kms:eu-central-1:123456789012:key/1", None)
    assert not arn_matches("arn:aws:*:::data", "arn:aws:s3:eu:1:data", None)
    assert arn_matches("arn:aws:s3:::a*", "arn:aws:s3:::a:b/c", None)


def test_a_dot_is_a_dot() -> None:
    assert not arn_matches("arn:aws:s3:::d.ta", BUCKET, None)
    assert arn_matches("arn:aws:s3:::d?ta", BUCKET, None)


def _values(**values: str) -> dict[str, str]:
    return {key.replace("_", ":"): value for key, value in values.items()}


def test_a_value_with_wildcards_stands_for_itself() -> None:
    lookup = _values(aws_username="*").get
    assert like("home/${aws:username}/x", "home/*/x", lookup)
    assert not like("home/${aws:username}/x", "home/bob/x", lookup)


def test_escapes_stand_for_the_character() -> None:
    lookup = _values().get
    assert like("a${*}b${?}c${$}{d}", "a*b?c${d}", lookup)
    assert not like("a${*}b${?}c${$}{d}", "axbyc${d}", lookup)


def test_a_default_counts_when_there_is_no_value() -> None:
    assert like("${aws:PrincipalTag/team, 'all'}/x", "all/x", _values().get)
    assert like("${aws:PrincipalTag/team, 'all'}/x", "red/x", {"aws:PrincipalTag/team": "red"}.get)


def test_a_variable_without_value_is_like_nothing() -> None:
    assert not like("*${aws:username}*", "anything", _values().get)


def test_the_user_name_is_the_users_and_sessions_have_none() -> None:
    home = document(statement(Resource=f"{BUCKET}/${{aws:username}}/*"))
    assert allowed(ask(user("bob"), resource=f"{BUCKET}/bob/x"), home)
    assert not allowed(ask(user("bob"), resource=f"{BUCKET}/eve/x"), home)
    assert not allowed(ask(session(), resource=f"{BUCKET}/bob/x"), home)


def test_variables_have_no_meaning_in_the_version_of_2008() -> None:
    home = document(statement(Resource=f"{BUCKET}/${{aws:username}}/*"), version="2008-10-17")
    assert not allowed(ask(user("bob"), resource=f"{BUCKET}/bob/x"), home)
    assert allowed(ask(user("bob"), resource=f"{BUCKET}/${{aws:username}}/x"), home)


@pytest.mark.parametrize("effect", ["Allow", "Deny"])
def test_an_unresolved_variable_in_not_resource_voids_the_statement(effect: str) -> None:
    others = document(
        statement(effect, Resource=None, NotResource=[f"{BUCKET}/${{aws:username}}/*", f"{BUCKET}/q"]),
        *([statement()] if effect == "Deny" else []),
    )
    assert allowed(ask(session()), others) is (effect == "Deny")
    assert allowed(ask(user()), others) is (effect == "Allow")


def test_not_action_and_not_resource_cover_all_else() -> None:
    all_but = document(statement(action=None, NotAction="s3:Delete*", Resource=None, NotResource=f"{BUCKET}/secret/*"))
    assert allowed(ask(user(), "s3:GetObject"), all_but)
    assert not allowed(ask(user(), "s3:DeleteObject"), all_but)
    assert not allowed(ask(user(), "s3:GetObject", f"{BUCKET}/secret/x"), all_but)
