"""From old state, goal and diff to steps: the planner asks nobody."""

import pytest
from lightly_sandbox.engine import graph, planner
from lightly_sandbox.engine.diffs import Diff, replace_on_changes
from lightly_sandbox.engine.goal import Goal
from lightly_sandbox.engine.planner import RefusedError
from lightly_sandbox.engine.state import Resource
from lightly_sandbox.engine.values import UNKNOWN, SecretValue

STACK = "urn:pulumi:test::p::pulumi:pulumi:Stack::p-test"
NONE, SOME, REPLACE = Diff("none"), Diff("some", diffs=("a",)), Diff("some", replaces=("a",))
FIRST = Diff("some", replaces=("a",), delete_before_replace=True)
GOAL = Goal("pkg:index:Thing", "it", custom=True)


def thing(name: str, *needs: str, parent: str = STACK, **fields: object) -> Resource:
    found = Resource(
        urn(name), "pkg:index:Thing", custom=True, id=name, parent=parent, dependencies=[urn(n) for n in needs]
    )
    for key, value in fields.items():
        setattr(found, key, value)
    return found


def urn(name: str) -> str:
    return f"urn:pulumi:test::p::pkg:index:Thing::{name}"


@pytest.mark.parametrize(
    ("old", "diff", "option", "expected"),
    [
        (thing("it"), NONE, None, "same"),
        (thing("it"), SOME, None, "update"),
        (thing("it"), REPLACE, None, "replace"),
        (thing("it"), FIRST, None, "delete-before-replace"),
        (thing("it"), FIRST, False, "replace"),
        (thing("it"), REPLACE, True, "delete-before-replace"),
        (thing("it", init_errors=["sick"]), NONE, None, "update"),
        (thing("it", pending_replacement=True), NONE, None, "replace"),
        (thing("it"), Diff("some", detail={"a.b": "update-replace"}), None, "replace"),
    ],
)
def test_what_happens_to_a_resource_that_exists(old: Resource, diff: Diff, option: bool | None, expected: str) -> None:
    goal = Goal("pkg:index:Thing", "it", custom=True, delete_before_replace=option)
    assert planner.verdict(old, diff, goal) == expected


def test_a_replacement_creates_first_and_leaves_the_deletion_for_later() -> None:
    old, new = thing("it"), thing("it")
    assert [(a.op, a.later) for a in planner.replacement(old, new, REPLACE)] == [
        ("create-replacement", True),
        ("replace", True),
    ]


def test_delete_before_replace_takes_the_dependents_with_it_last_first() -> None:
    old, new, one, two = thing("it"), thing("it"), thing("one", "it"), thing("two", "one")
    actions = planner.delete_before(old, new, FIRST, [one, two])
    assert [(a.op, a.resource) for a in actions] == [
        ("delete-replaced", two),
        ("delete-replaced", one),
        ("delete-replaced", old),
        ("replace", new),
        ("create-replacement", new),
    ]


def test_what_was_deleted_already_in_a_run_that_broke_off_is_not_deleted_again() -> None:
    old, new = thing("it", pending_replacement=True), thing("it")
    assert [a.op for a in planner.delete_before(old, new, FIRST, [])] == ["replace", "create-replacement"]


def test_protected_resources_are_neither_replaced_nor_deleted() -> None:
    old, new = thing("it", protect=True), thing("it", protect=True)
    with pytest.raises(RefusedError, match="unable to replace"):
        planner.refuse_protected(old, new)
    with pytest.raises(RefusedError, match="as part of replacing"):
        planner.delete_before(thing("root"), thing("root"), FIRST, [old])
    with pytest.raises(RefusedError, match="cannot be deleted"):
        planner.refuse_protected_deletion(old)
    planner.refuse_protected(old, thing("it"))  # unprotected and replaced in one run


@pytest.mark.parametrize(
    ("old", "operated", "expected"),
    [
        (thing("it"), True, None),
        (thing("it"), False, "delete"),
        (thing("it", delete=True), True, "delete-replaced"),
        (thing("it", delete=True, external=True), True, "discard-replaced"),
        (thing("it", external=True), False, "discard"),
        (thing("it", pending_replacement=True), False, "remove-pending-replace"),
    ],
)
def test_what_becomes_of_the_rest(old: Resource, operated: bool, expected: str | None) -> None:
    found = planner.deletion(old, operated=operated)
    assert (found and found.op) == expected


