"""Google Cloud: role and binding are exactly what a purpose needs, and the proof objects to any other."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from lightly_policies.case import CAPABILITIES
from lightly_policies.cases_gcs import MEMBER, PERMISSIONS
from lightly_policies.evaluator.gcs import Condition, check
from lightly_policies.proof import Proof
from lightly_policies.proof_gcs import MalformedGrantError, _clauses, prove_gcs
from lightly_policies.render_gcs import EXPRESSION_LIMIT, gcs_binding, gcs_role
from lightly_policies.rendering import UnrenderableDocumentError

from tests.lightly_policies.spaces import PATHS, PURPOSES

ROLE = "projects/acme-ml/roles/lightly.input"
BUCKET, PATH = "acme.frames_1", "projects/herd-animals/"
EXPECTED = {"INPUT": {"list", "read"}, "LIGHTLY": set(CAPABILITIES)}
BUCKETS = st.from_regex(r"[a-z0-9][a-z0-9._-]{1,30}[a-z0-9]", fullmatch=True)


def role(purpose: str, **changed: Any) -> str:
    return json.dumps({**json.loads(gcs_role(purpose)), "name": ROLE, **changed})


def binding(bucket: str = BUCKET, path: str = PATH) -> str:
    return gcs_binding(bucket, path, role=ROLE, member=MEMBER)


def changed(expression: str | None, **parts: Any) -> str:
    """Our binding with another expression (None: no condition) or another part."""
    body = json.loads(binding())
    if expression is None:
        body["condition"] = None
    else:
        body["condition"]["expression"] = expression
    return json.dumps({**body, **parts})


def prove(purpose: str, *, role_text: str | None = None, binding_text: str | None = None) -> Proof:
    return prove_gcs(purpose, BUCKET, PATH, role=role_text or role(purpose), binding=binding_text or binding())


def evaluated(proof: Proof) -> list[str]:
    """What the evaluator alone objects to."""
    return [outcome.sentence for outcome in proof.outcomes if not outcome.ok]


@given(PURPOSES, BUCKETS, PATHS)
def test_our_own_documents_prove_exactly_their_purpose(purpose: str, bucket: str, path: str) -> None:
    proof = prove_gcs(purpose, bucket, path, role=role(purpose), binding=binding(bucket, path))
    assert proof.unexpected == ()
    assert {name for name, actual in proof.capabilities.items() if actual} == EXPECTED[purpose]


@pytest.mark.parametrize("purpose", ["INPUT", "LIGHTLY"])
def test_a_role_has_exactly_the_permissions_that_lightly_states(purpose: str) -> None:
    body = json.loads(gcs_role(purpose))
    assert set(body["includedPermissions"]) == PERMISSIONS[purpose]
    assert body["stage"] == "GA"
    assert len(body["title"].encode()) <= 100
    assert len(body["description"].encode()) <= 256


def test_the_condition_reads_as_a_reviewer_expects_it() -> None:
    condition = json.loads(gcs_binding("frames", 'a"b\\c/', role=ROLE, member=MEMBER))["condition"]
    assert condition["expression"] == (
        r'resource.name.startsWith("projects/_/buckets/frames/objects/a\"b\\c/")'
        r' || api.getAttribute("storage.googleapis.com/objectListPrefix", "") == "a\"b\\c"'
        r' || api.getAttribute("storage.googleapis.com/objectListPrefix", "").startsWith("a\"b\\c/")'
    )
    assert len(condition["title"]) <= 100


def test_the_whole_bucket_has_no_condition() -> None:
    assert json.loads(binding(path=""))["condition"] is None
    limited = json.dumps({**json.loads(binding(path="")), "condition": {"title": "t", "expression": "true"}})
    proof = prove_gcs("INPUT", BUCKET, "", role=role("INPUT"), binding=limited)
    assert proof.unexpected == ("narrower: the binding has a condition, expected none for the whole bucket",)


@given(BUCKETS, PATHS)
def test_documents_are_canonical_and_their_conditions_cel(bucket: str, path: str) -> None:
    text = binding(bucket, path)
    body = json.loads(text)
    assert text == json.dumps(body, sort_keys=True, separators=(",", ":"))
    if body["condition"]:
        check(Condition(**body["condition"]))


@given(PATHS, PATHS)
def test_the_grant_of_one_path_is_no_grant_of_another(path: str, other: str) -> None:
    assume(path and not other.startswith(path))
    proof = prove_gcs("INPUT", BUCKET, other, role=role("INPUT"), binding=binding(path=path))
    assert evaluated(proof)
    assert proof.unexpected


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"bucket": "Frames"}, "bucket: got 'Frames'"),
        ({"path": "cows"}, "expected a directory such as"),
        ({"path": "a/../b/"}, "expected a directory such as"),
        ({"path": "a\nb/"}, "expected a directory such as"),
        ({"role": "roles/storage.admin"}, "role: got"),
        ({"member": "allUsers"}, "member: got"),
        ({"member": "serviceAccount:a@b,allUsers"}, "member: got"),
        ({"path": "a" * 700 + "/"}, f"expected at most {EXPRESSION_LIMIT}"),
    ],
)
def test_a_value_that_would_widen_a_binding_or_not_be_stored_is_refused(arguments: dict[str, str], said: str) -> None:
    given = {"bucket": "frames", "path": "cows/", "role": ROLE, "member": MEMBER, **arguments}
    with pytest.raises(UnrenderableDocumentError, match="binding") as refused:
        gcs_binding(given.pop("bucket"), given.pop("path"), **given)
    assert said in str(refused.value)


def test_a_purpose_that_is_none_is_refused() -> None:
    with pytest.raises(UnrenderableDocumentError, match="INPUT or LIGHTLY"):
        gcs_role("OUTPUT")
    with pytest.raises(ValueError, match="INPUT or LIGHTLY"):
        prove("OUTPUT", role_text=role("INPUT"))


MORE = (
    *("storage.objects.setIamPolicy", "storage.buckets.setIamPolicy", "storage.buckets.get", "storage.buckets.delete"),
    *("storage.objects.*", "iam.serviceAccountKeys.create", "storage.hmacKeys.create", "storage.buckets.list"),
)


@pytest.mark.parametrize("purpose", ["INPUT", "LIGHTLY"])
@pytest.mark.parametrize("permission", [*MORE, *sorted(PERMISSIONS["LIGHTLY"])])
def test_every_permission_more_or_less_is_objected_to(purpose: str, permission: str) -> None:
    own = PERMISSIONS[purpose]
    wider = permission not in own
    other = own | {permission} if wider else own - {permission}
    proof = prove(purpose, role_text=role(purpose, includedPermissions=sorted(other)))
    assert proof.unexpected
    assert {sentence.split(":")[0] for sentence in proof.unexpected} == {"wider" if wider else "narrower"}
    assert any(permission in sentence for sentence in proof.unexpected)


@pytest.mark.parametrize(("purpose", "other"), [("INPUT", "LIGHTLY"), ("LIGHTLY", "INPUT")])
def test_the_role_of_one_purpose_is_not_that_of_the_other(purpose: str, other: str) -> None:
    proof = prove(purpose, role_text=role(other))
    assert evaluated(proof)
    assert {name for name, actual in proof.capabilities.items() if actual} >= EXPECTED["INPUT"]
    assert proof.capabilities["overwrite"] is (other == "LIGHTLY")


def test_an_overwrite_needs_create_and_delete() -> None:
    some = sorted({*PERMISSIONS["INPUT"], "storage.objects.create"})
    proof = prove("INPUT", role_text=role("INPUT", includedPermissions=some))
    assert (proof.capabilities["write"], proof.capabilities["overwrite"]) == (True, False)


CLAUSES = json.loads(binding())["condition"]["expression"].split(" || ")


def expressions() -> Iterator[tuple[str, str | None]]:
    """Other conditions, each a change that somebody could make; all of them mean something else."""
    whole = " || ".join(CLAUSES)
    yield "none", None
    for index, clause in enumerate(CLAUSES):
        rest = [*CLAUSES[:index], *CLAUSES[index + 1 :]]
        yield f"without {index}", " || ".join(rest)
        yield f"{index} negated", " || ".join([*rest, f"!({clause})"])
        yield f"{index} with its end open", " || ".join([*rest, clause.replace('animals/")', 'animals")')])
        yield f"{index} one level up", " || ".join([*rest, clause.replace("herd-animals", "")])
        yield f"{index} anywhere", " || ".join([*rest, clause.replace("startsWith", "contains")])
        yield f"{index} at the end", " || ".join([*rest, clause.replace("startsWith", "endsWith")])
        yield f"{index} of another bucket", " || ".join([*rest, clause.replace("acme.frames_1", "acme.frames")])
    yield "all of them", " && ".join(CLAUSES)
    yield "or always", f"{whole} || true"
    yield "or any object", f'{whole} || resource.type == "storage.googleapis.com/Object"'
    yield "or another directory", f'{whole} || resource.name.startsWith("projects/_/buckets/acme.frames_1/objects/x/")'
    yield "or before some day", f'{whole} || request.time < timestamp("2020-01-01T00:00:00Z")'
    yield "until some day", f'({whole}) && request.time < timestamp("2030-01-01T00:00:00Z")'
    yield "not CEL", f"{whole} ||"
    yield "otherwise", f"{whole} ? true : true"


MUTANTS = [
    (what, text) for what, text in expressions() if text is None or sorted(text.split(" || ")) != sorted(CLAUSES)
]
NOT_ASKED = ("or another directory", "or before some day", "0 anywhere")
"""Places and times that no case asks about: comparing the clauses tells them."""


@pytest.mark.parametrize("purpose", ["INPUT", "LIGHTLY"])
@pytest.mark.parametrize(("what", "expression"), [pytest.param(*mutant, id=mutant[0]) for mutant in MUTANTS])
def test_every_change_of_the_condition_is_objected_to(purpose: str, what: str, expression: str | None) -> None:
    proof = prove(purpose, binding_text=changed(expression))
    assert proof.unexpected
    if what not in NOT_ASKED:
        assert evaluated(proof), "the evaluator sees it too"


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("bucket", "acme.frames_1-other"),
        ("role", "roles/storage.admin"),
        ("member", "allUsers"),
        ("member", "allAuthenticatedUsers"),
        ("member", "serviceAccount:stranger@acme.iam.gserviceaccount.com"),
        ("member", "group:everybody@acme.com"),
    ],
)
def test_another_bucket_role_or_member_is_objected_to(part: str, value: str) -> None:
    proof = prove("INPUT", binding_text=json.dumps({**json.loads(binding()), part: value}))
    assert any(f"the binding's {part} is {value}" in sentence for sentence in proof.unexpected)
    assert evaluated(proof)


def test_a_quote_in_a_path_does_not_open_the_condition() -> None:
    path = 'x") || true || resource.name.startsWith("/'
    proof = prove_gcs("INPUT", BUCKET, path, role=role("INPUT"), binding=binding(path=path))
    assert proof.ok
    careless = json.loads(binding(path=path))
    careless["condition"]["expression"] = careless["condition"]["expression"].replace('\\"', '"')
    assert evaluated(prove_gcs("INPUT", BUCKET, path, role=role("INPUT"), binding=json.dumps(careless)))


def test_the_sentences_say_what_was_tried() -> None:
    proof = prove("INPUT", binding_text=changed(CLAUSES[0].replace('animals/")', 'animals")')))
    assert any(
        sentence.startswith("wider: read a file of a sibling whose name starts alike, 'projects/herd-animals-other/'")
        for sentence in proof.unexpected
    )


def test_each_capability_has_cases_inside_and_outside_the_path() -> None:
    proof = prove("LIGHTLY")
    for capability in CAPABILITIES:
        about = [outcome.case for outcome in proof.outcomes if outcome.case.capability == capability]
        assert {str(case.place) for case in about} == {"inside", "beside", "elsewhere"}
        assert {case.inside for case in about} == {True, False}
    assert len({outcome.case.name for outcome in proof.outcomes}) == len(proof.outcomes)


@pytest.mark.parametrize("text", ["[]", "{}", '{"name": "x"}'])
def test_a_document_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(MalformedGrantError, match="role"):
        prove("INPUT", role_text=text)
    with pytest.raises(MalformedGrantError, match="binding"):
        prove("INPUT", binding_text=text)


_OURS = json.loads(binding())["condition"]["expression"]
_NARROWS = st.sampled_from(
    ['request.time < timestamp("2030-01-01T00:00:00Z")', "true", 'resource.type == "x"', "(true || false)"]
)


@given(_NARROWS, _NARROWS, st.booleans())
def test_a_condition_that_says_more_with_and_is_no_wider(first: str, second: str, leading: bool) -> None:
    for whole in (
        f"{first} && ({_OURS})" if leading else f"({_OURS}) && {first}",
        " || ".join(f"({clause} && {first} && {second})" for clause in _clauses(_OURS)),
        f"(({_OURS}) && {first}) && {second}",
    ):
        assert not [each for each in prove("INPUT", binding_text=changed(whole)).unexpected if "also holds" in each]


@given(_NARROWS)
def test_a_condition_that_says_more_with_or_is_wider(other: str) -> None:
    for whole in (f"({_OURS}) || {other}", f"(({_OURS}) || {other}) && true", f"{other} && true || {_OURS}"):
        assert [each for each in prove("INPUT", binding_text=changed(whole)).unexpected if "also holds" in each]
