"""Whatever a service says, the same is known behind a red light and in any text; and waiting is for what may pass."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lightly_access.explain import explain
from lightly_access.kinds import registry
from lightly_access.kinds.cause import RedLight
from lightly_access.kinds.causes import UNNAMED, Tree
from lightly_access.kinds.local import causes as local_causes
from lightly_access.kinds.registry import verified_access
from lightly_access.kinds.verified import VerifiedAccess
from lightly_cli.main import app
from lightly_core.capability import Capability, Purpose
from lightly_provider.verification.diagnose import diagnose
from typer.testing import CliRunner

from tests.lightly_access import refusals_said as said
from tests.lightly_provider.test_diagnose_clouds import AZURE, GOOGLE
from tests.lightly_provider.verification.test_diagnose import CAUSES

ROLE = verified_access("s3", "delegated", "s3://results/cows/", "arn:aws:iam::123456789012:role/lightly/cows")
USER = verified_access("s3", "user", "s3://results/cows/", "AKIAIOSFODNN7EXAMPLE")
ACCESSES = [
    (ROLE, said.S3),
    (verified_access("azure", "sas", "azure://acmephotos/datalake/cows/", "acmephotos/datalake/a"), said.AZURE),
    (
        verified_access("azure", "sas", "azure://acmephotos/datalake/cows/", "acmephotos/datalake/user-delegation"),
        said.AZURE[:0],  # of its own words there is one, which another token has with another meaning
    ),
    (verified_access("gcs", "service_account", "gs://acme-frames/cows/", "a@b.iam.gserviceaccount.com"), said.GCS),
    (verified_access("obs", "key", "obs://lake/cows/", "AKIAIOSFODNN7EXAMPLE", external=True), said.OBS),
    (verified_access("local", "mount", "local://input/cows/", ""), said.LOCAL),
]
LIGHTS = [(access, *case) for access, cases in ACCESSES for case in cases]
TEXTS = [*((words, cause) for _, words, cause, _ in LIGHTS), *said.DEPLOYING, *said.LIGHTLY]
WRAPPINGS = (
    "{}",
    "error: 1 error occurred:\n\t* creating X: {}\n\n",
    'Traceback (most recent call last):\n  File "a.py", line 1\nbotocore.exceptions.ClientError: {}',
    "2026-11-28T10:00:00Z ERROR worker {}",
    "dataset 'cows', INPUT, list (should be possible): something (Lightly says: {})\nhint: do something",
    '{{\n  "error": {{\n    "code": 400,\n    "message": "{}"\n  }}\n}}',
)
FINE = """
Updating (prod):
 +  pulumi:pulumi:Stack acme-prod creating (0s)
 +  lightly:index:ExternalId cows-external-id created (0.50s)
 +  aws:kms:Key lake-key created (12s)
 +  aws:iam:Role cows-INPUT-role created (403s)
Outputs:
    lights: "cows: list, read as expected"
Resources:
    + 403 created
    500 unchanged
