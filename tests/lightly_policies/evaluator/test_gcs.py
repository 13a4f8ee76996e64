"""Decisions on Cloud Storage requests: members, roles, conditions, and what cannot be evaluated."""

import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lightly_policies.evaluator.gcs import Binding, Condition, MalformedConditionError, Request, check, decide, denial

COW = "serviceAccount:cows@acme-ml.iam.gserviceaccount.com"
OTHER = "serviceAccount:other@acme-ml.iam.gserviceaccount.com"
READER = "projects/acme-ml/roles/reader"
ROLES = {READER: frozenset({"storage.objects.get", "storage.objects.list"})}
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
BELOW = 'resource.name.startsWith("projects/_/buckets/frames/objects/cows/")'
LISTED = 'api.getAttribute("storage.googleapis.com/objectListPrefix", "").startsWith("cows/")'


def ask(member: str = COW, permission: str = "storage.objects.get", **more: Any) -> Request:
    target: dict[str, Any] = {"bucket": "frames", "time": NOON}
    if permission == "storage.objects.get":
        target["object"] = "cows/1.png"
    return Request(member, permission, **{**target, **more})


def bound(expression: str | None = None, **more: Any) -> Binding:
    condition = Condition("below cows", expression) if expression is not None else None
    return Binding(**{"role": READER, "members": (COW,), "condition": condition, "bucket": "frames", **more})


def allowed(expression: str, request: Request | None = None) -> bool:
    return decide(request or ask(), [bound(expression)], ROLES).allowed


def test_a_binding_gives_its_members_the_permissions_of_its_role_and_no_others() -> None:
    decision = decide(ask(), [bound()], ROLES)
    assert (decision.allowed, decision.statement) == (True, f"frames/{READER}")
    assert not decide(ask(OTHER), [bound()], ROLES).allowed
    assert not decide(ask(permission="storage.objects.delete", object="cows/1.png"), [bound()], ROLES).allowed
    assert not decide(ask(), [bound()], {}).allowed, "a role that is gone grants nothing"


def test_without_a_binding_the_reason_names_member_and_permission() -> None:
    decision = decide(ask(OTHER), [], ROLES)
    assert decision.statement is None
    assert decision.reason == f"no binding gives {OTHER} storage.objects.get"


def test_a_binding_of_another_bucket_does_not_count_and_one_of_the_project_does() -> None:
    assert not decide(ask(bucket="frames-other"), [bound()], ROLES).allowed
    assert decide(ask(bucket="frames-other"), [bound(bucket=None)], ROLES).allowed


@pytest.mark.parametrize(
    ("members", "anonymous", "known"),
    [(("allUsers",), True, True), (("allAuthenticatedUsers",), False, True), (("group:all@acme.com",), False, False)],
)
def test_everyone_is_everyone_and_the_signed_in_have_a_name(
    members: tuple[str, ...], anonymous: bool, known: bool
) -> None:
    public = bound(members=members)
    assert decide(ask(""), [public], ROLES).allowed is anonymous
    assert decide(ask(OTHER), [public], ROLES).allowed is known


def test_names_of_members_have_no_case_and_a_deleted_member_is_nobody() -> None:
    assert decide(ask(COW.replace("cows", "Cows")), [bound()], ROLES).allowed
    gone = f"deleted:{COW}?uid=123456789012345678901"
    assert not decide(ask(), [bound(members=(gone,))], ROLES).allowed


def test_a_condition_on_object_names_binds_objects_and_denies_listing() -> None:
    assert allowed(BELOW)
    assert not allowed(BELOW, ask(object="cows-other/1.png"))
    assert not allowed(BELOW, ask(permission="storage.objects.list", prefix="cows/"))


def test_listing_is_bound_by_its_prefix_which_no_other_request_has() -> None:
    for prefix, yes in {"cows/": True, "cows/deep/": True, "cows": False, "": False, "cows-other/": False}.items():
        assert allowed(LISTED, ask(permission="storage.objects.list", prefix=prefix)) is yes
    assert not allowed(LISTED, ask(prefix="cows/")), "the prefix of what is no listing does not count"


