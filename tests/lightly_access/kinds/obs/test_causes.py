"""A credential that somebody else made: its causes never send anybody to documents that we do not have."""

import pytest
from lightly_access.kinds.azure import causes as azure_causes
from lightly_access.kinds.cause import RedLight
from lightly_access.kinds.causes import Tree
from lightly_access.kinds.gcs import causes as gcs_causes
from lightly_access.kinds.probe import Answer
from lightly_access.kinds.registry import verified_access
from lightly_access.kinds.s3 import causes as s3_causes
from lightly_access.kinds.verified import VerifiedAccess
from lightly_api.datasources import Permissions
from lightly_core.capability import Capability, Purpose, expected
from lightly_provider.verification.diagnose import diagnose
from lightly_provider.verification.lights import Datasource, evaluate
from lightly_provider.verification.probe import Findings

ROLE = verified_access("s3", "delegated", "s3://lake/in/", "arn:aws:iam::123456789012:role/cows", external=True)
KEY = verified_access("s3", "user", "s3://lake/in/", "AKIAIOSFODNN7EXAMPLE", external=True)
SAS = verified_access("azure", "sas", "azure://acmephotos/lake/in/", "acmephotos/lake/cows", external=True)
ACCOUNT = verified_access(
    "gcs", "service_account", "gs://acme-frames/in/", "cows@acme-ml.iam.gserviceaccount.com", external=True
)
TREES: list[tuple[VerifiedAccess, Tree]] = [
    (ROLE, s3_causes.TREE),
    (KEY, s3_causes.TREE),
    (SAS, azure_causes.TREE),
    (ACCOUNT, gcs_causes.TREE),
]
OURS = ("our own", "our documents", "rotate", "--refresh", "puts ours back", "ours are", "next token", "we rendered")
WORDS = [
    "AccessDenied: not authorized",
    "AssumeRole operation: AccessDenied",
    "SignatureDoesNotMatch",
    "InvalidAccessKeyId",
    "not valid in the specified time frame",
    "Signature did not match",
    "signed identifier",
    "source IP 1.2.3.4 is not allowed",
    "AuthorizationPermissionMismatch",
    "AuthorizationResourceTypeMismatch",
    "NoAuthenticationInformation",
    "AuthenticationFailed",
    "Invalid JWT Signature",
    "account not found",
    "Anonymous caller",
    "does not have storage.objects.get access",
    "invalid_grant",
    "PermanentRedirect",
    "something nobody has seen before",
    "",
]


def red(access: VerifiedAccess, words: str, *, wanted: bool = True, by_probe: bool = False) -> RedLight:
    return RedLight(Purpose.INPUT, Capability.READ, wanted, not wanted, access, None, words, by_probe=by_probe)


@pytest.mark.parametrize("access", [ROLE, KEY, SAS, ACCOUNT], ids=lambda access: access.access.name)
@pytest.mark.parametrize("words", WORDS)
def test_no_cause_speaks_of_documents_or_rotation_of_ours(access: VerifiedAccess, words: str) -> None:
    for by_probe in (False, True):
        cause = diagnose(red(access, words, by_probe=by_probe))
        assert cause.text
        assert cause.fix
        assert not [ours for ours in OURS if ours in f"{cause.text} {cause.fix}"], cause


@pytest.mark.parametrize(("access", "tree"), TREES)
def test_no_sign_of_any_cloud_speaks_of_ours_to_whom_gave_the_credential(access: VerifiedAccess, tree: Tree) -> None:
    said = tree.said(red(access, ""))
    for sign in tree.signs:
        if not sign.proved:  # there is no proof: they never fire
            known = {**said, **dict.fromkeys(sign._pattern.groupindex, "x")}
            both = f"{sign.text.format_map(known)} {(sign.external or sign.fix).format_map(known)}"
            assert not [ours for ours in OURS if ours in both], both


@pytest.mark.parametrize("access", [ROLE, KEY, SAS, ACCOUNT], ids=lambda access: access.access.name)
def test_too_much_is_mended_where_it_was_made_and_waiting_is_of_no_use(access: VerifiedAccess) -> None:
    cause = diagnose(red(access, "", wanted=False, by_probe=access is not ROLE))
    assert cause.text.startswith("more rights than needed: the external ")
    assert access.identity in cause.text
    assert "where it was made" in cause.fix
    assert not cause.mendable_by_waiting


def permissions() -> Permissions:
    return Permissions({Capability.LIST: True, Capability.READ: True}, {})


def test_of_an_external_role_only_lightly_can_tell_and_the_rest_is_not_known() -> None:
    verdict = evaluate("cows", permissions(), {Purpose.INPUT: Datasource(ROLE, {})})
    assert verdict.verified
    lights = verdict.lights[Purpose.INPUT]
    assert lights[Capability.READ].actual is True
    unknown = [lights[item] for item in (Capability.WRITE, Capability.OVERWRITE, Capability.DELETE)]
    assert [light.actual for light in unknown] == [None] * 3
    assert all("only Lightly's account may assume the role" in str(light.cause) for light in unknown)
    assert all("lightly-access audit" in str(light.fix) for light in unknown)


@pytest.mark.parametrize("access", [KEY, SAS, ACCOUNT], ids=lambda access: access.access.name)
def test_an_external_credential_that_reaches_further_is_red_until_it_is_accepted(access: VerifiedAccess) -> None:
    good = {
        capability: Answer(wanted, "" if wanted else "AccessDenied")
        for capability, wanted in expected(Purpose.INPUT).items()
    }
    source = {Purpose.INPUT: Datasource(access, {}, probe_credential=True)}
    assert evaluate("cows", permissions(), source, {Purpose.INPUT: Findings(good)}).verified
    verdict = evaluate("cows", permissions(), source, {Purpose.INPUT: Findings(good, ("list",))})
    assert verdict.hopeless
    (reason,) = verdict.reasons
    assert "`whole_bucket: true`" in reason
    assert not [ours for ours in OURS if ours in reason]
