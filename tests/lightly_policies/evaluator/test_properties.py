"""Laws that hold whatever the policies say."""

import dataclasses
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from lightly_policies.evaluator.aws import Document, Policies, Principal, Request, decide

from tests.examples import examples
from tests.lightly_policies.evaluator.people import ANONYMOUS, BUCKET, OTHER, OWN, root, root_arn, session, user

_PEOPLE = [user(), user(account=OTHER), session(), session(account=OTHER), root(), root(OTHER), ANONYMOUS]
_NAMES = ["*", *({"AWS": name} for name in (user().arn, session().arn, str(session().role_arn), root_arn(), OTHER))]
_CONDITIONS: list[dict[str, Any]] = [
    {},
    {"StringLike": {"s3:prefix": ["p/*", "${aws:username}/*"]}},
    {"StringNotEquals": {"aws:PrincipalTag/t": "x"}},
    {"Bool": {"aws:SecureTransport": "true"}},
    {"ForAllValues:StringEquals": {"aws:TagKeys": ["a"]}},
]
_ACTIONS = st.lists(st.sampled_from(["s3:*", "s3:GetObject", "s3:List*", "*", "s3:Put*"]), min_size=1, max_size=2)
_RESOURCES = st.lists(
    st.sampled_from(["*", BUCKET, f"{BUCKET}/*", f"{BUCKET}/p/*", f"{BUCKET}/${{aws:username}}/*"]),
    min_size=1,
    max_size=2,
)


def _statements(*, principal: bool, effects: tuple[str, ...] = ("Allow", "Allow", "Deny")) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries(
        {"Effect": st.sampled_from(effects), "Condition": st.sampled_from(_CONDITIONS)}
        | {"Action": _ACTIONS, "Resource": _RESOURCES}
        | ({"Principal": st.sampled_from(_NAMES)} if principal else {})
    )


def _bodies(*, principal: bool = False) -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(_statements(principal=principal), max_size=3)


_WRITTEN = st.fixed_dictionaries(
    {
        "identity": _bodies(),
        "boundary": st.none() | _bodies(),
        "session": st.none() | _bodies(),
        "resource": st.none() | _bodies(principal=True),
    }
)
Written = dict[str, list[dict[str, Any]] | None]


@st.composite
def _requests(draw: st.DrawFn) -> Request:
    action = draw(st.sampled_from(["s3:GetObject", "s3:PutObject", "s3:ListBucket"]))
    resource = BUCKET if action == "s3:ListBucket" else draw(st.sampled_from([f"{BUCKET}/p/x", f"{BUCKET}/bob/y"]))
    context = draw(
        st.fixed_dictionaries(
            {"aws:SecureTransport": st.sampled_from([("true",), ("false",)])},
            optional={
                "s3:prefix": st.sampled_from([("p/x",), ("bob/",), ("",)]),
                "aws:PrincipalTag/t": st.sampled_from([("x",), ("y",)]),
                "aws:TagKeys": st.sampled_from([("a",), ("a", "b")]),
            },
        )
    )
    return Request(draw(st.sampled_from(_PEOPLE)), action, resource, OWN, context)


def _allowed(request: Request, written: Written, name: str = "") -> bool:
    def made(place: str) -> Document | None:
        statements = written[place]
        return None if statements is None else Document(f"{name}{place}", {"Version": _V, "Statement": statements})

    identity = made("identity")
    assert identity is not None
    policies = Policies((identity,), made("boundary"), made("session"), made("resource"))
    return decide(request, policies).allowed


_V = "2012-10-17"
_PLACES = st.sampled_from(["identity", "boundary", "session", "resource"])


@examples(2)
@given(_requests(), _WRITTEN, _PLACES, st.data())
def test_adding_a_deny_never_allows_more(request: Request, written: Written, place: str, data: st.DataObject) -> None:
    deny = data.draw(_statements(principal=place == "resource", effects=("Deny",)))
    stricter = {**written, place: [*(written[place] or []), deny]}
    # A boundary or session policy that was not there would limit as well: that is stricter too.
    assert _allowed(request, written) or not _allowed(request, stricter)


@examples(2)
@given(_requests(), _WRITTEN)
def test_removing_an_allow_never_allows_more(request: Request, written: Written) -> None:
    before = _allowed(request, written)
    for place, statements in written.items():
        for index, statement in enumerate(statements or []):
            if statement["Effect"] == "Allow":
                less = {**written, place: [*statements[:index], *statements[index + 1 :]]}  # type: ignore[index]
                assert before or not _allowed(request, less)


@examples(2)
@given(_requests(), _WRITTEN, _bodies())
def test_a_boundary_or_session_policy_never_widens(
    request: Request, written: Written, limit: list[dict[str, Any]]
) -> None:
    for place in ("boundary", "session"):
        assert not _allowed(request, {**written, place: limit}) or _allowed(request, {**written, place: None})


@examples(2)
@given(_requests(), _WRITTEN)
def test_the_order_of_statements_is_irrelevant(request: Request, written: Written) -> None:
    turned = {place: statements and statements[::-1] for place, statements in written.items()}
    assert _allowed(request, turned) is _allowed(request, written)


@given(_requests(), _WRITTEN)
def test_names_of_documents_and_statements_are_irrelevant(request: Request, written: Written) -> None:
    named = {
        place: statements and [{**statement, "Sid": f"S{i}"} for i, statement in enumerate(statements)]
        for place, statements in written.items()
    }
    assert _allowed(request, named, "other ") is _allowed(request, written)


@given(_requests(), _WRITTEN)
def test_the_case_of_actions_and_condition_keys_is_irrelevant(request: Request, written: Written) -> None:
    shouted = dataclasses.replace(
        request,
        action=request.action.upper(),
        context={key.upper(): values for key, values in request.context.items()},
    )
    assert _allowed(shouted, written) is _allowed(request, written)


@examples(2)
@given(_requests(), _WRITTEN)
def test_another_account_needs_an_allow_of_the_resource(request: Request, written: Written) -> None:
    across = request.principal.account != OWN
    assert not across or not _allowed(request, {**written, "resource": None})


@given(st.sampled_from(_PEOPLE), _WRITTEN)
def test_every_decision_names_its_statement_or_says_that_none_allows(who: Principal, written: Written) -> None:
    identity = Document("grant", {"Version": _V, "Statement": written["identity"] or []})
    made = decide(Request(who, "s3:GetObject", f"{BUCKET}/p/x", OWN), Policies(identity=(identity,)))
    if made.statement:
        assert made.statement in {statement.name for statement in identity.statements}
    else:
        assert made.reason.startswith("no ") or who.kind == "root"
