"""Every cause by the words of AWS, ranked."""

import re

import pytest
from lightly_access.kinds.cause import RedLight
from lightly_access.kinds.registry import verified_access
from lightly_core.capability import Capability, Purpose, expected
from lightly_provider.verification.diagnose import diagnose

ROLE = "arn:aws:iam::123456789012:role/lightly/cows"
ACCESS = verified_access("s3", "delegated", "s3://results/cows/", ROLE)
USER = f"User: arn:aws:sts::123456789012:assumed-role/cows/s is not authorized to perform: {{}} on resource: {ROLE} "


def red(
    error: str, capability: Capability = Capability.WRITE, *, proof: bool | None = True, actual: bool | None = False
) -> RedLight:
    wanted = expected(Purpose.LIGHTLY)[capability]
    return RedLight(Purpose.LIGHTLY, capability, wanted, actual, ACCESS, proof, error)


CAUSES = [
    ("User: x is not authorized to perform: sts:AssumeRole on resource: " + ROLE, "cannot assume role", True),
    ("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.", "for as long as", False),
    (
        "(InvalidAccessKeyId) The AWS Access Key Id you provided does not exist in our records.",
        "not valid",
        True,
    ),
    ("(InvalidClientTokenId) The security token included in the request is invalid.", "opt-in region", False),
    ("(SignatureDoesNotMatch) The request signature we calculated does not match", "does not belong", False),
    ("(ExpiredToken) The provided token has expired.", "has expired", False),
    (
        USER.format("s3:PutObject") + "with an explicit deny in a resource-based policy",
        "policy of bucket results",
        False,
    ),
    (
        USER.format("s3:PutObject") + "with an explicit deny in a service control policy",
        "a service control policy",
        False,
    ),
    (USER.format("kms:Decrypt") + "with an explicit deny in a resource-based policy", "policy of the KMS key", False),
    (USER.format("s3:PutObject") + "because no permissions boundary allows the s3:PutObject action", "boundary", True),
    (
        USER.format("s3:PutObject") + "because no resource-based policy allows the s3:PutObject action",
        "both sides",
        True,
    ),
    (
        USER.format("kms:GenerateDataKey") + "because no identity-based policy allows the kms",
        "may not use the KMS",
        True,
    ),
    ("(KMS.DisabledException) arn:aws:kms:x is disabled.", "cannot be used", False),
    ("(AuthorizationHeaderMalformed) the region 'us-east-1' is wrong; expecting 'eu-west-3'", "another region", False),
    ("(PermanentRedirect) The bucket you are attempting to access must be addressed using", "another region", False),
    ("(NoSuchBucket) The specified bucket does not exist", "no bucket results", False),
    ("NoSuchDirectory: nothing is stored below this path", "no directory s3://results/cows/", False),
    ("when calling the GetObject operation: x is not authorized to perform: s3:ListBucket on", "no directory", False),
    ("(NoSuchKey) The specified key does not exist.", "no directory", False),
    (
        "(RequestTimeTooSkewed) The difference between the request time and the current time is too large.",
        "clock",
        False,
    ),
    (USER.format("s3:PutObject") + "because no identity-based policy allows it", "differs from ours", True),
    ("(AccessDenied) Access Denied", "differs from ours", True),
    ("(SlowDown) Please reduce your request rate.", "did not answer", True),
    ("a riddle", "Lightly refuses it", True),
    ("", "gives no reason", True),
]


@pytest.mark.parametrize(("error", "text", "mendable"), CAUSES, ids=[text for _, text, _ in CAUSES])
def test_the_words_of_aws_lead_to_the_cause(error: str, text: str, mendable: bool) -> None:
    cause = diagnose(red(error))
    assert text in cause.text
    assert cause.mendable_by_waiting is mendable
    assert cause.fix
    assert not error or error in cause.text  # Lightly's own words are shown


def test_the_region_to_use_is_named() -> None:
    assert "eu-west-3" in diagnose(red("the region 'us-east-1' is wrong; expecting 'eu-west-3'")).fix


def test_a_policy_that_differs_from_ours_is_put_back_by_a_refresh() -> None:
    cause = diagnose(red("(AccessDenied) Access Denied"))
    assert "documents we rendered allow s3:PutObject (proof), Lightly is refused" in cause.text
    assert "pulumi up --refresh" in cause.fix


@pytest.mark.parametrize("capability", Capability)
def test_what_our_own_documents_lack_is_named_and_waiting_is_of_no_use(capability: Capability) -> None:
    cause = diagnose(red("(AccessDenied) Access Denied", capability, proof=False))
    assert re.search(r"our own documents do not allow s3:(ListBucket|GetObject|PutObject|DeleteObject)", cause.text)
    assert not cause.mendable_by_waiting


def test_without_a_proof_the_missing_action_is_named() -> None:
    assert "lacks s3:DeleteObject" in diagnose(red("AccessDenied", Capability.DELETE, proof=None)).text


def test_too_much_by_our_own_documents_is_ours_to_mend() -> None:
    light = RedLight(Purpose.INPUT, Capability.WRITE, False, True, ACCESS, True)
    cause = diagnose(light)
    assert "more rights than needed: our own documents" in cause.text
    assert not cause.mendable_by_waiting


def test_too_much_in_spite_of_our_documents_is_another_policy() -> None:
    cause = diagnose(RedLight(Purpose.INPUT, Capability.WRITE, False, True, ACCESS, False))
    assert "another policy" in cause.text
    assert cause.mendable_by_waiting


def test_what_nobody_could_tell_is_said() -> None:
    assert "nobody could tell" in diagnose(red("", Capability.DELETE, proof=None, actual=None)).text


def test_a_doubt_about_whose_error_it_is_is_said() -> None:
    light = RedLight(Purpose.LIGHTLY, Capability.LIST, True, False, ACCESS, True, "AccessDenied", certain=False)
    assert "both are marked" in diagnose(light).text


def test_of_long_words_the_start_and_the_end_are_shown() -> None:
    text = diagnose(red(f"An error occurred {'x' * 5000} because no identity-based policy allows it")).text
    assert "An error occurred" in text
    assert "because no identity-based policy allows it" in text
    assert len(text) < 600


def test_the_words_that_are_shown_are_whole() -> None:
    words = [f"word{number:03}" for number in range(200)]
    text = diagnose(red(" ".join(words))).text
    shown = [word for word in text.replace(")", " ").split() if word.startswith("word")]
    assert len(shown) > 40
    assert set(shown) <= set(words)
