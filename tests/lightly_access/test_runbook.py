"""The runbook: every cause has an entry, every address that is named exists, and the page is current."""

import ast
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lightly_access import runbook
from lightly_access.explain import explain
from lightly_access.kinds import registry
from lightly_access.kinds.cause import RedLight
from lightly_access.kinds.registry import verified_access
from lightly_access.kinds.verified import VerifiedAccess
from lightly_access.lightly_causes import LIGHTLY
from lightly_api.datasources import Permissions
from lightly_cli.main import main
from lightly_core.capability import Capability, Purpose
from lightly_core.hint import hint_of, with_hint, without_hint
from lightly_provider.registered import Registered, another_one
from lightly_provider.verification.diagnose import diagnose
from lightly_provider.verification.lights import Datasource, evaluate

from tests.lightly_access.test_explain import LIGHTS, TEXTS

ROOT = Path(__file__).parents[2]
ENTRIES = runbook.entries()
CONSTRAINTS = ["constraints/iam.disableServiceAccountKeyCreation", "constraints/storage.softDeletePolicySeconds"]
CONSTRAINTS += ["constraints/storage.secureHttpTransport", "constraints/compute.never.heard"]
ACCESSES = [
    verified_access(kind.name, access.name, path, "someone", external=external)
    for kind, path in zip(
        registry.ROWS,
        ("s3://a/b/", "azure://acct/box/b/", "gs://a/b/", "obs://a/b/", "local://input_mount/b/"),
        strict=True,
    )
    for access in kind.accesses
    for external in (False, True)
]


def test_the_page_is_what_the_tables_make_of_it() -> None:
    """`python -m lightly_access.runbook > docs/runbook.md` makes it so."""
    assert (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8") == runbook.page()


def test_every_sign_that_is_written_down_has_an_entry_of_its_name() -> None:
    """Also one that no table holds yet."""
    named = set()
    for file in (ROOT / "components" / "lightly_access").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("Sign", "Known"):
                named |= {each.value for each in node.args[:1] if isinstance(each, ast.Constant)}
    assert len(named) > 200
    assert named <= ENTRIES.keys()


def test_an_address_is_the_anchor_that_its_heading_has() -> None:
    """https://docs.github.com/get-started/writing-on-github: small letters, hyphens for blanks."""
    headings = re.findall(r"^### (.*)$", runbook.page(), re.MULTILINE)
    assert headings == list(dict.fromkeys(headings)), "a second heading of the same text has another anchor"
    assert set(headings) == ENTRIES.keys()
    assert all(re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", name) for name in headings)


def test_one_address_says_one_thing_is_wrong() -> None:
    said: dict[str, set[str]] = {}
    of_kinds = [known for kind in registry.ROWS for known, _ in kind.causes().known()]
    for known in (*of_kinds, *(known for known, _ in LIGHTLY.known())):
        said.setdefault(known.name, set()).add(known.text.replace("<container>", "<bucket>"))
    assert {name: texts for name, texts in said.items() if len(texts) > 1} == {}


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)
def test_an_entry_says_what_is_wrong_and_what_to_do_and_leaves_no_name_open(entry: runbook.Entry) -> None:
    assert entry.text
    assert all(entry.fixes)
    assert not re.search(r"[{}]", entry.text + "".join(entry.fixes))


@pytest.mark.parametrize(("access", "words"), [(case[0], case[1]) for case in LIGHTS], ids=[case[2] for case in LIGHTS])
def test_a_red_light_names_an_entry(access: VerifiedAccess, words: str) -> None:
    for proof in (None, True):
        red = RedLight(Purpose.LIGHTLY, Capability.DELETE, True, False, access, proof, words)
        assert diagnose(red).name in ENTRIES


@given(
    access=st.sampled_from(ACCESSES),
    purpose=st.sampled_from(Purpose),
    capability=st.sampled_from(Capability),
    expected=st.booleans(),
    actual=st.sampled_from([True, False, None]),
    proof=st.sampled_from([True, False, None]),
    words=st.sampled_from(["", "(Odd) something else", "AccessDenied", "403 Forbidden"]),
    by_probe=st.booleans(),
)
def test_whatever_is_red_its_cause_has_an_entry(
    access: VerifiedAccess,
    purpose: Purpose,
    capability: Capability,
    expected: bool,
    actual: bool | None,
    proof: bool | None,
    words: str,
    by_probe: bool,
) -> None:
    cause = diagnose(RedLight(purpose, capability, expected, actual, access, proof, words, by_probe=by_probe))
    assert cause.name in ENTRIES
    assert "{" not in cause.text + cause.fix
    kind = registry.kind_of(access.kind).causes()
    assert kind.beyond(access, ("write",)).name in ENTRIES


@pytest.mark.parametrize("access", ACCESSES, ids=lambda access: f"{access.access.name} {access.external}")
def test_every_sentence_of_a_verification_names_its_entry_on_a_line_of_its_own(
    access: VerifiedAccess,
) -> None:
    proof = {} if access.external else dict.fromkeys(Capability, True)
    refused = Permissions({Capability.READ: False, Capability.LIST: True}, {Capability.READ: "AccessDenied"})
    source = {Purpose.INPUT: Datasource(access, proof)}
    other = another_one(None, Registered("s3", "user", "s3://a/", ""))
    another = another_one(Registered("s3", "user", "s3://c/", "x"), Registered("s3", "user", "s3://a/", ""))
    verdicts = [evaluate("cows", refused, source)]
    verdicts += [evaluate("cows", refused, source, others={Purpose.INPUT: each}) for each in (other, another)]
    for verdict in verdicts:
        assert verdict.reasons
        for reason in verdict.reasons:
            *_, hint, more = reason.splitlines()
            assert hint.startswith("hint: ")
            assert more.removeprefix("runbook: lightly-access explain --cause ") in ENTRIES
        lights = [light for row in verdict.lights.values() for light in row.values()]
        assert all(light.ok or light.runbook in ENTRIES for light in lights)


def test_every_explanation_names_its_entry() -> None:
    for words in [*(words for words, _ in TEXTS), *CONSTRAINTS]:
        for found in explain(words):
            assert found.runbook in ENTRIES, found


def test_a_page_that_links_to_an_entry_links_to_one_that_is_there() -> None:
    for page in (*(ROOT / "docs").rglob("*.md"), ROOT / "README.md"):
        for name in re.findall(r"runbook\.md#([\w-]+)", page.read_text(encoding="utf-8")):
            assert name in ENTRIES, page


def test_a_message_comes_apart_as_it_was_put_together() -> None:
    told = with_hint("it is wrong", "mend it", "store-busy")
    assert told == "it is wrong\nhint: mend it\nrunbook: lightly-access explain --cause store-busy"
    assert (without_hint(told), hint_of(told)) == ("it is wrong", "mend it")
    assert without_hint(with_hint("it is wrong", None, "store-busy")) == "it is wrong"


def test_the_verb_prints_an_entry_and_helps_with_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["explain", "--cause", "s3-object-lock"])
    out, _ = capsys.readouterr()
    assert not ended.value.code
    assert out.startswith("s3-object-lock (AWS)\nObject Lock")
    assert "\nhint: use another bucket" in out
    with pytest.raises(SystemExit) as ended:
        main(["explain", "--cause", "s3-object-loc"])
    assert ended.value.code == 2
    assert "did you mean 's3-object-lock'?" in capsys.readouterr().err