Duration: 1m3s
"""


def red(access: VerifiedAccess, words: str, *, proof: bool | None = None, by_probe: bool = False) -> RedLight:
    return RedLight(Purpose.LIGHTLY, Capability.DELETE, True, False, access, proof, words, by_probe=by_probe)


@pytest.mark.parametrize(("access", "words", "text", "waits"), LIGHTS, ids=[case[2] for case in LIGHTS])
def test_a_red_light_has_the_cause_that_its_words_say_and_waits_only_for_what_may_pass(
    access: VerifiedAccess, words: str, text: str, waits: bool
) -> None:
    for proof in (None, True):
        cause = diagnose(red(access, words, proof=proof))
        assert text in cause.text
        assert cause.mendable_by_waiting is waits
        assert "{" not in cause.text + cause.fix


@pytest.mark.parametrize("kind", [kind.name for kind in registry.ROWS])
def test_every_sign_of_every_kind_is_reached_by_some_words_of_a_test(kind: str) -> None:
    words = [case[0] for cases in (CAUSES, AZURE, GOOGLE, *(cases for _, cases in ACCESSES)) for case in cases]
    accesses = [access for access in (*(access for access, _ in ACCESSES), USER) if access.kind == kind]
    causes = registry.kind_of(kind).causes()
    signs = causes.signs if isinstance(causes, Tree) else local_causes.SIGNS
    lights = [red(access, each, proof=proof) for access in accesses for each in words for proof in (True, None)]
    said_of = causes.said if isinstance(causes, Tree) else lambda light: {"mount": "m", "relative": "r"}
    reached = {next((i for i, sign in enumerate(signs) if sign.cause(light, said_of(light))), -1) for light in lights}
    assert [sign.words for i, sign in enumerate(signs) if i not in reached] == []


@pytest.mark.parametrize("kind", ["s3", "azure", "gcs"])
def test_every_refusal_of_whoever_deploys_is_reached_by_some_words_of_a_test(kind: str) -> None:
    causes = registry.kind_of(kind).causes()
    assert isinstance(causes, Tree)
    first = [
        next((i for i, sign in enumerate(causes.deploying) if sign.in_text(words, UNNAMED)), -1)
        for words, _ in said.DEPLOYING
    ]
    assert [sign.words for i, sign in enumerate(causes.deploying) if i not in first] == []


WRONG = {
    "s3": "An error occurred ({}) when calling the GetObject operation: words that nobody knows",
    "azure": "words that nobody knows\nRequestId:3c\nErrorCode:{} acmephotos.blob.core.windows.net",
    "gcs": '403 GET https://storage.googleapis.com/x: {{"error": {{"reason": "{}"}}}}',
    "obs": "obs://lake: Server returned non-2xx status code: 403 Forbidden: <Error><Code>{}</Code></Error>",
}
CODES = st.builds(
    "{}{}".format,
    st.sampled_from(["Invalid", "Malformed", "Missing", "Illegal", "Unsupported"]),
    st.sampled_from(["Zebra", "ZebraName", "HoofCount", "Stripe"]),
)


def light(kind: str, words: str, proof: bool | None) -> RedLight:
    return red(next(access for access, _ in ACCESSES if access.kind == kind), words, proof=proof)


@given(st.sampled_from([*WRONG]), CODES, st.sampled_from([None, True]))
def test_words_that_nobody_knows_do_not_wait_when_their_code_says_that_the_request_is_wrong(
    kind: str, code: str, proof: bool | None
) -> None:
    cause = diagnose(light(kind, WRONG[kind].format(code), proof))
    assert not cause.mendable_by_waiting
    assert "refuses it" in cause.text or "cannot do it" in cause.text, "and nobody guesses that a right is missing"


@given(
    st.sampled_from([*WRONG]),
    st.integers(400, 599),
    st.sampled_from(["{} Odd", "status code: {}", "(odd) StatusCode: {}", "Error {}: odd", "HTTP {}"]),
)
def test_words_that_nobody_knows_wait_by_their_status(kind: str, status: int, words: str) -> None:
    waits = status in {401, 403, 404, 408, 409, 423, 425, 429} or (status >= 500 and status not in {501, 505})
    assert diagnose(light(kind, words.format(status), None)).mendable_by_waiting is waits


@pytest.mark.parametrize("words", ["", "odd", "took 412 ms", "object 412 of 900", "(AccessDeniedException) status 400"])
def test_words_that_say_nothing_of_it_wait(words: str) -> None:
    for kind in WRONG:
        assert diagnose(light(kind, words, None)).mendable_by_waiting


@pytest.mark.parametrize(("words", "waits"), [("[Errno 22] Invalid argument", False), ("[Errno 16] busy", True)])
def test_a_folder_waits_by_the_system_s_number(words: str, waits: bool) -> None:
    assert diagnose(light("local", words, None)).mendable_by_waiting is waits


@given(st.sampled_from(TEXTS), st.sampled_from(WRAPPINGS), st.booleans(), st.booleans())
def test_the_same_is_known_of_the_words_in_any_text(
    case: tuple[str, str], wrapping: str, before: bool, after: bool
) -> None:
    words, text = case
    found = explain(f"{FINE if before else ''}{wrapping.format(words)}{FINE if after else ''}")
    assert [text in each.cause for each in found] == [True], found
    assert all(each.name and each.hint and "{" not in each.cause + each.hint for each in found)


@given(st.lists(st.sampled_from(TEXTS), unique=True, min_size=2, max_size=4))
def test_of_several_refusals_each_is_explained(cases: list[tuple[str, str]]) -> None:
    found = explain("\n\n".join(words for words, _ in cases))
    for _, text in cases:
        assert any(text in each.cause for each in found), text


def test_a_deployment_that_went_well_has_nothing_to_explain() -> None:
    assert explain(FINE) == ()


@pytest.mark.parametrize("code", ["InvalidToken", "InvalidObjectState", "LeaseIdMissing", "BlobArchived", "SlowDown"])
def test_a_code_alone_is_enough(code: str) -> None:
    assert len(explain(code)) == 1


def test_a_message_over_several_lines_is_one_and_why_wins_over_that() -> None:
    xml = (
        "<Error>\n  <Code>AccessDenied</Code>\n  <Message>Access Denied because object protected by object lock."
        "</Message>\n</Error>"
    )
    sdk = (
        "Server failed to authenticate the request.\nErrorCode:AuthenticationFailed\n"
        f"AuthenticationErrorDetail:Signature not valid in the specified key time frame: {said.TIMES}"
    )
    for text, cause in ((xml, "Object Lock"), (sdk, "user delegation key")):
        (found,) = explain(text)
        assert cause in found.cause


def test_a_key_that_the_manifest_does_not_name_is_named_for_it() -> None:
    words = said.RIGHT.format("kms:Decrypt") + f"on {said.KEY} because no identity-based policy allows it"
    assert f"`kms_key: {said.KEY}`" in diagnose(red(ROLE, words)).fix
    assert f"`kms_key: {said.KEY}`" in explain(words)[0].hint


SATISFIED = ("storage.uniformBucketLevelAccess", "storage.publicAccessPrevention", "gcp.restrictTLSVersion")


@pytest.mark.parametrize("name", [*SATISFIED, "storage.secureHttpTransport", "iam.disableServiceAccountKeyUpload"])
def test_no_exemption_is_advised_from_what_our_buckets_satisfy(name: str) -> None:
    (found,) = explain(f"googleapi: Error 412: Request violates constraint 'constraints/{name}', conditionNotMet")
    assert found.name == name
    assert "exempt" not in found.hint
    assert "policyAdmin" not in found.hint


def test_the_verb_takes_files_its_input_and_words(tmp_path: Path) -> None:
    log = tmp_path / "up.log"
    log.write_text(said.S3[0][0])
    for arguments, piped in (
        (["explain", str(log)], None),
        (["explain"], log.read_text()),
        (["explain", "-"], log.read_text()),
        (["explain", log.read_text()], None),
        (["explain", *log.read_text().split()], None),
    ):
        ended = CliRunner().invoke(app, arguments, input=piped)
        assert (ended.exit_code, ended.stdout[:5]) == (0, "AWS: "), arguments
        assert "\nhint: enable the region" in ended.stdout
    assert CliRunner().invoke(app, ["explain", "a riddle"]).exit_code == 1
    assert CliRunner().invoke(app, ["explain", str(tmp_path / "none.log")]).exit_code == 2
    assert CliRunner().invoke(app, ["explain", str(tmp_path)]).exit_code == 2
