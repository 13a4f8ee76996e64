"""Every cause by the words of Azure and of Google Cloud, ranked."""

import re
from dataclasses import replace

import pytest
from lightly_access.kinds.cause import RedLight
from lightly_access.kinds.registry import verified_access
from lightly_access.kinds.verified import VerifiedAccess
from lightly_core.capability import Capability, Purpose, expected
from lightly_provider.verification.diagnose import diagnose

SAS = verified_access("azure", "sas", "azure://acmephotos/datalake/cows/", "acmephotos/datalake/lightly-cows-a")
EMAIL = "lightly-cows@acme-ml.iam.gserviceaccount.com"
KEY = verified_access("gcs", "service_account", "gs://acme-frames/cows/", EMAIL)
TAIL = "\nRequestId:2c25ad7c-a01e-0004-04a3-56c77b000000\nTime:2026-11-21T10:16:22.8096444Z"
FAILED = (
    "AuthenticationFailed: Server failed to authenticate the request. Make sure the value of Authorization header is "
    f"formed correctly including the signature.{TAIL} AuthenticationErrorDetail: "
)
FRAME = (
    "Start [Thu, 09 Jul 2020 10:11:03 GMT] - Expiry [Thu, 09 Jul 2020 18:11:03 GMT] - Current [Fri, 10 Jul 2020 "
    "10:16:22 GMT]"
)
REFUSED = "This request is not authorized to perform this operation"


def red(
    access: VerifiedAccess,
    error: str,
    capability: Capability = Capability.WRITE,
    *,
    proof: bool | None = True,
    actual: bool | None = False,
) -> RedLight:
    return RedLight(Purpose.LIGHTLY, capability, expected(Purpose.LIGHTLY)[capability], actual, access, proof, error)


AZURE = [
    (f"{FAILED}Signature not valid in the specified time frame: {FRAME}", f"not valid at this time ({FRAME})", False),
    (f"{FAILED}Signature did not match. String to sign used was r 2022-05-09", "the key was regenerated", False),
    (f"{FAILED}SAS identifier cannot be found for specified signed identifier", "it was dropped, which revokes", True),
    (f"{FAILED}Specified signed resource is not allowed for the this resource level", "no hierarchical name", False),
    (FAILED, "does not accept the SAS", True),
    (f"KeyBasedAuthenticationNotPermitted: Key based authentication is not permitted{TAIL}", "signed with its", False),
    (f"AuthorizationProtocolMismatch: {REFUSED} using this protocol.{TAIL}", "over http", False),
    (f"AuthorizationSourceIPMismatch: {REFUSED} using this source IP 203.0.113.7.{TAIL}", "than 203.0.113.7;", False),
    (f"AuthorizationPermissionMismatch: {REFUSED} using this permission.{TAIL}", "differs from ours", True),
    (f"AuthorizationResourceTypeMismatch: {REFUSED} using this resource type.", "an account SAS", False),
    (f"AuthorizationFailure: {REFUSED}.{TAIL}", "network rules do not admit", False),
    ("BlobImmutableDueToPolicy: the blob is immutable due to a policy.", "an immutability policy", False),
    (f"NoAuthenticationInformation: Server failed to authenticate the request.{TAIL}", "without the token", False),
    (f"AccountIsDisabled: The specified account is disabled.{TAIL}", "account acmephotos is disabled", False),
    ("ContainerBeingDeleted: The specified container is being deleted.", "is being deleted", True),
    (f"ContainerNotFound: The specified container does not exist.{TAIL}", "no container datalake in account", False),
    ("failed to lookup address information: Name or service not known", "no account acmephotos", True),
    ("BlobNotFound: The specified blob does not exist.", "there is no directory azure://acmephotos/data", False),
    (f"ResourceNotFound: The specified resource does not exist.{TAIL}", "or no directory azure://acmeph", False),
    ("NoSuchDirectory: nothing is stored below this path", "no directory azure://acmephotos/datalake/cows/", False),
    ("ServerBusy: The server is busy.", "did not answer in time", True),
    ("a riddle", "Lightly refuses it", True),
]
GOOGLE = [
    (f"{EMAIL} does not have storage.objects.create access to acme-frames.", "our role and binding allow", True),
    (
        f"{EMAIL} does not have storage.objects.list access to the Google Cloud Storage bucket. Permission "
        "'storage.objects.list' denied on resource (or it may not exist).",
        "allow storage.objects.list (proof)",
        True,
    ),
    ("Anonymous caller does not have storage.objects.list access to acme-frames.", "without the key", False),
    ("('invalid_grant: Invalid JWT Signature.', 'invalid_grant')", "is not one of its keys", True),
    ("invalid_grant: Invalid grant: account not found", f"no service account {EMAIL}", True),
    ("invalid_grant: Invalid JWT: Token must be a short-lived token (60 minutes)", "the clock", False),
    (f"Service account {EMAIL} is disabled.", "is disabled", False),
    ("Could not deserialize key data.", "no key file of a service account", False),
    ("invalid_grant: something new", "Google does not accept the key", True),
    (
        "Request is prohibited by organization's policy. vpcServiceControlsUniqueIdentifier: abc",
        "a perimeter of VPC Service Controls",
        False,
    ),
    (
        "Request violates constraint 'constraints/storage.publicAccessPrevention'",
        "forbids it: storage.publicAccessPrevention",
        False,
    ),
    (
        "403 userProjectAccountProblem: The project to be billed is associated with an absent billing account.",
        "no billing account that is open",
        False,
    ),
    ("Bucket is a requester pays bucket but no user project provided.", "lets the requester pay", False),
    ("Cloud Storage JSON API has not been used in project 1 before or it is disabled.", "is switched off", True),
    (
        "Object 'acme-frames/cows/a' is subject to bucket's retention policy or object retention and cannot be deleted "
        "or overwritten until 2027-01-01",
        "a retention policy or a hold of bucket acme-frames",
        False,
    ),
    ("404 The specified bucket does not exist.", "there is no bucket acme-frames", False),
    ("No such object: acme-frames/cows/a", "there is no directory gs://acme-frames/cows/", False),
    ("403 Forbidden", "allow storage.objects.create (proof)", True),
    ("rateLimitExceeded: The object exceeded the rate limit for object mutation", "did not answer in time", True),
    ("503 Backend Error", "did not answer in time", True),
    ("a riddle", "Lightly refuses it", True),
]