def test_who_is_asked_to_delete() -> None:
    assert planner.must_delete_really(thing("it"), set())
    assert not planner.must_delete_really(thing("it", retain_on_delete=True), set())
    assert not planner.must_delete_really(thing("it", external=True), set())
    assert not planner.must_delete_really(thing("it", deleted_with=urn("a")), {urn("a")})
    assert planner.must_delete_really(thing("it", deleted_with=urn("a")), {urn("b")})


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [("a", "b", True), ("a", "a", False), (None, "a", False), ("a", None, False), (SecretValue("a"), "a", False)],
)
def test_another_trigger_asks_for_a_replacement(before: object, now: object, expected: bool) -> None:
    old, new = thing("it", replacement_trigger=before), thing("it", replacement_trigger=now)
    assert planner.triggered(new, old, preview=False) is expected


def test_an_unknown_trigger_is_for_previews_only() -> None:
    old, new = thing("it", replacement_trigger="a"), thing("it", replacement_trigger=UNKNOWN)
    assert planner.triggered(new, old, preview=True)
    with pytest.raises(RefusedError, match="trigger contains unknowns"):
        planner.triggered(new, old, preview=False)


def test_an_imported_resource_is_not_replaced_while_the_program_names_its_id() -> None:
    goal = Goal("pkg:index:Thing", "it", custom=True, import_id="i")
    with pytest.raises(RefusedError, match="remove the `import`"):
        planner.refuse_imported(goal, preview=False)
    assert "remove the `import`" in planner.refuse_imported(goal, preview=True)
    assert planner.needs_import(goal, None)
    assert planner.needs_import(goal, thing("other"))
    assert not planner.needs_import(goal, thing("i"))
    assert not planner.needs_import(goal, thing("x", import_id="i"))


def test_deletions_go_in_rounds_dependents_first() -> None:
    a, b, c, d = thing("a"), thing("b", "a"), thing("c", "a"), thing("d", "b", "c")
    assert graph.deletion_rounds([a, b, c, d], [a, b, c, d]) == [[d], [b, c], [a]]
    assert graph.deletion_rounds([a, b, c, d], [b, c]) == [[b, c]]


def test_a_parent_is_deleted_after_its_child() -> None:
    parent = thing("parent")
    child = thing("child", parent=urn("parent"))
    assert graph.deletion_rounds([parent, child], [parent, child]) == [[child], [parent]]


def test_depending_on_a_component_is_depending_on_what_is_in_it() -> None:
    group = Resource(urn("group"), "pkg:index:Group", custom=False)
    inside, after = thing("inside", parent=urn("group")), thing("after", "group")
    assert graph.dependencies([group, inside, after], after) == {group, inside}


def test_a_refresh_that_finds_something_gone_repairs_what_pointed_at_it() -> None:
    a, b = thing("a"), thing("b", parent=urn("a"))
    c = thing("c", "a", deleted_with=urn("a"), property_dependencies={"x": [urn("a")], "y": [urn("b")]})
    stack = Resource(STACK, "pulumi:pulumi:Stack", custom=False)
    planner.repair_parents([stack, a, b, c], [stack, b, c])
    planner.repair_dependencies([stack, b, c])
    assert (b.parent, c.dependencies, c.deleted_with) == (STACK, [], "")
    assert c.property_dependencies == {"y": [urn("b")]}


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [(["a"], ("a",)), (["a.b"], ()), (["*"], ("a",)), (["c"], ())],
)
def test_replace_on_changes_turns_a_change_into_a_replacement(wanted: list[str], expected: tuple[str, ...]) -> None:
    assert replace_on_changes(SOME, wanted, init_errors=False).replaces == expected


def test_replace_on_changes_leaves_an_unchanged_resource_alone() -> None:
    assert not replace_on_changes(NONE, ["*"], init_errors=False).replace
    assert replace_on_changes(NONE, ["*"], init_errors=True).replaces == ("#initerror",)