@pytest.mark.parametrize(
    ("expression", "met"),
    [
        (f"{BELOW} || {LISTED}", True),
        (f"{BELOW} && !({LISTED})", True),
        ('resource.type == "storage.googleapis.com/Object" && resource.service == "storage.googleapis.com"', True),
        ('resource.type != "storage.googleapis.com/Bucket"', True),
        ('request.time < timestamp("2026-06-01T12:00:01Z")', True),
        ('request.time < timestamp("2026-06-01T11:59:59Z")', False),
        ('request.time.getHours("Europe/Berlin") == 14', True),
        ('resource.name.matches("objects/cows/[0-9]+[.]png$")', True),
        ('resource.name.endsWith(".png")', True),
        ('resource.name.extract("/objects/{herd}/") == "cows"', True),
        ('resource.name.extract("{all}/buckets") == "projects/_"', True),
        ('resource.name.extract("/objects/{rest}") == "cows/1.png"', True),
        ('resource.name.extract("/nowhere/{x}/") == ""', True),
        ('resource.name.extract("/objects/{x}/never") == ""', True),
        ('api.getAttribute("iam.googleapis.com/modifiedGrantsByRole", "none") == "none"', True),
    ],
)
def test_expressions_are_evaluated(expression: str, met: bool) -> None:
    assert allowed(expression) is met


@pytest.mark.parametrize(
    "expression",
    [
        'resource.matchTag("acme/env", "prod")',
        'destination.port == 21 || request.path.startsWith("/")',
        '"true"',
        "1",
        "resource.name",
        'resource.name.extract("no braces") == ""',
        'resource.name.getAttribute("a", "b") == "b"',
        "1 / 0 == 1",
        "true &&",
        "",
        "[",
        "!" * 3000 + "true",
    ],
)
def test_what_cannot_be_evaluated_grants_nothing(expression: str) -> None:
    decision = decide(ask(), [bound(expression)], ROLES)
    assert not decision.allowed
    assert "condition" in decision.reason


def test_the_part_that_can_be_evaluated_still_counts() -> None:
    assert allowed(f"destination.port == 21 || {BELOW}")
    assert not allowed(f"destination.port == 21 && {BELOW}")


def test_one_binding_that_applies_is_enough() -> None:
    assert decide(ask(), [bound("false"), bound(BELOW)], ROLES).allowed
    assert "below cows" in (decide(ask(), [bound(BELOW)], ROLES).statement or "")


def test_a_condition_that_is_no_cel_is_told() -> None:
    check(Condition("fine", BELOW))
    with pytest.raises(MalformedConditionError, match="expected a CEL expression"):
        check(Condition("broken", "resource.name.startsWith("))


def test_a_denial_reads_as_cloud_storages() -> None:
    assert denial(ask()) == (
        "cows@acme-ml.iam.gserviceaccount.com does not have storage.objects.get access to the Google Cloud Storage "
        "object. Permission 'storage.objects.get' denied on resource (or it may not exist)."
    )
    assert denial(ask("", "storage.objects.list")).startswith("Anonymous caller does not have storage.objects.list")
    assert " bucket. " in denial(ask(permission="storage.objects.list"))


def test_many_threads_may_ask_about_many_conditions_at_once() -> None:
    def work(number: int) -> bool:
        herd = number % 40
        binding = bound(f'resource.name.startsWith("projects/_/buckets/frames/objects/herd-{herd}/")')
        asked = [decide(ask(object=f"herd-{other}/1.png"), [binding], ROLES).allowed for other in (herd, herd + 1)]
        return asked == [True, False]

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(400)))


def test_evaluating_leaves_the_recursion_limit_of_the_process_alone() -> None:
    before = sys.getrecursionlimit()
    allowed("1 == 1 || 2 == 2")
    assert sys.getrecursionlimit() == before


@given(st.text(max_size=40), st.text(max_size=20))
def test_no_expression_makes_the_evaluator_fail(expression: str, name: str) -> None:
    assert decide(ask(object=name), [bound(expression)], ROLES).allowed in (True, False)