@pytest.mark.parametrize(
    ("access", "error", "text", "mendable"),
    [*((SAS, *case) for case in AZURE), *((KEY, *case) for case in GOOGLE)],
    ids=[case[1] for case in (*AZURE, *GOOGLE)],
)
def test_the_words_of_the_cloud_lead_to_the_cause(
    access: VerifiedAccess, error: str, text: str, mendable: bool
) -> None:
    cause = diagnose(red(access, error))
    assert text in cause.text
    assert cause.mendable_by_waiting is mendable
    assert cause.fix
    assert "{" not in cause.text + cause.fix, "a name that was not filled in"


@pytest.mark.parametrize(
    ("access", "capability", "action"),
    [
        (SAS, Capability.DELETE, "lacks delete (d)"),
        (KEY, Capability.DELETE, "lacks storage.objects.delete"),
        (KEY, Capability.OVERWRITE, "lacks storage.objects.delete"),
    ],
)
def test_without_a_proof_the_missing_right_is_named_in_the_clouds_words(
    access: VerifiedAccess, capability: Capability, action: str
) -> None:
    error = f"AuthorizationPermissionMismatch: {REFUSED} using this permission." if access is SAS else "403 Forbidden"
    assert action in diagnose(red(access, error, capability, proof=None)).text


def test_a_token_that_whoever_deploys_signed_without_the_right_himself_has_no_stored_policy_that_differs() -> None:
    error = f"AuthorizationPermissionMismatch: {REFUSED} using this permission."
    cause = diagnose(red(replace(SAS, identity="acmephotos/datalake/user-delegation"), error, Capability.DELETE))
    assert (cause.name, "Storage Blob Data Reader" in cause.fix) == ("azure-signer-lacks-right", True)
    assert diagnose(red(SAS, error, Capability.DELETE)).name == "azure-stored-policy-differs"


@pytest.mark.parametrize(("access", "words"), [(SAS, r"write \(w\)"), (KEY, r"storage\.objects\.create")])
def test_too_much_names_who_else_may_grant_it(access: VerifiedAccess, words: str) -> None:
    ours = diagnose(RedLight(Purpose.INPUT, Capability.WRITE, False, True, access, True))
    assert re.search(rf"our own documents allow {words}", ours.text)
    others = diagnose(RedLight(Purpose.INPUT, Capability.WRITE, False, True, access, False))
    assert re.search(rf"our documents refuse {words}", others.text)
    assert "anonymous access" in others.text if access is SAS else "another role of" in others.text
    assert "{" not in others.text + others.fix


def test_the_string_to_sign_and_the_secrets_are_not_asked_for_by_any_fix() -> None:
    for access, cases in ((SAS, AZURE), (KEY, GOOGLE)):
        for error, _, _ in cases:
            assert "sig=" not in diagnose(red(access, error)).fix


def test_a_network_rule_is_told_apart_from_a_missing_right() -> None:
    network = diagnose(red(SAS, f"{REFUSED}.{TAIL}"))
    right = diagnose(red(SAS, f"{REFUSED} using this permission.{TAIL}"))
    assert "network rules" in network.fix
    assert "rotate_now" in right.fix
